"""Numbers as criteria write them: digits, words, powers of ten, with their unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from monitor.diff.judging.units import Unit, normal_limit_at, unit_at

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
_TENS = {"thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "ninety": 90.0, "hundred": 100.0}
_NAMES = {name: float(n) for n, name in enumerate(_ONES.split())} | _TENS
FIRST_NUMBERS = frozenset(_NAMES)
_SPELLED = "|".join(sorted(_NAMES, key=len, reverse=True))
_NUMBER = re.compile(
    r"(?P<grouped>\d{1,3}(?:,\d{3})+(?![\d])|\d{1,3}(?: \d{3})+(?!\d))|(?P<comma>\d+,\d{1,2}(?=\s*[x×*]\s))"
    rf"|(?P<plain>\d+(?:\.\d+)?|\.\d+)|(?P<word>(?:{_SPELLED})(?![a-z]))",
    re.IGNORECASE,
)
_REPEATED = re.compile(rf"\s?\(\s?(?:\d+|{_SPELLED})\s?\)", re.IGNORECASE)  # "two (2)"
_POWER = re.compile(
    r"(?:\s*(?:(?:[x×*·]|times)\s*10|10(?=\s*\^))\s*(?:\^|\*\*|e)?|e\+?(?=\d))\s*\(?(?P<power>\d{1,2})\)?(?!\d)",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\s?(?P<letter>K|k|million|thousand)(?=\s*(?:/|per\b|cells|platelets))")
_RESTATED = re.compile(r"\s*[(\[]\s*(?:i\.?e\.?,?\s*|or\s+|=\s*)?")
_OF_TEN = re.compile(r"10\s?(?:\^|\*\*)\s?(?P<power>\d{1,2})(?!\d)")  # "≥ 10^4 copies/mL"
_REST = re.compile(r"\s*(?:,|and|\+)?\s*(?P<number>\d{1,2})(?=[\s-]*[a-z])", re.IGNORECASE)
_SINGLE = re.compile(r"(?:an?|one)\s+(?:single\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. `value` is the number as written; `size` is in the own unit of the unit's kind."""

    value: float
    size: float
    unit: Unit | None
    unit_text: str | None
    start: int
    end: int

    @property
    def kind(self) -> str | None:
        return self.unit.kind if self.unit else None


def quantity_at(text: str, position: int) -> Quantity | None:
    """The quantity that starts exactly at a position, or None."""
    match = _NUMBER.match(text, position)
    if not match:
        return None
    whole = _OF_TEN.match(text, position)
    if whole:
        return _measured(text, 10.0 ** int(whole["power"]), position, whole.end())
    value, end = _value(match), match.end()
    repeated = _REPEATED.match(text, end)
    after = repeated.end() if repeated else end
    power = _POWER.match(text, after)
    thousands = None if power else _THOUSANDS.match(text, after)
    scale = 10.0 ** int(power["power"]) if power else 1.0
    if thousands:
        scale = 1e6 if thousands["letter"] == "million" else 1e3
    scaled = (power or thousands or repeated or match).end()
    found = unit_at(text, scaled)
    unit, end = found or (None, scaled)
    written = text[after:end].strip(" -") or None
    return _compound(text, Quantity(value, value * scale * (unit.factor if unit else 1), unit, written, position, end))


def _measured(text: str, value: float, start: int, end: int) -> Quantity:
    unit, last = unit_at(text, end) or (None, end)
    return Quantity(value, value * (unit.factor if unit else 1), unit, unit.written if unit else None, start, last)


def _compound(text: str, first: Quantity) -> Quantity:
    """ "9 weeks, 0 days", "17 years and 6 months": a time told in two units is one."""
    rest = _REST.match(text, first.end) if first.kind == "time" else None
    found = unit_at(text, rest.end()) if rest and first.unit else None
    if not rest or not first.unit or not found or found[0].kind != "time" or found[0].factor >= first.unit.factor:
        return first
    size = first.size + float(rest["number"]) * found[0].factor
    return replace(first, value=size / first.unit.factor, size=size, end=found[1])


def unnumbered_at(text: str, position: int) -> Quantity | None:
    """ "ULN", "a year", "month": one of a unit, told without a number."""
    found = normal_limit_at(text, position)
    if not found:
        single = _SINGLE.match(text, position)
        found = unit_at(text, single.end() if single else position)
        if not found or found[0].kind != "time" or len(found[0].written) < 3:  # noqa: PLR2004 ("h", "mo" are no words)
            return None
    unit, end = found
    return Quantity(1, unit.factor, unit, unit.written, position, end)


def with_time_at(text: str, quantity: Quantity, position: int) -> tuple[Quantity, int]:
    """ "65+ years": a number without a unit, with the unit of time that stands at a position; and where that ends."""
    found = unit_at(text, position) if quantity.unit is None else None
    if not found or found[0].kind != "time":
        return quantity, position
    unit, end = found
    return replace(quantity, size=quantity.size * unit.factor, unit=unit, unit_text=unit.written), end


def restated_at(text: str, position: int) -> tuple[Quantity, int] | None:
    """ "(90 g/L)" after "≥ 9 g/dL": the same told once more in brackets, and where they close."""
    opened = _RESTATED.match(text, position)
    again = quantity_at(text, opened.end()) if opened else None
    closed = again and again.unit and text[again.end : again.end + 1] in {")", "]"}
    return (again, again.end + 1) if again and closed else None


def a_number(value: float, start: int, end: int) -> Quantity:
    """A number that needs no unit: a step of a scale."""
    return Quantity(value, value, None, None, start, end)


def lent(low: Quantity, high: Quantity) -> Quantity:
    """ "18-75 years", "2 to 3 x ULN": the unit after a range is that of both ends."""
    if low.unit or not high.unit:
        return low
    each = high.size / high.value if high.value else 1
    return replace(low, size=low.value * each, unit=high.unit, unit_text=high.unit_text)


def _value(match: re.Match[str]) -> float:
    if match["word"]:
        return _NAMES[match["word"].lower()]
    if match["comma"]:
        return float(match["comma"].replace(",", "."))
    return float((match["grouped"] or match["plain"]).replace(",", "").replace(" ", ""))
