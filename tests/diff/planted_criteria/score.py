"""How many planted edits a comparison found, and what it told beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.model.change import Change
from tests.diff.planted_criteria.edits import Planted, Told


@dataclass(slots=True)
class Score:
    """Counts of edits by kind, and of changes that no edit explains."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    false: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        told = [kind for kind in self.planted if kind not in SILENT]
        planted, found = (sum(counts[kind] for kind in told) for counts in (self.planted, self.found))
        return 2 * found / (planted + found + self.false)

    def add(self, name: str, planted: Iterable[Planted], changes: Iterable[Change]) -> None:
        """Match each edit with the changes that tell it; what is left over is false."""
        left = list(changes)
        edits = list(planted)
        for edit in edits:
            taken = _taken(edit, left)
            self.planted[edit.kind] += 1
            self.found[edit.kind] += taken is not None
            if taken is None:
                self.misses.append(f"{name}: {edit}")
            for change in taken or ():
                left.remove(change)
        self.false += len(left)
        self.misses += [f"{name}: FALSE {c.kind} {c.path} {c.before!r} -> {c.after!r}" for c in left]
        if left:
            self.found.subtract(edit.kind for edit in edits if edit.kind in SILENT and len(edits) == 1)


SILENT = frozenset({"swap", "indent", "renumber", "rebullet"})


def _taken(edit: Planted, changes: list[Change]) -> list[Change] | None:
    """The changes that tell the edit, in one of its ways."""
    for way in edit.ways:
        taken = [next((c for c in changes if _tells(c, told)), None) for told in way]
        if None not in taken:
            return [change for change in taken if change]
    return None


def _tells(change: Change, told: Told) -> bool:
    detail = change.detail
    return (
        change.kind.value == told.kind
        and detail.get("section") == told.section
        and _same(change.before, told.before)
        and _same(change.after, told.after)
        and (told.from_section is None or detail.get("from_section") == told.from_section)
        and (told.direction is None or detail.get("direction") == told.direction)
    )


def _same(value: object, text: str | None) -> bool:
    return value is None if text is None else isinstance(value, str) and " ".join(value.split()) == text
