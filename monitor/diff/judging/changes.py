"""Where two versions of a text differ, in words that carry meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein, Opcodes

from monitor.diff.bounds import Bound
from monitor.diff.judging.intervals import growth
from monitor.diff.judging.wording import LIMIT, Word

_MOST_WORDS = 1500  # of the part that differs: more is a new text, and comparing would take its square
_SHORT = 4  # words of a name
_MOST_EDITS = 8  # nobody follows more


@dataclass(frozen=True, slots=True)
class Edit:
    """The words old[0]:old[1] of the one text that stand as new[0]:new[1] in the other; either may be empty."""

    old: tuple[int, int]
    new: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs: edits of words, and limits that stand in one place of both texts and differ."""

    edits: tuple[Edit, ...]
    limits: tuple[tuple[Bound, Bound], ...]


def changes_between(old: Sequence[Word], new: Sequence[Word]) -> Changes | None:
    """The differences, or None where the two have too little in common to be followed."""
    start, end = _shared(old, new)
    middle = old[start : len(old) - end], new[start : len(new) - end]
    if max(map(len, middle)) > _MOST_WORDS:
        return None
    edits: list[Edit] = []
    pairs = list(zip(old[:start], new[:start], strict=True))
    for code in _opcodes([_key(word) for word in middle[0]], [_key(word) for word in middle[1]]):
        was, now = (code.src_start + start, code.src_end + start), (code.dest_start + start, code.dest_end + start)
        if code.tag == "equal" or _one_limit(old[was[0] : was[1]], new[now[0] : now[1]]):
            pairs.extend(zip(old[was[0] : was[1]], new[now[0] : now[1]], strict=True))
        elif edits and edits[-1].old[1] == was[0] and edits[-1].new[1] == now[0]:
            edits[-1] = Edit((edits[-1].old[0], was[1]), (edits[-1].new[0], now[1]))
        else:
            edits.append(Edit(was, now))
    pairs.extend(zip(old[len(old) - end :], new[len(new) - end :], strict=True))
    edits = [edit for whole in edits for edit in _parted(old, new, whole)]
    return Changes(tuple(edits), tuple(_moved(pairs))) if len(edits) <= _MOST_EDITS else None


def _opcodes(old: list[str], new: list[str]) -> Opcodes:
    """The shortest way from one to the other: the same both ways, where there are several."""
    return Levenshtein.opcodes(old, new) if old <= new else Levenshtein.opcodes(new, old).inverse()


def same_parts(old: Sequence[Word], new: Sequence[Word]) -> bool:
    """True if the parts between "and" and "or" are the same in another order."""
    if Counter(w.key for w in old) != Counter(w.key for w in new):
        return False
    parts = list(_parts(old)), list(_parts(new))
    return Counter(parts[0]) == Counter(parts[1]) or _plain_list(old, parts[0], parts[1])


def _plain_list(words: Sequence[Word], old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]) -> bool:
    """A list of short names, whose shared first or last word ("hepatitis B or C virus") stands with another of them."""
    short = all(len(part) <= _SHORT for part in (*old, *new))
    return short and len({w.key for w in words if w.joint}) == 1 and not any(w.bound for w in words)


def _parts(words: Sequence[Word]) -> Iterator[tuple[str, ...]]:
    part: list[str] = []
    for word in words:
        if word.joint:
            yield tuple(sorted(part))
            part = []
        else:
            part.append(_limit_key(word.bound) if word.bound else word.key)
    yield tuple(sorted(part))


def _limit_key(bound: Bound) -> str:
    ends = bound.interval.low, bound.interval.high
    return repr((bound.interval.kind, *((end.size, end.strict) if end else None for end in ends)))


def _key(word: Word) -> str:
    return f"{LIMIT}{word.bound.interval.kind or ''}" if word.bound else word.key


def _shared(old: Sequence[Word], new: Sequence[Word]) -> tuple[int, int]:
    """How many words the two share at their start and, beyond those, at their end."""
    shortest = min(len(old), len(new))
    start = next((n for n in range(shortest) if _key(old[n]) != _key(new[n])), shortest)
    rest = shortest - start
    return start, next((n for n in range(rest) if _key(old[-1 - n]) != _key(new[-1 - n])), rest)


def _one_limit(old: Sequence[Word], new: Sequence[Word]) -> bool:
    return len(old) == len(new) == 1 and bool(old[0].bound and new[0].bound)


def _parted(old: Sequence[Word], new: Sequence[Word], edit: Edit) -> Iterator[Edit]:
    """An exchange of as many words as before, word by word, where a limit is among them."""
    size = edit.old[1] - edit.old[0]
    has_limit = any(word.bound for word in (*old[slice(*edit.old)], *new[slice(*edit.new)]))
    if size > 1 and size == edit.new[1] - edit.new[0] and not has_limit:
        for n in range(size):
            if old[edit.old[0] + n].key != new[edit.new[0] + n].key:
                yield Edit((edit.old[0] + n, edit.old[0] + n + 1), (edit.new[0] + n, edit.new[0] + n + 1))
    else:
        yield edit


def _moved(pairs: Sequence[tuple[Word, Word]]) -> Iterator[tuple[Bound, Bound]]:
    for was, now in pairs:
        if (
            was.bound
            and now.bound
            and (growth(was.bound.interval, now.bound.interval) != 0 or _told_anew(was.bound, now.bound))
        ):
            yield was.bound, now.bound


def _told_anew(old: Bound, new: Bound) -> bool:
    """The same limit with another equivalent in brackets."""
    return bool(old.restated and new.restated) and old.restated != new.restated
