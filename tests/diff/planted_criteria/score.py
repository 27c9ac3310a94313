"""How many planted edits a comparison found, and what it told beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.model.change import Change
from tests.diff.planted_criteria.edits import Planted, Told

SILENT = frozenset({"swap", "indent", "renumber", "rebullet"})


@dataclass(slots=True)
class Score:
    """Counts of edits by kind, and of changes that no edit explains."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    false: int = 0
    pairs: int = 0
    misses: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    @property
    def records(self) -> int:
        return len(self.names)

    @property
    def recall(self) -> float:
        return self._told(self.found) / self._told(self.planted)

    @property
    def precision(self) -> float:
        return self._told(self.found) / (self._told(self.found) + self.false)

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)

    @staticmethod
    def _told(counts: Counter[str]) -> int:
        return sum(count for kind, count in counts.items() if kind not in SILENT)

    def add(self, name: str, planted: Iterable[Planted], changes: Iterable[Change]) -> None:
        """Match each edit with the changes that tell it; what is left over is false, and layout was not silent then."""
        left = list(changes)
        self.pairs += 1
        self.names.add(name)
        silent = []
        for edit in planted:
            self.planted[edit.kind] += 1
            taken = _taken(edit, left)
            if edit.kind in SILENT:
                silent.append(edit.kind)
            elif taken:
                self.found[edit.kind] += 1
                left = [change for change in left if change not in taken]
            else:
                self.misses.append(f"{name}: not told: {edit}")
        self.false += len(left)
        self.found.update(silent if not left else ())
        self.misses += [f"{name}: told beside them: {c.kind} {c.path} {c.before!r} -> {c.after!r}" for c in left]


def _taken(edit: Planted, changes: list[Change]) -> list[Change]:
    """The changes that tell the edit in one of its ways; none if it is not told."""
    for way in edit.ways:
        taken = [next((change for change in changes if _tells(change, told)), None) for told in way]
        if None not in taken:
            return [change for change in taken if change]
    return []


def _tells(change: Change, told: Told) -> bool:
    detail = change.detail
    return (
        change.kind.value == told.kind
        and detail.get("section") == told.section
        and _same(change.before, told.before)
        and _same(change.after, told.after)
        and (told.from_section is None or detail.get("from_section") == told.from_section)
        and (told.directions is None or detail.get("direction") in told.directions)
    )


def _same(value: object, text: str | None) -> bool:
    return value is None if text is None else isinstance(value, str) and " ".join(value.split()) == text
