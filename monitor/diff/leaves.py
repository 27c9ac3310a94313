"""Where two trees of JSON differ: single values, with the items of lists paired by what names them, not by place.

Both trees are cut down to what differs, their lists turned into mappings by the names of paired items; what is left is
small, and deepdiff says what became of each value in it. The only importer of deepdiff.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from monitor.diff.sameness import canonical, fingerprint, folded
from monitor.model.json import Json

if TYPE_CHECKING:
    from deepdiff.model import DiffLevel

_NAMING = ("id", "groupId", "term", "title", "name", "label", "type", "units", "organSystem")
_ALIKE = 0.5  # of 1: items of one list that share so many of their values are one
_MOST = 20_000  # pairs of items that are held against each other; a list with more is paired in its own order

Steps: TypeAlias = tuple[str, ...]
Pair: TypeAlias = tuple[Json, Json]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that differs: the keys and the names of list items that lead to it, and both values (None: nothing)."""

    steps: Steps
    before: Json
    after: Json


def differing(before: Json, after: Json) -> list[Leaf]:
    """The smallest parts in which two values differ, by the steps that lead there; none if they say the same."""
    old, new = _Trees().keyed(before, after)
    if old == new:
        return []
    from deepdiff import DeepDiff

    tree = DeepDiff(old, new, view="tree", threshold_to_diff_deeper=0, verbose_level=2)
    leaves = [_leaf(level) for group in tree.values() for level in group]
    return sorted(leaves, key=lambda leaf: leaf.steps)


def _leaf(level: DiffLevel) -> Leaf:
    steps = tuple(map(str, level.path(output_format="list")))
    return Leaf(steps, _present(level.t1), _present(level.t2))


def _present(value: object) -> Json:
    """None where deepdiff says that nothing is there."""
    return value if isinstance(value, bool | int | float | str | dict | list) else None


def item_names(items: Sequence[Json]) -> list[str]:
    """A name for each item of a list: what names it, with #1, #2 where several are named alike; order is nothing."""
    names: list[str] = [""] * len(items)
    alike: defaultdict[str, list[int]] = defaultdict(list)
    for n, item in enumerate(items):
        alike[_name(item)].append(n)
    for name, places in alike.items():
        if len(places) > 1:
            places.sort(key=lambda n: fingerprint(canonical(items[n])))
        for count, place in enumerate(places):
            names[place] = f"{name} #{count}" if count else name
    return names


def _name(item: Json) -> str:
    if isinstance(item, Mapping):
        return next((name for key in _NAMING if isinstance(name := item.get(key), str)), "item")
    return "item" if isinstance(item, list) else str(canonical(item))


