"""The limits in a criterion: numbers with the side on which they bound, their unit, and what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

Side: TypeAlias = Literal["lower", "upper"]

_NUMBER = r"\d+(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve"
_SCALE = r"(?:\s*[x×*]\s*10\s*\^?\s*\d{1,2})?"
_TIME = r"hours?|days?|weeks?|wks?|months?|mos?|years?|yrs?"
_LAB = (
    r"(?:[x×*]|times)?\s*(?:the\s+)?(?:institutional\s+)?(?:ULN|LLN|upper limit of (?:the )?normal"
    r"|lower limit of normal)\b"
    r"|%|percent\b|mg/dL|g/dL|g/L|mL/min(?:/1\.73\s?m\^?2)?|mmol/L|[uµμ]mol/L|/mm\^?3|/mm³|/[uµμ]L|/mcL|/L|cells/\S+"
    r"|mm\s?Hg|kg/m\^?2|kg/m²|kg|IU/mL|copies/mL|ms(?:ec)?|mm|cm|[x×*]\s*10\^?\d+(?:/L)?"
)
_UNIT = rf"(?:\s*-?\s*(?P<unit>(?:{_TIME})\b|{_LAB}))?"
_LOWER = (
    r"≥|>=|=>|⩾|(?:(?:must be|is|are|be) )?(?:greater|more|higher|older|longer) than or equal to"
    r"|equal to or (?:greater|more) than|at least|a minimum of|minimum of|no(?:t)? (?:less|fewer) than|not younger than"
)
_ABOVE = r">|(?:greater|more|higher|older|longer) than|above|over|exceed(?:s|ing)?|in excess of"
_UPPER = (
    r"≤|<=|=<|⩽|(?:less|lower|fewer|younger|shorter) than or equal to|equal to or less than"
    r"|at most|a maximum of|maximum of|no(?:t)? (?:more|greater|older|longer|higher) than|not exceed(?:ing)?|up to"
    r"|within(?: the)?(?: (?:last|past|previous|prior|preceding))?"
    r"|(?:in|during|over|for)(?: the)? (?:last|past|previous|prior|preceding)"
)
_BELOW = r"<|(?:less|lower|fewer|younger|shorter) than|below|under"
_SIDES: tuple[tuple[str, str, Side, bool], ...] = (
    ("ge", _LOWER, "lower", False),
    ("le", _UPPER, "upper", False),
    ("gt", _ABOVE, "lower", True),
    ("lt", _BELOW, "upper", True),
)
_ONE = "|".join(f"(?P<{name}>{words})" for name, words, _, _ in _SIDES)
_BOUND = re.compile(rf"(?:{_ONE})\s*(?P<value>{_NUMBER}){_SCALE}{_UNIT}", re.IGNORECASE)
_AFTER = re.compile(
    rf"(?P<value>{_NUMBER}){_UNIT}\s*(?:of age |old )?(?P<words>(?:or|and)"
    r" (?:more|older|greater|above|over|higher|longer)"
    r"|(?:or|and) (?:less|younger|fewer|below|under|lower))\b",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?:between |from )?(?P<low>\d+(?:\.\d+)?)(?:\s*(?:{_TIME}))?\s*"
    rf"(?:-|–|to|and|through)\s*(?P<high>\d+(?:\.\d+)?){_UNIT}",
    re.IGNORECASE,
)
_SCORE = re.compile(r"(?P<low>\d)(?:\s*,\s*\d)*,?\s*(?:or|and|/)\s*(?P<high>\d)(?![\d.%])")
_SCORED = re.compile(r"ECOG|WHO|Zubrod|performance|\bPS\b|score|grade|class|stage", re.IGNORECASE)
_WORDS = {
    w: n for n, w in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
}
_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "wk": 7.0, "month": 30.44, "mo": 30.44, "year": 365.25, "yr": 365.25}


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit. `value` is in `unit` as written; `size` is in days where the unit is a time."""

    what: str
    side: Side
    strict: bool
    value: float
    unit: str | None
    text: str
    start: int
    end: int

    @property
    def size(self) -> float:
        return self.value * _DAYS.get(_singular(self.unit), 1.0)

    @property
    def timed(self) -> bool:
        return _singular(self.unit) in _DAYS


@lru_cache(maxsize=64)  # one judgement asks for the limits of its two texts again and again
def find_bounds(text: str) -> tuple[Bound, ...]:
    """Every limit in the text, in order; a range is two of them at one place."""
    found: list[Bound] = []
    taken: list[tuple[int, int]] = []
    for match, bounds in _matches(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            taken.append(match.span())
            found.extend(bounds)
    return tuple(sorted(found, key=lambda bound: (bound.start, bound.side)))


def _matches(text: str) -> Iterator[tuple[re.Match[str], list[Bound]]]:
    for match in _BOUND.finditer(text):
        side, strict = next((s, st) for name, _, s, st in _SIDES if match[name])
        yield match, [_bound(text, match, side, _value(match["value"], match[0]), strict=strict)]
    for match in _AFTER.finditer(text):
        words = match["words"].lower()
        side = "upper" if words.endswith(("less", "younger", "fewer", "below", "under", "lower")) else "lower"
        yield match, [_bound(text, match, side, _value(match["value"], ""), strict=False)]
    for match in _RANGE.finditer(text):
        low, high = float(match["low"]), float(match["high"])
        if low < high and (match["unit"] or _scored(text, match)):
            yield (
                match,
                [_bound(text, match, "lower", low, strict=False), _bound(text, match, "upper", high, strict=False)],
            )
    for match in _SCORE.finditer(text):
        low, high = float(match["low"]), float(match["high"])
        if low < high and _scored(text, match):
            yield (
                match,
                [_bound(text, match, "lower", low, strict=False), _bound(text, match, "upper", high, strict=False)],
            )


def _scored(text: str, match: re.Match[str]) -> bool:
    return bool(_SCORED.search(text[max(0, match.start() - 60) : match.start()]))


def _bound(text: str, match: re.Match[str], side: Side, value: float, *, strict: bool) -> Bound:
    unit = match.groupdict().get("unit")
    return Bound(_about(text, match.start()), side, strict, value, unit, match[0].strip(), match.start(), match.end())


def _value(number: str, whole: str) -> float:
    word = _WORDS.get(number.lower())
    value = float(word) if word else (12.0 if number.lower() == "twelve" else float(number.replace(",", "")))
    scale = re.search(r"[x×*]\s*10\s*\^?\s*(\d{1,2})", whole)
    return value * 10 ** int(scale[1]) if scale else value


def _about(text: str, start: int) -> str:
    """The last few words before the limit, back to a mark."""
    before = re.split(r"[.;:,()\[\]]", text[:start])[-1]
    words = [
        word for word in before.split() if word.lower() not in {"of", "is", "are", "a", "an", "the", "must", "be", "to"}
    ]
    return " ".join(words[-3:])


def _singular(unit: str | None) -> str:
    word = (unit or "").lower()
    return word[:-1] if word.endswith("s") and len(word) > 2 else word  # noqa: PLR2004 (not "ms")
