"""The limits in a criterion: intervals of numbers with their unit, and what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from monitor.diff.judging.comparators import FIRST_WORDS, Comparator, Manner, comparator_at, trailer_at
from monitor.diff.judging.intervals import End, Interval, stepped
from monitor.diff.judging.marks import AGES, AND, AROUND, BETWEEN, JOINT, LABEL, OLD, OR, TO
from monitor.diff.judging.measures import (
    COUNT,
    counted_after,
    measure_at,
    range_named,
    scale_before,
    scale_named,
    time_at,
)
from monitor.diff.judging.quantities import (
    FIRST_NUMBERS,
    Quantity,
    a_number,
    lent,
    quantity_at,
    restated_at,
    unnumbered_at,
    with_time_at,
)
from monitor.diff.judging.steps import SCALE_WORD, Steps, may_be_step, step_at, steps_at

_START = re.compile(r"[^\s\w]|[A-Za-z]+|\d[\w.,]*|\w+")
_FIRST = FIRST_WORDS | FIRST_NUMBERS | {"between", "from", "ranging"}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")  # "10⁹" is as often written "109"
_FEW = 21  # "3 prior lines" counts, "RECIST 1.1 criteria" and "the 2017 criteria" do not
_ADULT, _YEAR = 16, 365  # years, from which "16+" is an age; days
_LEAST = 30  # mmHg of a diastolic pressure


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit or a range, at `start`..`end` of its text.

    `interval` is compared, `written` tells the ends as the text gives them. `scale` names a scale of known steps,
    `counted` what is counted. A number without a side ("4 weeks") has `exact` set and both ends alike. `restated`
    holds the size of the same limit told once more in brackets.
    """

    interval: Interval
    written: Interval
    start: int
    end: int
    manner: Manner = "plain"
    scale: str | None = None
    counted: str | None = None
    exact: bool = False
    restated: float | None = None

    @property
    def timed(self) -> bool:
        return self.interval.kind in {"time", "half-lives"}

    def what(self, text: str) -> str:
        """The plain name of the thing bounded: "ALT", "age", "washout"."""
        if self.timed:
            ends = [end.quantity.unit for end in (self.interval.low, self.interval.high) if end]
            return time_at(text, self.start, self.end, years=any(unit and unit.factor > _YEAR for unit in ends))
        if OLD.search(text, self.start, self.end):
            return "age"
        counted = self.counted != "points" and self.counted
        return counted or self.scale or measure_at(text, self.start, self.end)


@lru_cache(maxsize=256)  # the same sentence is asked about at each of its places
def find_bounds(text: str) -> tuple[Bound, ...]:
    """Every limit in the text, in order; a range is one."""
    return tuple(_scan(text.translate(_RAISED)))


def _scan(text: str) -> Iterator[Bound]:
    position = 0
    held: Bound | None = None
    while match := _START.search(text, position):
        found = _bound_at(text, match.start()) if _may_start(match[0]) else None
        found = found or _paired(text, match.start(), held)
        if not found:
            position = match.end() if match[0][0].isalnum() else match.start() + 1
            continue
        position = found.end
        joined = _joined(text, held, found) if held else None
        if held and not joined:
            yield held
        held = joined or found
    if held:
        yield held


def _may_start(token: str) -> bool:
    """Whether a limit can start with the token: nearly all words of a text cannot."""
    return not token.isalpha() or token.lower() in _FIRST or may_be_step(token)


def _bound_at(text: str, position: int) -> Bound | None:
    found = _sandwich(text, position) or _compared(text, position) or _bare(text, position)
    return _with_restatement(text, found) if found else None


def _paired(text: str, position: int, first: Bound | None) -> Bound | None:
    """The second number of "≥ 160/100 mmHg" bounds on the side of the first."""
    if not first or text[position] != "/" or first.end != position or first.exact:
        return None
    quantity = quantity_at(text, position + 1)
    alone = first.interval.kind is None and not first.scale  # "BP > 140/90"
    if not quantity or (quantity.kind or (alone and quantity.value > _LEAST)) not in {"pressure", True}:
        return None
    low, high = (End(quantity, end.strict) if end else None for end in (first.interval.low, first.interval.high))
    return _bound(Interval(low, high), position, quantity.end)


