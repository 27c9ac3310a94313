"""Which texts of two lists say the same in other words: by the words they share, the rare ones first."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from math import log

from rapidfuzz import fuzz

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[<>≤≥=%]")
_STEM = 7  # letters by which a word is known: "pregnant" and "pregnancy" are one
_NUMBER = 0.4  # of a word's weight: a limit that moved leaves the criterion the same
_SPELLING = 20  # by how much letters alone have to be more alike than letters and words
_LONG = 5000  # letters of a text of which only the words are weighed: letters take a time that grows as the square
_FEW = 2500  # pairs that are all weighed; of more, those that share words which are rare enough
_RARE = 40  # texts that have a word at most, for it to suggest a pair
_SUGGESTED = 5  # likely partners of a text in long lists


class Wording:
    """The words of a record's criteria in two versions, and what they weigh."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        self._sides = before, after
        self._texts = max(len(before), len(after), 1)
        self._rarity: dict[str, float] = {}
        self._weights: dict[str, float] = {}

    @cached_property
    def _found(self) -> Counter[str]:
        """In how many texts a word stands, in the version that has it in more."""
        old, new = (Counter(word for text in texts for word in _words(text)) for texts in self._sides)
        return old | new

    def alike(self, old: Sequence[str], new: Sequence[str], cutoff: float) -> list[tuple[int, int]]:
        """Positions of texts that are one text reworded: the likest two, then the likest two of the rest.

        `cutoff` is the least likeness (0 to 100) of two texts alone; among many it has to be more, as chance finds
        likeness there. The order of the lists decides nothing.
        """
        least = cutoff + _chance(len(old), len(new))
        scored = []
        for i, j in self._suggested(old, new):
            score = self.likeness(old[i], new[j])
            if score >= least:
                scored.append((-score, old[i], new[j], i, j))
        pairs: dict[int, int] = {}
        taken: set[int] = set()
        for _, _, _, i, j in sorted(scored):
            if i not in pairs and j not in taken:
                pairs[i] = j
                taken.add(j)
        return sorted(pairs.items())

    def likeness(self, one: str, other: str) -> float:
        """How alike two texts are, 0 to 100: letters and weighed words in equal parts, or letters if they are close."""
        smaller, larger = sorted((self._weight(one), self._weight(other)))
        if not smaller:
            return fuzz.ratio(one, other)
        words, others = _words(one), _words(other)
        shared = sum(min(n, others[word]) * self._weighs(word) for word, n in words.items() if word in others)
        overlap = 50 * (2 * shared / (smaller + larger) + shared / smaller)
        letters = fuzz.ratio(one, other) if max(len(one), len(other)) <= _LONG else overlap
        return max((letters + overlap) / 2, letters - _SPELLING)

    def _weight(self, text: str) -> float:
        if text not in self._weights:
            self._weights[text] = sum(n * self._weighs(word) for word, n in _words(text).items())
        return self._weights[text]

    def _weighs(self, word: str) -> float:
        if word not in self._rarity:
            weight = 1 + log(self._texts / min(self._found[word] or 1, self._texts))
            self._rarity[word] = weight if word[0].isalpha() else weight * _NUMBER
        return self._rarity[word]

    def _suggested(self, old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
        """The pairs worth weighing."""
        if len(old) * len(new) <= _FEW:
            yield from ((i, j) for i in range(len(old)) for j in range(len(new)))
            return
        having: defaultdict[str, list[int]] = defaultdict(list)
        for j, text in enumerate(new):
            for word in _words(text):
                having[word].append(j)
        for i, text in enumerate(old):
            votes: defaultdict[int, float] = defaultdict(float)
            for word in _words(text):
                if len(having.get(word, ())) <= _RARE:
                    weight = self._weighs(word)
                    for j in having.get(word, ()):
                        votes[j] += weight
            best = sorted(votes, key=lambda j: (-votes[j], new[j]))[:_SUGGESTED]
            yield from ((i, j) for j in best)


def _chance(old: int, new: int) -> float:
    return 2 * log(max(old * new, 1)) / log(10)


@lru_cache(maxsize=8192)
def _words(text: str) -> Counter[str]:
    return Counter(word[:_STEM] for word in _WORD.findall(text.casefold()))
