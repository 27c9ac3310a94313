"""What a limit that moved does to the number of people who can enter."""

from __future__ import annotations

import re
from dataclasses import replace

from monitor.diff.bounds import Bound, find_bounds
from monitor.diff.judging.intervals import Interval, growth
from monitor.diff.judging.measures import worsens
from monitor.diff.judging.senses import demands, sense_at, sentence_of
from monitor.diff.judging.signals import EXCEPTION, Sense, negated, verdict, without_verdict

_LASTS_BEFORE = re.compile(
    r"\b(?:life expectancy|survival|wash-?out(?: period)?(?: of)?|prognosis)\b[^.;]*\Z", re.IGNORECASE
)
_LASTS_AFTER = re.compile(
    r"[\s-]*(?:\([^()]*\)\s*)?(?:wash-?out|run-?in|drug-free|treatment-free|(?:(?:must|should)\s+)?ha(?:s|ve)\s+(?:elapsed|passed))",
    re.IGNORECASE,
)
_STEADY = re.compile(r"\b(?:stable|stably|unchanged|constant|steady|no change)\b", re.IGNORECASE)
_MEASURED = re.compile(
    r"\b(?:tests?|tested|testing|scans?|imaging|MRI|CT|ECG|EKG|echocardiogra\w+|MUGA|X-?ray|measured|measurements?"
    r"|assess\w+|obtained|collected|sample|specimen|evaluat\w+|perform(?:ed|ing)|lab(?:oratory)?|laboratories|values?"
    r"|screening|determined|reports?|biops\w+|function|results?|urinalysis|consent|mammogra\w+|colonoscop\w+"
    r"|(?:sero)?negative|positive|undetectable|occur|completed the)\b",
    re.IGNORECASE,
)
_SUPPORTED = re.compile(r"\b(?:transfus\w+|growth factors?|G-?CSF|erythropoie\w+|support)\b", re.IGNORECASE)
_AFTERWARDS = re.compile(r"\s*(?:after|following|post)\b", re.IGNORECASE)
_KEPT_UP = re.compile(r"\b(?:contracept\w*|birth control|condoms?|abstain\w*|refrain\w*|abstinen\w*)\b", re.IGNORECASE)
_COMMITTED = re.compile(
    r"\b(?:contracept\w*|birth\s+control|condoms?|abstain\w*|refrain\w*|abstinen\w*|pregnan\w*|breast-?\s?feed\w*|nursing"
    r"|conceiv\w*|father\w*|donat\w*|sperm|intercourse)\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\s*(?:after|following|post|from|beyond)[\s-]+(?:[\w/-]+\s+){0,5}?(?:doses?|dosing|treatment|therapy"
    r"|discontinu\w+|stud(?:y|ies)|trial|end|complet\w+|administration|infusion|injection|last|final|stopping|drugs?|participation)\b",
    re.IGNORECASE,
)
_WILLING = re.compile(r"\b(?:willing\w*|agree\w*|commit\w*)\s+to\b", re.IGNORECASE)
_RULED_OUT_BY = frozenset(["upper normal"])  # kinds under whose limit everybody healthy is
_BEFORE = re.compile(r"\s*(?:prior\s+to|before|preceding)\b", re.IGNORECASE)
_RECOVERED = re.compile(r"\b(?:recover\w*|resol\w+|return\w*|improv\w+)\b", re.IGNORECASE)
_MUST = re.compile(r"\b(?:must|should|shall)\b", re.IGNORECASE)
_SUPPOSED = re.compile(r"\(\s*if\b[^()]*\Z", re.IGNORECASE)
_BARRED = re.compile(
    r"\b(?:prohibited|forbidden|not\s+(?:be\s+)?(?:permitted|allowed))\s+(?:(?:starting|from|beginning|for|during)\s+)?\Z",
    re.IGNORECASE,
)
_ABSENT = re.compile(r"\b(?:no|without|absence)\b", re.IGNORECASE)
_TOLD_BY = re.compile(r"\b(?:assessed|measured|determined|evidenced|defined|shown)\s+by\b", re.IGNORECASE)
_WORDED = re.compile(r"(?:not?|never)\b", re.IGNORECASE)
_YEAR = 365  # days
_OR_SO = re.compile(r"\s*,?\s*(?:or|and)\s+(?:about\s+|approximately\s+)?", re.IGNORECASE)
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
    first, second = _sided(section, before, old), _sided(section, after, new)
    step = growth(first.interval, second.interval)
    if is_commitment(before, first) and is_commitment(after, second):
        return _longer_commitment(first.interval, second.interval)
    if _same_age(before, first, second):
        return 0
    if not step or _fractional(first, second) or _misstated(section, before, first):
        return None
    if old.exact != new.exact and not old.scale and not old.counted:
        return None
    senses = limit_sense(section, before, first), limit_sense(section, after, second)
    if senses[0] is None or senses[0] != senses[1] or measures_when(before, old) or measures_when(after, new):
        return None
    steady = _STEADY.findall(_clause(before, old.start)) if first.manner == "window" else []
    return step * senses[0] * (-1 if steady and not negated(steady[-1]) else 1)