def _compared(text: str, position: int) -> Bound | None:
    """A comparator and its number: "at least 4 weeks", "≥ Grade 2", "> ULN", "in the last month"."""
    comparator = comparator_at(text, position)
    if not comparator:
        return None
    if comparator.manner == "plain":
        named = SCALE_WORD.match(text, comparator.end)
        place = named.end() if named else comparator.end
        scale = scale_before(text, place if named else position)
        step = step_at(text, place, scale) if scale else None
        if step:
            return _stepping(step, comparator, scale, position, step.end)
    quantity = quantity_at(text, comparator.end) or _unnumbered(text, comparator)
    if not quantity or (comparator.manner == "lasting" and quantity.kind != "time"):
        return None
    return _ranged_after(text, quantity, comparator, position) or _sided(text, quantity, comparator, position)


def _unnumbered(text: str, comparator: Comparator) -> Quantity | None:
    """ "> ULN" and "within the last month", but not "over weeks"."""
    one = unnumbered_at(text, comparator.end)
    plain = one and one.kind == "time" and comparator.manner == "plain"
    return None if plain and text[comparator.end] not in "aAoO" else one


def _ranged_after(text: str, low: Quantity, comparator: Comparator, start: int) -> Bound | None:
    """ "for 2 to 4 weeks", "within 14-28 days": a range under a comparator."""
    to = TO.match(text, low.end) if comparator.manner != "plain" else None
    high = quantity_at(text, to.end()) if to else None
    if not high or high.kind != "time":
        return None
    return _bound(Interval(End(lent(low, high)), End(high)), start, high.end, manner=comparator.manner)


def _sided(text: str, quantity: Quantity, comparator: Comparator, start: int) -> Bound:
    trailer = trailer_at(text, quantity.end, low_is_better=True)
    end = _with_age(text, quantity, trailer.end if trailer and trailer.side == comparator.side else quantity.end)
    interval = _half(End(quantity, comparator.strict), comparator)
    scale = scale_before(text, start) if quantity.kind == "percent" else None
    if scale in {"Karnofsky", "Lansky"}:
        return Bound(stepped(interval, scale_named(scale)), interval, start, end, scale=scale)
    counted = counted_after(text, end) if quantity.unit is None else None
    return _bound(interval, start, end, manner=comparator.manner, counted=counted)


def _half(end: End, comparator: Comparator) -> Interval:
    return Interval(end, None) if comparator.side == "lower" else Interval(None, end)


def _with_age(text: str, quantity: Quantity, end: int) -> int:
    """The end of "18 years" taken to the end of "18 years of age"."""
    ages = AGES.match(text, end) if quantity.kind == "time" else None
    return ages.end() if ages else end


def _bare(text: str, position: int) -> Bound | None:
    """A number without a comparator before it: a range, "18 years or older", steps of a scale, "a 4-week washout"."""
    between = BETWEEN.match(text, position)
    start = between.end() if between else position
    steps = _steps(text, start)
    if steps:
        return replace(steps, start=position)
    first = quantity_at(text, start)
    if not first or (position and (text[position - 1].isalnum() or text[position - 1] in "-/.")):
        return None
    return _range(text, first, position, between=bool(between)) or (None if between else _lone(text, first))


def _steps(text: str, start: int) -> Bound | None:
    """The steps of a scale: "0-1", "0, 1 or 2", "III/IV", "1 or less"."""
    scale = scale_before(text, start) if may_be_step(text[start : start + 5]) else None
    step = step_at(text, start, scale) if scale else None
    known = scale_named(scale) if scale else None
    if not scale or not step or not known:
        return None
    trailer = trailer_at(text, step.end, low_is_better=known.best_low)
    if trailer:
        return _stepping(step, trailer, scale, start, trailer.end)
    steps = steps_at(text, start, scale)
    if not steps:
        return None
    interval = Interval(*(End(a_number(step, start, steps.end)) for step in (steps.low, steps.high)))
    return Bound(stepped(interval, known), interval, start, steps.end, scale=scale, exact=steps.single)


def _stepping(step: Steps, comparator: Comparator, scale: str | None, start: int, end: int) -> Bound:
    number = a_number(step.low if comparator.side == "lower" else step.high, start, step.end)
    interval = _half(End(number, comparator.strict), comparator)
    known = scale_named(scale) if scale else COUNT
    return Bound(stepped(interval, known), interval, start, end, manner=comparator.manner, scale=scale)


