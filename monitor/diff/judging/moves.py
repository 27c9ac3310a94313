"""How a limit that moved is told."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.diff.bounds import Bound
from monitor.diff.judging.intervals import End, Interval, growth
from monitor.model.json import Json


def limit_json(
    before: str, after: str, old: Bound | None, new: Bound | None, *, what: str | None = None
) -> Iterator[Json]:
    """The ends that moved, as the outer contract spells them; None on the side where there was none.

    `side` says which end it is; `what` is read off the texts if it is not given.
    """
    bound, text = (new, after) if new else (old, before)
    if bound is None:
        return
    what = what or bound.what(text)
    ends = {
        side: tuple(getattr(b.written, name) if b else None for b in (old, new))
        for side, name in (("lower", "low"), ("upper", "high"))
    }
    exact = all(b.exact for b in (old, new) if b)
    for side, (was, now) in ends.items():
        if (was or now) and not (exact and side == "upper") and not _same_end(was, now):
            yield _end_json(what, "exact" if exact else side, was, now)


def _end_json(what: str, side: str, was: End | None, now: End | None) -> Json:
    units = [end.quantity.unit_text for end in (was, now) if end]
    values: list[Json] = [_tidy(end.quantity.value) if end else None for end in (was, now)]
    known = [unit for unit in units if unit]
    alike = len({unit.casefold() for unit in known}) < 2  # noqa: PLR2004 (one unit, or none)
    if values[0] == values[1] and alike:
        values = [_signed(end, side) for end in (was, now) if end]
    return {
        "what": what,
        "side": side,
        "before": values[0],
        "after": values[1],
        "unit": (known[-1] if known else None) if alike else " → ".join(known),
    }


def _signed(end: End, side: str) -> str:
    sign = {("lower", True): ">", ("lower", False): "≥", ("upper", True): "<", ("upper", False): "≤"}.get(
        (side, end.strict), ""
    )
    return f"{sign} {_tidy(end.quantity.value)}".strip()


def _same_end(was: End | None, now: End | None) -> bool:
    if was is None or now is None:
        return was is now
    return growth(Interval(was, None), Interval(now, None)) == 0 and was.strict == now.strict


def _tidy(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value
