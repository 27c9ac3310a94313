"""The sentences by which a rule narrows what it tells, read and written. Pure.

A condition is about one kind of change; whatever else a rule tells is not narrowed by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final, Literal, TypeAlias

from monitor.model.change import Category, Change
from monitor.model.place import Point
from monitor.text.clean import harmless
from monitor.text.spoken import spoken

MEANING: Final = 1
"""Raised when a sentence comes to let other changes pass: what was planned before is then not held against it."""

FORMS: Final = (
    "enrollment changes by at least 10 %",
    "enrollment changes by at least 50 people",
    "a date slips at least 30 days",
    "primary completion moves at least 60 days",
    "sites in France, Germany",
    "sites within 100 km of 48.8566, 2.3522",
    "criteria mention pneumonitis, CAR-T",
)
_SHOWN: Final = 80  # characters of the user's text that a fault repeats
_NORTH, _EAST = 90, 180

DateName: TypeAlias = Literal["start", "primary_completion", "completion"]


class BadCondition(ValueError):
    """A sentence that is no condition; says what is wrong with it, as a sentence."""


@dataclass(frozen=True, slots=True)
class EnrollmentMoves:
    """The number of people changes by at least `least` people, or per cent of the old number."""

    least: Decimal
    unit: Literal["%", "people"]
    category: ClassVar[Category] = Category.ENROLLMENT

    def concerns(self, change: Change) -> bool:
        return change.category is self.category

    def __str__(self) -> str:
        return f"enrollment changes by at least {_plain(self.least)} {self.unit}"


@dataclass(frozen=True, slots=True)
class DateMoves:
    """A date (`which` None = each of the three) becomes at least `days` later, or moves either way."""

    which: DateName | None
    days: int
    either_way: bool
    category: ClassVar[Category] = Category.DATES

    def concerns(self, change: Change) -> bool:
        return change.category is self.category and self.which in (None, change.path.removeprefix("dates."))

    def __str__(self) -> str:
        which = "a date" if self.which is None else self.which.replace("_", " ")
        return f"{which} {'moves' if self.either_way else 'slips'} at least {self.days} days"


@dataclass(frozen=True, slots=True)
class SitesIn:
    """A site that the change is about is in one of these countries, before it or after."""

    countries: tuple[str, ...]
    category: ClassVar[Category] = Category.LOCATIONS

    def concerns(self, change: Change) -> bool:
        return change.category is self.category

    def __str__(self) -> str:
        return f"sites in {', '.join(self.countries)}"


@dataclass(frozen=True, slots=True)
class SitesNear:
    """A site that the change is about is at most so far from a point, before it or after."""

    most: Decimal
    unit: Literal["km", "miles"]
    point: Point
    category: ClassVar[Category] = Category.LOCATIONS

    def concerns(self, change: Change) -> bool:
        return change.category is self.category

    def __str__(self) -> str:
        place = f"{_degrees(self.point.latitude)}, {_degrees(self.point.longitude)}"
        return f"sites within {_plain(self.most)} {self.unit} of {place}"


@dataclass(frozen=True, slots=True)
class CriteriaMention:
    """The old or the new text holds one of these phrases, word for word."""

    phrases: tuple[str, ...]
    category: ClassVar[Category] = Category.CRITERIA

    def concerns(self, change: Change) -> bool:
        return change.category is self.category

    def __str__(self) -> str:
        return f"criteria mention {', '.join(self.phrases)}"


Condition: TypeAlias = EnrollmentMoves | DateMoves | SitesIn | SitesNear | CriteriaMention


def parse_condition(text: str) -> Condition:
    """Read one sentence; case, white space and a full stop at its end do not matter.

    Raises BadCondition for anything that is none of FORMS. Reading what a condition writes (`str`) gives it again.
    """
    plain = " ".join(harmless(text).split()).rstrip(" .")
    for pattern, make in _READERS.items():
        found = pattern.fullmatch(plain)
        if found:
            return make(found.groupdict())
    raise BadCondition(f'"{_cut(plain)}" is no condition that rules know.')


def _enrollment(given: Mapping[str, str]) -> Condition:
    unit: Literal["%", "people"] = "people" if given["unit"].casefold() == "people" else "%"
    return EnrollmentMoves(_above_zero(given["number"]), unit)


def _dates(given: Mapping[str, str]) -> Condition:
    days = int(_above_zero(given["number"]))
    which = _DATES.get(given["which"].casefold().removeprefix("the ").removesuffix(" date"))
    return DateMoves(which, days, given["how"].casefold() == "moves")


_DATES: Final[Mapping[str, DateName]] = {
    "start": "start",
    "primary completion": "primary_completion",
    "completion": "completion",
}


def _countries(given: Mapping[str, str]) -> Condition:
    return SitesIn(_items(given["items"], "country"))


def _near(given: Mapping[str, str]) -> Condition:
    latitude, longitude = float(given["latitude"]) + 0.0, float(given["longitude"]) + 0.0  # no minus before a zero
    if abs(latitude) > _NORTH:
        raise BadCondition(f"{given['latitude']} is no latitude: it lies between -90 and 90.")
    if abs(longitude) > _EAST:
        raise BadCondition(f"{given['longitude']} is no longitude: it lies between -180 and 180.")
    unit: Literal["km", "miles"] = "km" if given["unit"].casefold() == "km" else "miles"
    return SitesNear(_above_zero(given["number"]), unit, Point(latitude, longitude))


def _criteria(given: Mapping[str, str]) -> Condition:
    return CriteriaMention(_items(given["items"], "word"))


def _items(text: str, what: str) -> tuple[str, ...]:
    """The parts between commas, each once. Raises BadCondition for one without a letter or digit."""
    items = [item.strip(" .") for item in text.split(",")]
    if not all(spoken(item).strip() for item in items):
        raise BadCondition(f'"{_cut(text)}" names a {what} without a letter or digit.')
    return tuple(dict.fromkeys(items))


def _above_zero(text: str) -> Decimal:
    number = Decimal(text).normalize()
    if not number:
        raise BadCondition("At least 0 is always so: the number must be above 0.")
    return number


_NUMBER: Final = r"(?P<number>[0-9]{1,9}(?:\.[0-9]{1,6})?)"
_WHOLE: Final = r"(?P<number>[0-9]{1,6})"
_WHICH: Final = r"(?P<which>(?:a|any) date|(?:the )?(?:start|primary completion|completion)(?: date)?)"
_DEGREES: Final = r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,8})?"
_READERS: Final[Mapping[re.Pattern[str], Callable[[Mapping[str, str]], Condition]]] = {
    re.compile(pattern, re.IGNORECASE): make
    for pattern, make in (
        (rf"enroll?ment changes (?:by )?at least {_NUMBER} ?(?P<unit>%|per ?cent|people)", _enrollment),
        (
            rf"{_WHICH} (?P<how>slips|moves) (?:by )?at least {_WHOLE} days?",
            _dates,
        ),
        (
            rf"sites within {_NUMBER} ?(?P<unit>km|miles?) of (?P<latitude>{_DEGREES}) ?, ?(?P<longitude>{_DEGREES})",
            _near,
        ),
        (r"sites in (?P<items>.+)", _countries),
        (r"criteria mention (?P<items>.+)", _criteria),
    )
}


def _plain(number: Decimal) -> str:
    return f"{number:f}"


def _degrees(number: float) -> str:
    return f"{number:.8f}".rstrip("0").rstrip(".")


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