def _range(text: str, low: Quantity, start: int, *, between: bool) -> Bound | None:
    """ "18 to 75 years", "between 18 and 75", "18-30 kg/m2", "1 to 3 prior lines"."""
    to = (AND if between else TO).match(text, _with_age(text, low, low.end))
    high = quantity_at(text, to.end()) if to else None
    if not high or (low.kind and high.kind != low.kind):
        return _counted_pair(text, low, start)
    low = lent(low, high)
    counted = counted_after(text, high.end) if high.unit is None else None
    named = high.unit or counted or between or range_named(text[max(0, start - 40) : start])
    if low.size >= high.size or not named:
        return None
    return _bound(Interval(End(low), End(high)), start, _with_age(text, high, high.end), counted=counted)


def _counted_pair(text: str, low: Quantity, start: int) -> Bound | None:
    """ "one or two prior lines"."""
    joint = OR.match(text, low.end) if low.unit is None else None
    high = quantity_at(text, joint.end()) if joint else None
    counted = counted_after(text, high.end) if high and high.unit is None else None
    if not high or not counted or high.size != low.size + 1:
        return None
    return _bound(Interval(End(low), End(high)), start, high.end, counted=counted)


def _lone(text: str, first: Quantity) -> Bound | None:
    """ "18 years or older", "65+ years", and a number with its unit that has no side."""
    trailer = trailer_at(text, first.end, low_is_better=False)
    if trailer:
        first, end = with_time_at(text, first, trailer.end)
        if first.unit is None and first.value < _ADULT and text[trailer.end - 1] == "+":
            return None  # "HER2 3+"
        counted = counted_after(text, end) if first.unit is None else None
        return _bound(_half(End(first, trailer.strict), trailer), first.start, end, counted=counted)
    few = first.unit is None and first.value in range(_FEW)
    counted = counted_after(text, first.end) if few else None
    if (first.unit is None and not counted) or LABEL.search(text[max(0, first.start - 10) : first.start]):
        return None
    end = _with_age(text, first, first.end)
    return _bound(Interval(End(first), End(first)), first.start, end, counted=counted, exact=True)


def _sandwich(text: str, position: int) -> Bound | None:
    """ "18 ≤ age ≤ 75 years"."""
    low = quantity_at(text, position) if text[position].isdigit() else None
    signs = AROUND.match(text, low.end) if low else None
    high = quantity_at(text, signs.end()) if signs else None
    if not low or not signs or not high:
        return None
    ends = End(lent(low, high), signs[1] == "<"), End(high, signs[2] == "<")
    return _bound(Interval(*ends), position, high.end)


def _joined(text: str, first: Bound, second: Bound) -> Bound | None:
    """ "≥ 18 and ≤ 75 years": two sides of one range."""
    if first.exact or second.exact or (first.manner, second.manner) != ("plain", "plain"):
        return None
    if not JOINT.fullmatch(text, first.end, second.start):
        return None
    lows = [bound.written.low for bound in (first, second) if bound.written.low]
    highs = [bound.written.high for bound in (first, second) if bound.written.high]
    if len(lows) != 1 or len(highs) != 1 or (first.interval.kind or second.interval.kind) != second.interval.kind:
        return None
    low, high = replace(lows[0], quantity=lent(lows[0].quantity, highs[0].quantity)), highs[0]
    if low.size > high.size:
        return None
    interval = Interval(low, high)
    known = scale_named(first.scale) if first.scale else (COUNT if second.counted else None)
    return Bound(stepped(interval, known), interval, first.start, second.end, scale=first.scale, counted=second.counted)


def _with_restatement(text: str, bound: Bound) -> Bound:
    again = restated_at(text, bound.end)
    return replace(bound, end=again[1], restated=again[0].size) if again else bound


def _bound(
    interval: Interval,
    start: int,
    end: int,
    *,
    manner: Manner = "plain",
    counted: str | None = None,
    exact: bool = False,
) -> Bound:
    steps = stepped(interval, COUNT if counted else None)
    return Bound(steps, interval, start, end, manner=manner, counted=counted, exact=exact)
