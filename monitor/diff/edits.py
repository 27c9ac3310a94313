"""The same edit made in many texts is one change."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from monitor.diff.pieces import pieces
from monitor.diff.sameness import folded, same

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class TextPair(Generic[Item]):
    """A text of one item as it was and as it is."""

    item: Item
    before: str | None
    after: str | None


def grouped(pairs: Sequence[TextPair[Item]]) -> list[list[TextPair[Item]]]:
    """The pairs that differ, those together whose words were changed alike; in the order of their first."""
    groups: dict[Hashable, list[TextPair[Item]]] = {}
    for pair in pairs:
        if not same(pair.before, pair.after):
            groups.setdefault(_edit(pair), []).append(pair)
    return list(groups.values())


def _edit(pair: TextPair[Item]) -> Hashable:
    before, after = folded(pair.before), folded(pair.after)
    if not before or not after:
        return (before, after)
    return tuple((sign, text.strip()) for sign, text in pieces(before, after) if sign != "=")