class _Trees:
    """Two trees under comparison. Whatever says the same has the same number, so that no part is read twice."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._texts: dict[str, int] = {}
        self._known: dict[int, int] = {}  # by id(): the trees outlive this object

    def keyed(self, old: Json, new: Json) -> tuple[Json, Json]:
        """What differs of both: mappings all the way down; None for what says nothing, or the same as the other."""
        if old == new:
            return None, None
        if isinstance(old, dict) and isinstance(new, dict):
            return self._sides({key: (old.get(key), new.get(key)) for key in (*old, *new)})
        if isinstance(old, list) and isinstance(new, list):
            return self._sides(self._items(old, new))
        one, other = self._number(old), self._number(new)
        return (None, None) if one == other else (old if one else None, new if other else None)

    def _sides(self, pairs: Mapping[str, Pair]) -> tuple[Json, Json]:
        cut = {name: self.keyed(was, now) for name, (was, now) in pairs.items()}
        sides = [{name: pair[side] for name, pair in cut.items() if pair[side] is not None} for side in (0, 1)]
        return sides[0], sides[1]

    def _number(self, value: Json) -> int:
        """The value's number; 0 for what says nothing."""
        if isinstance(value, str):
            known = self._texts.get(value)
            if known is None:
                told = folded(value)
                known = self._texts[value] = self._numbered(told) if told else 0
            return known
        if not isinstance(value, dict | list):
            return 0 if value is None else self._numbered((type(value).__name__, value))
        known = self._known.get(id(value))
        if known is None:
            inner = self._mapped(value) if isinstance(value, dict) else self._listed(value)
            known = self._known[id(value)] = self._numbered(inner) if inner else 0
        return known

    def _mapped(self, value: Mapping[str, Json]) -> Hashable:
        number = self._number
        return tuple(sorted([(key, told) for key, inner in value.items() if (told := number(inner))]))

    def _listed(self, value: Sequence[Json]) -> Hashable:
        """In no order; words count once."""
        numbers = sorted([number for inner in self._once(value) if (number := self._number(inner))])
        return ("list", *numbers) if numbers else ()

    def _numbered(self, key: Hashable) -> int:
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def _items(self, old: Sequence[Json], new: Sequence[Json]) -> dict[str, Pair]:
        """The items of two lists that are not equal, paired, each pair by the name of the old item if there is one."""
        lost, won = self._unequal(old, new)
        if not lost and not won:
            return {}
        listed = item_names(old)
        names = {id(item): name for item, name in zip(old, listed, strict=True)}
        pairs, removed, added = self._paired(lost, won)
        found: dict[str, Pair] = {names[id(was)]: (was, now) for was, now in pairs}
        found |= {names[id(gone)]: (gone, None) for gone in removed}
        taken = set(listed)
        for come, name in zip(added, item_names(added), strict=True):
            free = next(each for n in range(len(new) + 1) if (each := f"{name} +{n}" if n else name) not in taken)
            taken.add(free)
            found[free] = (None, come)
        return found

    def _unequal(self, old: Sequence[Json], new: Sequence[Json]) -> tuple[list[Json], list[Json]]:
        """What stands in one list more often than in the other; words count once.

        What is equal and in the same place is known to be in both without being read.
        """
        if len(old) == len(new) and not any(isinstance(item, str) for item in (*old, *new)):
            apart = [(was, now) for was, now in zip(old, new, strict=True) if was != now]
            old, new = [was for was, _ in apart], [now for _, now in apart]
        old, new = self._once(old), self._once(new)
        counts = Counter(map(self._number, old)), Counter(map(self._number, new))
        sides = []
        for items, surplus in ((old, counts[0] - counts[1]), (new, counts[1] - counts[0])):
            side = []
            for item in items:
                number = self._number(item)
                if number and surplus[number] > 0:
                    surplus[number] -= 1
                    side.append(item)
            sides.append(side)
        return sides[0], sides[1]

    def _once(self, items: Sequence[Json]) -> list[Json]:
        if not any(isinstance(item, str) for item in items):
            return list(items)
        first: dict[Hashable, Json] = {}
        for n, item in enumerate(items):
            first.setdefault(self._number(item) if isinstance(item, str) else -n - 1, item)
        return list(first.values())

    def _paired(self, old: list[Json], new: list[Json]) -> tuple[list[Pair], list[Json], list[Json]]:
        """By all that names them, then by name, then by likeness."""
        pairs: list[Pair] = []
        for key in (self._names, _name):
            found, old, new = self._by_name(old, new, key)
            pairs += found
        found, old, new = self._by_likeness(old, new)
        return [*pairs, *found], old, new

    def _names(self, item: Json) -> Hashable:
        return tuple(self._number(item.get(key)) for key in _NAMING) if isinstance(item, Mapping) else _name(item)

    def _by_name(
        self, old: list[Json], new: list[Json], key: Callable[[Json], Hashable]
    ) -> tuple[list[Pair], list[Json], list[Json]]:
        """Items of one name; where several have it, the likest first."""
        shelves: defaultdict[Hashable, tuple[list[Json], list[Json]]] = defaultdict(lambda: ([], []))
        for side, items in enumerate((old, new)):
            for item in items:
                if isinstance(item, Mapping) and _name(item) != "item":
                    shelves[key(item)][side].append(item)
        pairs: list[Pair] = []
        for was, now in shelves.values():
            alone = len(was) == len(now) == 1
            pairs += [(was[0], now[0])] if alone else self._by_likeness(was, now)[0]
        return _without(pairs, old, new)

    def _by_likeness(self, old: list[Json], new: list[Json]) -> tuple[list[Pair], list[Json], list[Json]]:
        """The likest two become a pair, then the likest two of the rest; words and numbers are never a pair."""
        one, other = ([item for item in items if isinstance(item, Mapping | list)] for items in (old, new))
        stamps = [[fingerprint(canonical(item)) for item in side] for side in (one, other)]
        if len(one) * len(other) > _MOST:
            ordered = [sorted(range(len(side)), key=side.__getitem__) for side in stamps]
            return _without([(one[i], other[j]) for i, j in zip(*ordered, strict=False)], old, new)
        bags = [[self._bag(item) for item in side] for side in (one, other)]
        scored = [
            (-shared, stamps[0][i], stamps[1][j], i, j)
            for i, was in enumerate(bags[0])
            for j, now in enumerate(bags[1])
            if (shared := (was & now).total() / max(was.total(), now.total(), 1)) >= _ALIKE
        ]
        return _without([(one[i], other[j]) for i, j in _greedy(scored)], old, new)

    def _bag(self, item: Json) -> Counter[int]:
        """The values within, wherever they stand."""
        bag: Counter[int] = Counter()
        waiting: list[Json] = [item]
        while waiting:
            each = waiting.pop()
            if isinstance(each, dict | list):
                waiting.extend(each.values() if isinstance(each, dict) else each)
            else:
                bag[self._number(each)] += 1
        return bag


def _greedy(scored: list[tuple[float, bytes, bytes, int, int]]) -> list[tuple[int, int]]:
    """The best pairs first; each side once."""
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for *_, i, j in sorted(scored):
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    return sorted(partner.items())


def _without(pairs: list[Pair], old: list[Json], new: list[Json]) -> tuple[list[Pair], list[Json], list[Json]]:
    """The pairs, and what of both sides is in none."""
    return pairs, _left(old, [was for was, _ in pairs]), _left(new, [now for _, now in pairs])


def _left(items: list[Json], used: list[Json]) -> list[Json]:
    counts = Counter(map(id, used))
    left = []
    for item in items:
        counts[id(item)] -= 1
        if counts[id(item)] < 0:
            left.append(item)
    return left
