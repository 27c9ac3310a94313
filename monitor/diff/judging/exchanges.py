"""Words put in the place of others."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.diff.judging.synonyms import listed
from monitor.diff.judging.wording import Word, slip

_LONGER, _SHORTER = (
    listed("longer longest greater later higher"),
    listed("shorter shortest less earlier sooner first lower"),
)
_NOW = listed("active current ongoing recent acute uncontrolled symptomatic")
_PREPOSITIONS = listed("in on at for by as during into")
_EVER = listed("any history prior ever or current")
_WIDER = {  # each describes all that those after it do, and more
    "any": listed("severe active significant major systemic uncontrolled symptomatic serious current chronic"),
    "either": listed("both"),
    "suspected": listed("confirmed"),
    "significant": listed("severe"),
}


def exchange(old: Sequence[Word], new: Sequence[Word]) -> int | None:
    """+1 if the new words describe more people than the old, -1 if fewer, 0 if they say the same; None if unsure."""
    before, after = [word.key for word in old], [word.key for word in new]
    if _slips(before, after) or _one_of(old, new) or _one_of(new, old):
        return 0
    if {*before, *after} == {"and", "or"}:
        slash = old[0].slash or new[0].slash
        return 0 if slash else (1 if after == ["or"] else -1)
    if {*before, *after} <= _PREPOSITIONS or {*before, *after} == {"history", "prior"}:
        return 0
    if _wider(before, after) or (before == ["both"] and _least_one(new)):
        return 1
    return -1 if _wider(after, before) or (after == ["both"] and _least_one(old)) else None


def whichever(words: Sequence[Word]) -> int:
    """+1 for "longer" alone, as after "whichever is", -1 for "shorter"; 0 for other words."""
    keys = {word.key for word in words}
    return 0 if len(keys) != 1 else (1 if keys <= _LONGER else (-1 if keys <= _SHORTER else 0))


def _slips(before: Sequence[str], after: Sequence[str]) -> bool:
    """The same words but for typing errors."""
    pairs = zip(before, after, strict=False)
    return len(before) == len(after) and all(one == other or slip(one, other) for one, other in pairs)


def _wider(narrow: Sequence[str], wide: Sequence[str]) -> bool:
    if len(narrow) != 1 or not wide:
        return False
    ever = set(wide) <= _EVER | {*narrow} and bool(set(wide) - {*narrow, "or", "current"})
    return (narrow[0] in _NOW and ever) or (len(wide) == 1 and narrow[0] in _WIDER.get(wide[0], ()))


def _one_of(words: Sequence[Word], limits: Sequence[Word]) -> bool:
    """ "one of the following" and "at least one of the following"."""
    return [word.key for word in words] == ["one"] and _least_one(limits)


def _least_one(words: Sequence[Word]) -> bool:
    """ "at least one" alone."""
    bound = words[0].bound if len(words) == 1 else None
    return bool(bound and bound.written.low and bound.written.low.quantity.value == 1)
