"""Whether a change is what a condition asks for, and what of it says so. Pure.

What cannot be measured passes: a number or day that was not there before, a site whose country or place is not known.
A condition may spare a reader what is small or far; it never hides what nobody can tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Final, NamedTuple, TypeAlias

from monitor.model.change import Category, Change
from monitor.model.json import Json
from monitor.model.place import TOWN, Point, Points
from monitor.route.conditions import Condition, CriteriaMention, DateMoves, EnrollmentMoves, SitesIn, SitesNear
from monitor.text.spoken import spoken

EARTH_KM: Final = 6371.0088  # the mean radius, by the International Union of Geodesy and Geophysics
KM: Final = {"km": 1.0, "miles": 1.609344}


def _country(name: str) -> str:
    return " ".join(name.casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is known beside a change: where sites are, and a form that all names of one country share."""

    points: Points = field(default_factory=dict)
    country: Callable[[str], str] = _country


NO_GROUND: Final = Ground()


class Numbers(NamedTuple):
    """People, before and after; None where no number stood or stands."""

    old: int | None
    new: int | None


class Days(NamedTuple):
    """By how many days a date moved, later ones above 0; None where there are no two days."""

    moved: int | None


class Places(NamedTuple):
    """The sites that a change lists: their countries by the key of each ("" for none), and where they are.

    Of `sites` so many are `unknown`: their town has no point.
    """

    countries: dict[str, str]
    points: frozenset[Point]
    sites: int
    unknown: int


class Texts(NamedTuple):
    """The texts before and after, as `spoken` gives them."""

    texts: tuple[str, ...]


Seen: TypeAlias = Numbers | Days | Places | Texts | None
"""What conditions look at in a change; None where there is no condition about its kind."""


def look(change: Change, ground: Ground = NO_GROUND) -> Seen:
    """Read a change once for all conditions."""
    match change.category:
        case Category.ENROLLMENT:
            return Numbers(_count(change.before), _count(change.after))
        case Category.DATES:
            return Days(_whole(change.detail.get("days")))
        case Category.LOCATIONS:
            return _places(change, ground)
        case Category.CRITERIA:
            return Texts(tuple(spoken(text) for value in (change.before, change.after) for text in _texts(value)))
        case _:
            return None


def passes(condition: Condition, change: Change, seen: Seen, ground: Ground = NO_GROUND) -> bool:
    """True for a change that the condition is not about, and for one that it asks for. `seen` is `look(change)`."""
    return not condition.concerns(change) or _holds(condition, seen, ground)


def _holds(condition: Condition, seen: Seen, ground: Ground) -> bool:
    match condition, seen:
        case EnrollmentMoves(), Numbers():
            return _moves(condition, seen)
        case DateMoves(), Days(moved):
            return moved is None or (abs(moved) if condition.either_way else moved) >= condition.days
        case SitesIn(), Places(countries):
            wanted = _wanted(condition.countries, ground.country)
            return not countries or "" in countries or not wanted.isdisjoint(countries)
        case SitesNear(), Places():
            near = nearest(condition, seen)
            return near is None or near <= condition.most
        case CriteriaMention(), Texts(texts):
            return any(spoken(phrase) in text for phrase in condition.phrases for text in texts)
        case _:
            return True


def shows(condition: Condition, seen: Seen) -> str:
    """What a condition sees in a change that it is about, without a subject: "moved 12 days later"."""
    match condition, seen:
        case EnrollmentMoves(), Numbers(int(old), int(new)):
            share = f", {abs(new - old) * 100 / old:.1f} %" if old else ""
            return f"changed by {_counted(abs(new - old), 'person', 'people')}{share}"
        case DateMoves(), Days(int(moved)):
            far = _counted(abs(moved), "day", "days")
            return f"moved {far} {'later' if moved > 0 else 'earlier'}" if moved else "kept its day"
        case SitesIn(), Places(countries) if countries and "" not in countries:
            return f"lists sites in {', '.join(countries.values())}"
        case SitesNear(), Places(_, _, sites, unknown) if sites:
            near = nearest(condition, seen)
            told = f"the place of {unknown} of {sites} sites is not known"
            return told if near is None else f"lists sites of which the nearest is {near:,.1f} {condition.unit} away"
        case CriteriaMention(), Texts(texts):
            named = [phrase for phrase in condition.phrases if any(spoken(phrase) in text for text in texts)]
            return f"mentions {', '.join(named)}" if named else "mentions none of that"
        case _:
            return "there is nothing to measure"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _moves(condition: EnrollmentMoves, seen: Numbers) -> bool:
    """Measured on the numbers themselves: the per cent that a change keeps are rounded. More than 0 of 0 is plenty."""
    if seen.old is None or seen.new is None:
        return True
    moved = abs(seen.new - seen.old)
    if condition.unit == "people":
        return moved >= condition.least
    return moved * 100 >= condition.least * seen.old and moved > 0


def nearest(condition: SitesNear, seen: Places) -> float | None:
    """How far the nearest site is, in the unit of the condition; None if that cannot be told for each of them."""
    if not seen.points or seen.unknown:
        return None
    return min(kilometres(condition.point, point) for point in seen.points) / KM[condition.unit]


def kilometres(one: Point, other: Point) -> float:
    """The way over the ground between two points, on a ball (haversine): right within 0.6 %."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    chord = sin(north / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(chord, 1.0)))


@lru_cache(maxsize=256)
def _wanted(countries: tuple[str, ...], key: Callable[[str], str]) -> frozenset[str]:
    """The countries, and each two neighbours as one: the registry has had names with a comma ("Korea, Republic of")."""
    pairs = (f"{one}, {other}" for one, other in pairwise(countries))
    return frozenset(key(name) for name in (*countries, *pairs))


def _count(value: Json) -> int | None:
    return _whole(value.get("count")) if isinstance(value, dict) else None


def _whole(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _places(change: Change, ground: Ground) -> Places:
    countries: dict[str, str] = {}
    towns = Counter(tuple(_text(site.get(name)) for name in TOWN) for site in _sites(change.detail.get("sites")))
    for *_, country in towns:
        countries.setdefault(ground.country(country or ""), country or "")
    return Places(
        countries=countries,
        points=frozenset().union(*(ground.points.get(town, ()) for town in towns)),
        sites=towns.total(),
        unknown=sum(number for town, number in towns.items() if not ground.points.get(town)),
    )


def _sites(rows: Json) -> Iterator[dict[str, Json]]:
    """Every site of a change, as it was and as it is."""
    for row in rows if isinstance(rows, list | tuple) else ():
        for side in ("before", "after"):
            site = row.get(side) if isinstance(row, dict) else None
            if isinstance(site, dict):
                yield site


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        inside: Sequence[Json] = [*value.values()] if isinstance(value, dict) else value
        for each in inside:
            yield from _texts(each)
