"""An item cut in two, or two put together: words that only changed places say nothing of who fits.

The cut item and the longest of its parts are one item, changed; the other parts came (or, put together, went). All of
them are `reworded` where nothing but the joint came or went, `unclear` where more did or the joint settles who fits.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from monitor.diff.directions import Direction
from monitor.diff.rows import Row

_JOINTS = frozenset({"and", "or", "the", "a", "of"})  # words that a cut takes out or a joint puts in
_MOST = 0.8  # of an item's words found again in the text of its neighbour
_WORD = re.compile(r"\w+|[^\w\s.,;:]")
_NEGATION = re.compile(r"\b(?:no|not|non|without|never|neither|nor|none|unless|except\w*)\b|n't\b", re.IGNORECASE)
_NEUTRAL = {"inclusion": "and", "exclusion": "or"}  # what stands between two items of a section unsaid


_Words: TypeAlias = tuple[str, ...]  # a section and the words of an item of it


@dataclass(frozen=True, slots=True)
class Joint:
    """An item whose words are those of several others, in a row. `direction` is what its cut or its joining says."""

    whole: Row
    parts: tuple[Row, ...]
    direction: Direction

    @property
    def kept(self) -> Row:
        """The part that is told as the same item as the whole."""
        return max(self.parts, key=lambda row: (len(row.key), row.key))


def find_joints(wholes: Sequence[Row], parts: Sequence[Row]) -> list[Joint]:
    """Each item of the first list that items of the second make up, none of them used twice."""
    waiting: dict[_Words, list[Row]] = {}
    for row in parts:
        waiting.setdefault((row.section, *_WORD.findall(row.key.casefold())), []).append(row)
    waiting = {words: rows for words, rows in waiting.items() if len(words) > 1}
    joints = []
    for whole in wholes:
        found = _parts_of(whole, waiting, sorted({len(words) - 1 for words in waiting}, reverse=True))
        if len(found) > 1:
            rows = tuple(waiting[words].pop() for words, _ in found)
            joints.append(Joint(whole, rows, _joint_direction(whole, [start for _, start in found])))
    return joints


def _parts_of(whole: Row, waiting: Mapping[_Words, Sequence[Row]], lengths: Sequence[int]) -> list[tuple[_Words, int]]:
    """The words of the rows that make up the whole, and where in its key each begins; empty if they leave any out."""
    spans = list(_WORD.finditer(whole.key.casefold()))
    words = [found[0] for found in spans]
    taken: list[tuple[_Words, int]] = []
    at = 0
    while at < len(words):
        runs = ((whole.section, *words[at : at + length]) for length in lengths if length <= len(words) - at)
        own = next((run for run in runs if [one for one, _ in taken].count(run) < len(waiting.get(run, ()))), None)
        if own:
            taken.append((own, spans[at].start()))
            at += len(own) - 1
        elif taken and words[at] in ("and", "or"):
            at += 1
        else:
            return []
    return taken


def _joint_direction(whole: Row, starts: Sequence[int]) -> Direction:
    """Reworded if each joint says no more than the gap between two items of the section does."""
    for start in starts[1:]:
        sentence = re.split(r"[.;](?=\s)", whole.key[:start])
        joint = re.search(r"\b(?:and|or)\W*\Z", whole.key[:start], re.IGNORECASE)
        spoken = re.sub(r"\W", "", joint[0]).casefold() if joint else ""
        if spoken and spoken != _NEUTRAL.get(whole.section):
            return "unclear"
        if _NEGATION.search(sentence[-1]):
            return "unclear"
    return "reworded"


class Shifts:
    """The items of two versions whose words went from one item to another."""

    def __init__(
        self, pairs: Sequence[tuple[Row, Row]], removed: Sequence[Row], added: Sequence[Row], joints: Iterable[Joint]
    ) -> None:
        self._directions: dict[int, Direction] = {}
        changed = [(was, now) for was, now in pairs if was.key != now.key]
        for row, (was, now) in (
            *_shifted(changed, added),
            *_shifted([(now, was) for was, now in changed], removed),
        ):
            self._directions |= {id(each): "unclear" for each in (row, was, now)}
        for joint in joints:
            self._directions |= {id(row): joint.direction for row in (joint.whole, *joint.parts)}

    def direction(self, was: Row | None, now: Row | None) -> Direction | None:
        """What to say of an item that took part in a cut or a joint; None for any other."""
        return self._directions.get(id(was)) or self._directions.get(id(now))


def _shifted(changed: Sequence[tuple[Row, Row]], rows: Sequence[Row]) -> Iterator[tuple[Row, tuple[Row, Row]]]:
    """The rows most of whose words stood in the first of two and do not stand in the second, each with the two."""
    lost = [_counted(whole) - _counted(rest) for whole, rest in changed]
    losers: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for n, words in enumerate(lost):
        for word in words:
            losers[changed[n][0].section, word].append(n)
    for row in rows:
        words = _counted(row)
        most = sum(words.values()) * _MOST
        telling = _telling(words, {word: losers.get((row.section, word), []) for word in words})
        yield from ((row, changed[n]) for n in telling if sum((words & lost[n]).values()) >= most)


def _telling(words: Counter[str], losers: Mapping[str, Sequence[int]]) -> set[int]:
    """Those that lost one of the rarest words; who lost most of all words has lost one of so many."""
    spare = sum(words.values()) * (1 - _MOST)
    found: set[int] = set()
    for word in sorted(words, key=lambda word: len(losers[word])):
        found.update(losers[word])
        spare -= words[word]
        if spare < 0:
            break
    return found


def _counted(row: Row) -> Counter[str]:
    return Counter(word for word in re.findall(r"\w+", row.key.casefold()) if word not in _JOINTS)
