"""What a limit that moved does to the number of people who can enter, and how it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monitor.diff.bounds import Bound, find_bounds
from monitor.diff.judging.intervals import End, Interval, growth
from monitor.diff.judging.senses import sense_at, sentence_of
from monitor.diff.judging.signals import Sense
from monitor.model.json import Json

_LASTS_BEFORE = re.compile(
    r"\b(?:life expectancy|survival|wash-?out(?: period)?(?: of)?|prognosis)\b[^.;]*\Z", re.IGNORECASE
)
_LASTS_AFTER = re.compile(
    r"[\s-]*(?:wash-?out|run-?in|drug-free|treatment-free|(?:(?:must|should)\s+)?ha(?:s|ve)\s+(?:elapsed|passed))",
    re.IGNORECASE,
)
_STEADY = re.compile(r"\b(?:stable|stably|unchanged|constant|steady|no change)\b", re.IGNORECASE)
_MEASURED = re.compile(
    r"\b(?:tests?|tested|testing|scans?|imaging|MRI|CT|ECG|EKG|echocardiogra\w+|MUGA|X-?ray|measured|measurements?"
    r"|assess\w+|obtained|collected|sample|specimen|evaluat\w+|perform(?:ed|ing)|lab(?:oratory)?|laboratories|values?"
    r"|screening|determined|biops\w+|function|results?|urinalysis|consent|mammogra\w+|colonoscop\w+"
    r"|(?:sero)?negative|positive|undetectable|occur|completed the)\b",
    re.IGNORECASE,
)
_SUPPORTED = re.compile(r"\b(?:transfus\w+|growth factors?|G-?CSF|erythropoie\w+|support)\b", re.IGNORECASE)
_AFTERWARDS = re.compile(r"\s*(?:after|following|post)\b", re.IGNORECASE)
_KEPT_UP = re.compile(r"\b(?:contracept\w*|birth control|condoms?|abstain\w*|refrain\w*|abstinen\w*)\b", re.IGNORECASE)
_TAKEN = frozenset(  # kinds that are read off a person on a day, and not counted over a time
    [
        "upper normal",
        "lower normal",
        "cells",
        "clearance",
        "clearance for body surface",
        "pressure",
        "beat",
        "body mass",
        "percent",
    ]
)
_EVENT = re.compile(
    r"\b(?:loss|lost|gain|gained|decrease\w*|increase\w*|declin\w+|change\w*|reduction|drop)\b", re.IGNORECASE
)


def limit_effect(section: Sense, before: str, after: str, old: Bound, new: Bound) -> int | None:
    """+1 if more people fit under the new limit, -1 if fewer, 0 if as many; None if unsure."""
    first, second = _sided(before, old), _sided(after, new)
    step = growth(first.interval, second.interval)
    if not step:
        return None
    if old.exact != new.exact and not old.scale and not old.counted:
        return None
    senses = sense_at(section, before, old.start, first), sense_at(section, after, new.start, second)
    if senses[0] is None or senses[0] != senses[1] or measures_when(before, old) or measures_when(after, new):
        return None
    steady = first.manner == "window" and bool(_STEADY.search(_clause(before, old.start)))
    return step * senses[0] * (-1 if steady else 1)


def measures_when(text: str, bound: Bound) -> bool:
    """True for a time within which something is to be measured: it says nothing of who fits."""
    if not bound.timed or bound.interval.high is None or bound.interval.low:
        return False
    start, _ = sentence_of(text, bound.start)
    before = text[start : bound.start]
    if _SUPPORTED.search(_clause(text, bound.start)):
        return False
    if _MEASURED.search(_clause(text, bound.start)):
        return True
    others = [b for b in find_bounds(before) if not b.timed]
    if not others or _EVENT.search(before):
        return False
    return any(
        b.interval.kind in _TAKEN
        or " in a litre" in (b.interval.kind or "")
        or b.scale in {"ECOG", "Karnofsky", "Lansky"}
        for b in others
    )


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


def _sided(text: str, bound: Bound) -> Bound:
    """ "a 4-week washout", "life expectancy of 3 months", "contraception until 90 days after": at least so long."""
    if not bound.exact or not bound.timed:
        return bound
    start, _ = sentence_of(text, bound.start)
    kept_up = _KEPT_UP.search(text, start, bound.start) and _AFTERWARDS.match(text, bound.end)
    lasts = (
        kept_up
        or _LASTS_AFTER.match(text, bound.end)
        or _LASTS_BEFORE.search(text[max(0, bound.start - 60) : bound.start])
    )
    return replace(bound, interval=Interval(bound.interval.low, None), exact=False) if lasts else bound


def _clause(text: str, position: int) -> str:
    start, _ = sentence_of(text, position)
    return (
        re.split(r"[,(]|\band\b|\bor\b", text[start:position])[-1]
        if "," in text[start:position]
        else text[start:position]
    )