def _same_age(text: str, old: Bound, new: Bound) -> bool:
    """True for "older than 17 years" and "18 years or older"."""
    years = _years(old)
    return years is not None and years == _years(new) and old.what(text).lower() == "age"


def _years(bound: Bound) -> tuple[float | None, float | None] | None:
    """The first and the last year within a limit; None if it is not told in whole years."""
    low, high = bound.written.low, bound.written.high
    units = [end.quantity.unit for end in (low, high) if end]
    if not all(unit is None or unit.factor > _YEAR for unit in units) or not _whole(bound):
        return None
    return low.quantity.value + low.strict if low else None, high.quantity.value - high.strict if high else None


def _whole(bound: Bound) -> bool:
    ends = [end for end in (bound.written.low, bound.written.high) if end]
    return all(float(end.quantity.value).is_integer() for end in ends)


def _fractional(old: Bound, new: Bound) -> bool:
    """True if one of two counts is no whole number: it is then no count."""
    return bool(old.counted and new.counted) and not (_whole(old) and _whole(new))


def is_commitment(text: str, bound: Bound) -> bool:
    """True for how long after the treatment people must keep from having children or giving blood."""
    if not bound.timed or bound.manner == "window":
        return False
    start, end = sentence_of(text, bound.start)
    if bound.interval.low is None and _WILLING.search(text, start, bound.start) and verdict(text[start:end]) is None:
        return True  # "willing to be followed for up to 15 years"
    if not _TO_COME.match(text, bound.end):
        return False
    return bool(_COMMITTED.search(text, start, end)) and verdict(text[start:end]) is None


def _longer_commitment(old: Interval, new: Interval) -> int | None:
    """Fewer people can enter the longer it lasts, whichever way it is told."""
    lengths = [each.high or each.low for each in (old, new)]
    step = growth(*(Interval(None, length) for length in lengths))
    return -step if step else None


def limit_sense(section: Sense, text: str, bound: Bound) -> Sense | None:
    """What it is worth that a limit lets in more; None if unsure."""
    start, _ = sentence_of(text, bound.start)
    excepted = EXCEPTION.search(text, start, bound.start)
    if excepted and not bound.timed:
        main = [b for b in find_bounds(text) if start <= b.start and b.end <= excepted.start()]
        if main and _same_side(main[-1], bound) and _same_measure(text, main[-1], bound):
            return sense_at(section, text, main[-1].start, main[-1])  # "≤ 1.5, except for Gilbert's syndrome: ≤ 3"
    if bound.timed and bound.interval.high is None and _BARRED.search(text, start, bound.start):
        return 1  # "not permitted starting at least 30 days before"
    if _asked_apart(text, start, bound):
        return None
    sense = sense_at(section, text, bound.start, bound)
    healthy = _healthy(text, bound)
    denied = healthy is not None and not excepted and negated(text[start : bound.start])
    if denied:
        return healthy
    inside = text[excepted.end() if excepted else start : bound.start]
    denials = negated(without_verdict(inside)) if section == -1 and bound.manner == "window" else 0
    if denials and not ((excepted or demands(inside)) and denials == 1):
        return None  # "no response to A within 6 months": what is denied, and for how long
    return _plainly(section, text, bound) if sense is None and not bound.timed else sense


def _asked_apart(text: str, start: int, bound: Bound) -> bool:
    """True where the words before a limit may turn it: a condition in brackets, a denial told by an unknown score."""
    before = text[start : bound.start]
    if _SUPPOSED.search(before):
        return True
    absent = _ABSENT.search(before) if _healthy(text, bound) is None else None
    return bool(absent and _TOLD_BY.search(before, absent.end()))


