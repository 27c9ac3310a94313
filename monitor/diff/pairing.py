"""Which criterion of one version is which of the other: by its words and where it stands, never by its position."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from monitor.diff.align import by_identity
from monitor.diff.rows import SECTIONS, Row, row_key
from monitor.diff.splits import Joint, find_joints
from monitor.diff.wording import Wording

_REWORDED = 44  # of 100: two texts of one section that are one item
_MOVED = 85  # of 100: the same over two sections
_HEADING = 70

Pair: TypeAlias = tuple[Row, Row]


@dataclass(frozen=True, slots=True)
class Pairing:
    """The criteria of two versions: those that are one, as pairs before and after, and those of one side only.

    `joints` are the cut and the joined among them.
    """

    headings: tuple[Pair, ...]
    items: tuple[Pair, ...]
    removed: tuple[Row, ...]
    added: tuple[Row, ...]
    joints: tuple[Joint, ...]


def paired(old: Sequence[Row], new: Sequence[Row]) -> Pairing:
    """Headings first, as they tell where an item stands; then equal items, cut and joined ones, and like ones."""
    wording = Wording([row.key for row in old], [row.key for row in new])
    headings = _headings([r for r in old if r.heading], [r for r in new if r.heading], wording)
    rest = _Rest(_without(old, [was for was, _ in headings]), _without(new, [now for _, now in headings]))
    rest.take_equal({was.key: now.key for was, now in headings})
    joints = rest.take_joints()
    rest.take_alike(wording)
    return Pairing(tuple(headings), tuple(rest.pairs), tuple(rest.removed), tuple(rest.added), tuple(joints))


def _without(rows: Sequence[Row], taken: Iterable[Row]) -> list[Row]:
    gone = {id(row) for row in taken}
    return [row for row in rows if id(row) not in gone]


def _headings(old: Sequence[Row], new: Sequence[Row], wording: Wording) -> list[Pair]:
    same = by_identity(old, new, lambda row: (row.section, row.cohort, row.key))
    near = by_identity(same.removed, same.added, lambda row: row.key)
    pairs = [*same.pairs, *near.pairs]
    for section in SECTIONS:
        lost, won = ([r for r in side if r.section == section] for side in (near.removed, near.added))
        pairs.extend(_alike(lost, won, wording, _HEADING))
    return pairs


def _alike(old: Sequence[Row], new: Sequence[Row], wording: Wording, cutoff: float) -> list[Pair]:
    found = wording.alike([row.key for row in old], [row.key for row in new], cutoff)
    return [(old[i], new[j]) for i, j in found]


class _Rest:
    """What no pair holds yet."""

    def __init__(self, old: Sequence[Row], new: Sequence[Row]) -> None:
        self.old, self.new = list(old), list(new)
        self.pairs: list[Pair] = []
        self.removed: list[Row] = []
        self.added: list[Row] = []

    def _take(self, pairs: Sequence[Pair]) -> None:
        self.pairs.extend(pairs)
        self.old, self.new = (
            _without(self.old, [was for was, _ in pairs]),
            _without(self.new, [now for _, now in pairs]),
        )

    def take_equal(self, names: Mapping[str, str]) -> None:
        """Where they stood, then elsewhere in the section, then in another one."""
        renamed = {id(row): tuple(names.get(key, key) for key in row.cohort) for row in self.old}
        keys: tuple[Callable[[Row], Hashable], ...] = (
            lambda r: (r.section, renamed.get(id(r), r.cohort), row_key(r.parent or ""), r.key),
            lambda r: (r.section, renamed.get(id(r), r.cohort), r.key),
            lambda r: (r.section, r.key),
            lambda r: (r.section, r.key.casefold()),
            lambda r: r.key,
        )
        for key in keys:
            self._take(by_identity(self.old, self.new, key).pairs)

    def take_joints(self) -> list[Joint]:
        """The whole and the longest of its parts are a pair; the other parts came or went."""
        cuts, joinings = find_joints(self.old, self.new), find_joints(self.new, self.old)
        self._take([*((cut.whole, cut.kept) for cut in cuts), *((join.kept, join.whole) for join in joinings)])
        self.added += [row for cut in cuts for row in cut.parts if row is not cut.kept]
        self.removed += [row for join in joinings for row in join.parts if row is not join.kept]
        self.old, self.new = _without(self.old, self.removed), _without(self.new, self.added)
        return [*cuts, *joinings]

    def take_alike(self, wording: Wording) -> None:
        """The likest two of a section first, then over the sections; what is left came or went."""
        for section in SECTIONS:
            lost, won = ([r for r in side if r.section == section] for side in (self.old, self.new))
            self._take(_alike(lost, won, wording, _REWORDED))
        self._take(_alike(self.old, self.new, wording, _MOVED))
        self.removed += self.old
        self.added += self.new


class Places:
    """Where the items of two versions stand, in terms of what stands on both sides."""

    def __init__(self, pairing: Pairing) -> None:
        self._names = {was.key: now.key for was, now in pairing.headings}
        self._kept = frozenset(self._names.values())
        self._now: defaultdict[str, set[str]] = defaultdict(set)
        for was, now in pairing.items:
            self._now[was.key].add(now.key)
        nested = [(row_key(was.parent), row_key(now.parent)) for was, now in pairing.items if was.parent and now.parent]
        self._parts = Counter(old for old, _ in nested)
        steady = [(old, new) for old, new in nested if new in self._now[old]]
        self._leaving, self._taking = frozenset(old for old, _ in steady), frozenset(new for _, new in steady)

    def stood(self, row: Row) -> bool:
        """Whether every cohort of an item that went is still there."""
        return all(self._names.get(key) in self._kept for key in row.cohort)

    def stands(self, row: Row) -> bool:
        """Whether every cohort of an item that came was there before."""
        return all(key in self._kept for key in row.cohort)

    def moved(self, was: Row, now: Row) -> bool:
        """Into another section, another cohort that stood before, or under another item that has parts from before.

        Another nesting is layout and says nothing: a level more or less, or all parts of an item under another one.
        """
        if was.section != now.section:
            return True
        known = self.stood(was) and self.stands(now)
        if known and tuple(self._names[key] for key in was.cohort) != now.cohort:
            return True
        return bool(was.above and now.above) and self._moved_within(was, now)

    def _moved_within(self, was: Row, now: Row) -> bool:
        before = [row_key(text) for text in was.above]
        after = [row_key(text) for text in now.above]
        if self._now[before[-1]] & set(after) or any(after[-1] in self._now[key] for key in before):
            return False
        alone = self._parts[before[-1]] == 1 or before[-1] in self._leaving
        return alone and after[-1] in self._taking
