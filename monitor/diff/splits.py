"""An item cut in two, or two put together: words that only changed places say nothing of who fits.

The cut item and the longest of its parts are one item, changed; the other parts came (or, put together, went). All of
them are `reworded` where nothing but the joint came or went, `unclear` where more did or the joint settles who fits.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.diff.directions import Direction
from monitor.diff.rows import Row

_JOINTS = frozenset({"and", "or", "the", "a", "of"})  # words that a cut takes out or a joint puts in
_MOST = 0.8  # of an item's words found again in the text of its neighbour
_WORD = re.compile(r"\w+|[^\w\s.,;:]")
_NEGATION = re.compile(r"\b(?:no|not|non|without|never|neither|nor|none|unless|except\w*)\b|n't\b", re.IGNORECASE)
_NEUTRAL = {"inclusion": "and", "exclusion": "or"}  # what stands between two items of a section unsaid


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
    """Each item of the first list that the items of the second make up, none of them used twice."""
    openings: defaultdict[tuple[str, str], list[tuple[Row, list[str]]]] = defaultdict(list)
    for row in parts:
        if words := _WORD.findall(row.key.casefold()):
            openings[row.section, words[0]].append((row, words))
    joints = []
    for whole in wholes:
        found = _parts_of(whole, openings)
        if len(found) > 1:
            joints.append(Joint(whole, tuple(row for row, _ in found), _joint_direction(whole, [at for _, at in found])))
            for row, _ in found:
                _take(openings, row)
    return joints


def _parts_of(
    whole: Row, openings: defaultdict[tuple[str, str], list[tuple[Row, list[str]]]]
) -> list[tuple[Row, int]]:
    """The rows that make up the whole and where in its key each begins; empty if they leave a word out."""
    spans = list(_WORD.finditer(whole.key.casefold()))
    words = [found[0] for found in spans]
    taken: list[tuple[Row, int]] = []
    at = 0
    while at < len(words):
        used = [row for row, _ in taken]
        fitting = [
            (len(own), row)
            for row, own in openings.get((whole.section, words[at]), ())
            if words[at : at + len(own)] == own and row not in used
        ]
        if fitting:
            length, row = max(fitting, key=lambda fit: fit[0])
            taken.append((row, spans[at].start()))
            at += length
        elif taken and words[at] in ("and", "or"):
            at += 1
        else:
            return []
    return taken


def _take(openings: defaultdict[tuple[str, str], list[tuple[Row, list[str]]]], row: Row) -> None:
    for waiting in openings.values():
        waiting[:] = [(other, words) for other, words in waiting if other is not row]


def _joint_direction(whole: Row, starts: Sequence[int]) -> Direction:
    """Reworded if each joint says no more than the gap between two items of the section does."""
    for start in starts[1:]:
        sentence = re.split(r"[.;](?=\s)", whole.key[:start].rstrip())
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
        self._words: dict[int, Counter[str]] = {}
        changed = [(was, now) for was, now in pairs if was.key != now.key]
        for was, now in changed:
            self._shift(was, now, [row for row in added if self._within(row, was, now)], [])
            self._shift(was, now, [], [row for row in removed if self._within(row, now, was)])
        for joint in joints:
            self._directions |= {id(row): joint.direction for row in (joint.whole, *joint.parts)}

    def direction(self, was: Row | None, now: Row | None) -> Direction | None:
        """What to say of an item that took part in a cut or a joint; None for any other."""
        return self._directions.get(id(was)) or self._directions.get(id(now))

    def _shift(self, was: Row, now: Row, added: Sequence[Row], removed: Sequence[Row]) -> None:
        """More than a joint came or went with the words that were shifted, or their order is another."""
        if added or removed:
            self._directions |= {id(row): "unclear" for row in (was, now, *added, *removed)}

    def _within(self, row: Row, whole: Row, rest: Row) -> bool:
        """True if most of the row's words stood in `whole` and no longer stand in what became of it."""
        words = self._counted(row)
        moved = words & (self._counted(whole) - self._counted(rest))
        return row.section == whole.section and bool(words) and sum(moved.values()) >= sum(words.values()) * _MOST

    def _counted(self, row: Row) -> Counter[str]:
        if id(row) not in self._words:
            words = re.findall(r"\w+", row.key.casefold())
            self._words[id(row)] = Counter(word for word in words if word not in _JOINTS)
        return self._words[id(row)]