def _plainly(section: Sense, text: str, bound: Bound) -> Sense | None:
    """The section's own sense where no denial surely reaches a limit, and nothing is excepted, let in or demanded."""
    start, end = sentence_of(text, bound.start)
    before = text[start : bound.start]
    turns = EXCEPTION.search(before) or verdict(text[start:end]) is not None
    return None if turns or (section == -1 and _MUST.search(before)) else section


def _healthy(text: str, bound: Bound) -> Sense | None:
    """+1 if the good values of a known measure lie within the limit, -1 if the bad ones do; None if unknown."""
    if bound.timed or bound.exact or (bound.interval.low and bound.interval.high):
        return None
    bad = worsens(bound.what(text))
    if bad == 0:
        return None
    return 1 if (bad == 1) == (bound.interval.low is None) else -1


def _same_side(one: Bound, other: Bound) -> bool:
    ends = [(bound.interval.low is None, bound.interval.high is None) for bound in (one, other)]
    return ends[0] == ends[1]


def _same_measure(text: str, one: Bound, other: Bound) -> bool:
    return one.what(text) == other.what(text) or one.interval.kind == other.interval.kind == "upper normal"


def _misstated(section: Sense, text: str, bound: Bound) -> bool:
    """True for an exclusion of whoever is healthy, by which its opposite is meant ("not greater than 1.5 x ULN")."""
    upper = bound.interval.low is None and bound.interval.kind in _RULED_OUT_BY
    worded = _WORDED.match(text, bound.start, bound.end) and _healthy(text, bound) == 1
    if section == 1 or not (upper or worded):
        return False
    start, _ = sentence_of(text, bound.start)
    before = text[start : bound.start]
    return not negated(before) and not EXCEPTION.search(before) and verdict(text[start:]) is None


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


def _sided(section: Sense, text: str, bound: Bound) -> Bound:
    """ "a 4-week washout", "life expectancy of 3 months", "contraception until 90 days after": at least so long."""
    if not bound.exact or not bound.timed:
        return _usual(section, text, bound)
    earlier = [b for b in find_bounds(text) if b.end <= bound.start][-1:]
    if earlier and earlier[0].timed and not earlier[0].exact and _OR_SO.fullmatch(text, earlier[0].end, bound.start):
        return replace(
            bound, interval=_like(earlier[0].interval, bound.interval), manner=earlier[0].manner, exact=False
        )
    start, _ = sentence_of(text, bound.start)
    kept_up = _KEPT_UP.search(text, start, bound.start) and _AFTERWARDS.match(text, bound.end)
    lasts = (
        kept_up
        or _LASTS_AFTER.match(text, bound.end)
        or _LASTS_BEFORE.search(text[max(0, bound.start - 60) : bound.start])
    )
    if lasts:
        return replace(bound, interval=Interval(bound.interval.low, None), exact=False)
    recent = (
        section == -1
        and _BEFORE.match(text, bound.end)
        and not _STEADY.search(text, start, bound.start)
        and not negated(text[start : bound.start])
        and not _MUST.search(text, start, bound.start)
        and not EXCEPTION.search(text, start, bound.start)
    )
    return (
        replace(bound, interval=Interval(None, bound.interval.high), manner="window", exact=False) if recent else bound
    )


def _usual(section: Sense, text: str, bound: Bound) -> Bound:
    """ "Creatinine 2 x ULN" is a limit: at most so much where it lets in, more where it keeps out."""
    low, high = bound.interval.low, bound.interval.high
    if bound.exact and bound.scale == "grade" and _RECOVERED.search(_clause(text, bound.start)):
        return replace(bound, interval=Interval(None, high), exact=False)
    if not bound.exact or bound.interval.kind != "upper normal":
        return bound
    return replace(bound, interval=Interval(None, high) if section == 1 else Interval(low, None), exact=False)


def _like(first: Interval, second: Interval) -> Interval:
    """ "within 14 days or 5 half-lives": the second is a limit on the side of the first."""
    return Interval(first.low and second.low, first.high and second.high)


def _clause(text: str, position: int) -> str:
    start, _ = sentence_of(text, position)
    return (
        re.split(r"[,(]|\band\b|\bor\b", text[start:position])[-1]
        if "," in text[start:position]
        else text[start:position]
    )
