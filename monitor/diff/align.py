"""Which items of two lists are the same item: by identity first, by likeness then, never by position."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Generic, TypeVar

from rapidfuzz import fuzz

_SENTENCE = 5  # words from which a text is a sentence
_LETTERS = 4
_CROWD = 40_000  # pairs of texts that are scored one by one
_COMMON = 200  # texts of a crowd with one word: more make that word say nothing
_NEAREST = 20  # texts of a crowd that each is scored with
_RARER = 10  # chance makes two sentences share letters, seldom words: these weigh more

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Aligned(Generic[Item]):
    """Pairs of one item before and after, and what only one side has. Orders are those of the lists."""

    pairs: tuple[tuple[Item, Item], ...]
    removed: tuple[Item, ...]
    added: tuple[Item, ...]


def equal_ends(before: Sequence[Item], after: Sequence[Item]) -> Aligned[Item]:
    """The equal items with which both lists begin and end: most lists differ somewhere in the middle only."""
    shortest = min(len(before), len(after))
    start = next((n for n in range(shortest) if before[n] != after[n]), shortest)
    rest = shortest - start
    end = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    old, new = len(before) - end, len(after) - end
    return Aligned(
        (*zip(before[:start], after[:start], strict=True), *zip(before[old:], after[new:], strict=True)),
        tuple(before[start:old]),
        tuple(after[start:new]),
    )


def by_identity(before: Sequence[Item], after: Sequence[Item], key: Callable[[Item], Hashable]) -> Aligned[Item]:
    """Items with equal keys are one; a key that stands twice is matched as often as it stands on both sides."""
    if not before or not after:
        return Aligned((), tuple(before), tuple(after))
    waiting: defaultdict[Hashable, list[Item]] = defaultdict(list)
    for item in after:
        waiting[key(item)].append(item)
    for queue in waiting.values():
        queue.reverse()
    pairs: list[tuple[Item, Item]] = []
    removed: list[Item] = []
    for item in before:
        queue = waiting.get(key(item), [])
        if queue:
            pairs.append((item, queue.pop()))
        else:
            removed.append(item)
    left = {id(item) for queue in waiting.values() for item in queue}
    return Aligned(tuple(pairs), tuple(removed), tuple(item for item in after if id(item) in left))


def by_likeness(
    before: Sequence[Item], after: Sequence[Item], text: Callable[[Item], str], *, cutoff: float
) -> Aligned[Item]:
    """The likest two become a pair, then the likest two of the rest, while they are at least `cutoff` alike."""
    scored = _scores([text(item) for item in before], [text(item) for item in after], cutoff)
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, old, new in scored:
        if old not in partner and new not in taken:
            partner[old] = new
            taken.add(new)
    return Aligned(
        tuple((before[old], after[new]) for old, new in sorted(partner.items())),
        tuple(item for n, item in enumerate(before) if n not in partner),
        tuple(item for n, item in enumerate(after) if n not in taken),
    )


def _scores(old: Sequence[str], new: Sequence[str], cutoff: float) -> list[tuple[float, tuple[str, str], int, int]]:
    """Likeness of every two texts, best first; texts decide between equals, so that order of lists does not."""
    near = product(range(len(old)), range(len(new))) if len(old) * len(new) <= _CROWD else _sharing_words(old, new)
    scored = [(-likeness(old[i], new[j], cutoff), (old[i], new[j]), i, j) for i, j in near]
    return sorted(score for score in scored if score[0] < 0)


def _sharing_words(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Of a crowd each text with those that share most words with it, words that very many have aside."""
    shelves: defaultdict[str, list[int]] = defaultdict(list)
    for j in sorted(range(len(new)), key=new.__getitem__):
        for word in set(new[j].casefold().split()):
            shelves[word].append(j)
    for i, text in enumerate(old):
        shared: Counter[int] = Counter()
        for word in sorted(set(text.casefold().split())):
            if len(shelves.get(word, ())) <= _COMMON:
                shared.update(shelves.get(word, ()))
        yield from ((i, j) for j, _ in shared.most_common(_NEAREST))


def likeness(one: str, other: str, cutoff: float = 0) -> float:
    """How alike two texts are (0 to 110), by letters or, in sentences, by words they share; 0 below the cut-off."""
    letters = max(
        fuzz.ratio(one, other, score_cutoff=cutoff),
        fuzz.token_sort_ratio(one, other, score_cutoff=max(cutoff + 10, 70)),
    )
    words = _words(one), _words(other)
    if min(map(len, words)) < _SENTENCE:
        return letters
    shared = _overlap(*words)
    return max(letters, shared + _RARER if shared + _RARER >= cutoff else 0)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """The words of four letters and more: the shorter ones are shared by all sentences."""
    return frozenset(word for word in re.findall(r"\w+", text.casefold()) if len(word) >= _LETTERS)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The mean of what the texts share of both and of the shorter one."""
    shared = len(one & other)
    return 100 * (shared / (len(one) + len(other)) + shared / min(len(one), len(other)) / 2)
