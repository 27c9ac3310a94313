"""The numbers that a limit lets in, and whether another limit lets in more."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from monitor.diff.judging.measures import Scale
from monitor.diff.judging.quantities import Quantity

_SAME = 1e-6
_NEAR_SAME = 0.03  # 12 months and 52 weeks
_ROUNDED = 0.01  # 50 kg and 110 lb
_FAR = 6  # times: "75" is no limit in the unit of "100 x 10^9/L" if it were beyond this
_NEAR = 0.1  # 4 weeks and 1 month: nobody can say which is longer


@dataclass(frozen=True, slots=True)
class End:
    """One end of an interval; `strict` if the number itself is out."""

    quantity: Quantity
    strict: bool = False

    @property
    def size(self) -> float:
        return self.quantity.size


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, either open if None. Sizes compare if the kinds of unit are one."""

    low: End | None
    high: End | None

    @property
    def kind(self) -> str | None:
        kinds = [end.quantity.kind for end in (self.low, self.high) if end and end.quantity.kind]
        return kinds[-1] if kinds else None


def stepped(interval: Interval, scale: Scale | None) -> Interval:
    """On a scale of whole steps "> 1" is "≥ 2", and an end at the end of the scale bounds nothing."""
    if scale is None:
        return interval
    low, high = _closed(interval.low, scale.step), _closed(interval.high, -scale.step)
    if low and low.size <= scale.low:
        low = None
    if high and high.size >= scale.high:
        high = None
    return Interval(low, high)


def _closed(end: End | None, step: float) -> End | None:
    if not end or not end.strict or (float(step).is_integer() and not float(end.size).is_integer()):
        return end
    return End(replace(end.quantity, size=end.size + step))


def growth(old: Interval, new: Interval) -> int | None:
    """+1 if the new interval lets more in, -1 if less, 0 if they are one; None where that cannot be said."""
    if old.kind and new.kind and old.kind != new.kind:
        return None
    first, second = _lent(old, new), _lent(new, old)
    if first is None or second is None:
        return None
    low, high = _move(first.low, second.low, endless=-1), _move(first.high, second.high, endless=1)
    if low is None or high is None or (low and high and low != -high and low == high):
        return None
    if low and high:
        return high if -low == high else None
    return high or -low


def _move(old: End | None, new: End | None, *, endless: int) -> int | None:
    """Where an end went: -1 down, 0 nowhere, 1 up; None if units leave it open. No end is beyond all numbers."""
    if old is None or new is None:
        return 0 if old is new else (endless if new is None else -endless)
    if math.isclose(old.size, new.size, rel_tol=_SAME):
        return 0 if old.strict == new.strict else (endless if old.strict else -endless)
    if _converted(old, new) and math.isclose(old.size, new.size, rel_tol=_ROUNDED):
        return None
    if _rough(old, new):
        apart = abs(old.size - new.size) / max(abs(old.size), abs(new.size))
        if apart < _NEAR:
            return 0 if apart < _NEAR_SAME and old.strict == new.strict else None
    return 1 if new.size > old.size else -1


def _lent(interval: Interval, other: Interval) -> Interval | None:
    """An interval without a unit read in the unit of the other; None if it then lies far from the other."""
    if interval.kind or not other.kind:
        return interval
    lender = next(end.quantity for end in (other.high, other.low) if end and end.quantity.kind)
    each = lender.size / lender.value if lender.value else 1
    ends = [
        End(replace(end.quantity, size=end.quantity.value * each), end.strict) if end else None
        for end in (interval.low, interval.high)
    ]
    sizes = [end.size for end in ends if end and end.size]
    near = all(1 / _FAR < size / lender.size < _FAR for size in sizes) if lender.size else False
    return Interval(ends[0], ends[1]) if near else None


def _converted(old: End, new: End) -> bool:
    """True if the two are told in two units, so that the one may be the other rounded."""
    units = old.quantity.unit, new.quantity.unit
    return bool(units[0] and units[1] and units[0].kind != "time" and units[0].factor != units[1].factor)


def _rough(old: End, new: End) -> bool:
    units = old.quantity.unit, new.quantity.unit
    return bool(units[0] and units[1] and units[0].rough != units[1].rough)
