"""The criteria tree laid flat: one row for each item and heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count

from monitor.diff.sameness import folded
from monitor.model.sections import Criterion, Eligibility

SECTIONS = ("inclusion", "exclusion", "other")
_AROUND_SIGNS = re.compile(r" ?([<>≤≥=±+×/%()\[\]-]) ?")
_ENDS = re.compile(r"\A\(?(?:\d{1,2}[.)]|(?:[a-z]|[ivx]{1,4})[.)](?=\s+[A-Z]))\s+|[\s.;:,]+\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """One item or heading of the tree. `number` counts the items of its section ("4", "4.2"), headings aside.

    `cohort` are the keys of the headings over it, `above` the texts of the items over it, outermost first.
    """

    section: str
    cohort: tuple[str, ...]
    number: str
    text: str
    key: str
    above: tuple[str, ...] = ()
    heading: bool = False

    @property
    def parent(self) -> str | None:
        """The text of the item that it is part of."""
        return self.above[-1] if self.above else None


def flat_rows(eligibility: Eligibility) -> list[Row]:
    """Items and headings of the three sections from top to bottom."""
    rows: list[Row] = []
    for section in SECTIONS:
        nodes = getattr(eligibility, section)
        above: tuple[str, ...] = ()
        if len(nodes) == 1 and nodes[0].children and not nodes[0].heading:  # one sentence over the whole list
            rows.append(Row(section, (), "", nodes[0].text, row_key(nodes[0].text)))
            above, nodes = (nodes[0].text,), nodes[0].children
        counter = count(1)
        for node in nodes:
            rows.extend(_rows(node, Row(section, (), "", "", "", above), counter))
    return rows


def _rows(node: Criterion, place: Row, counter: Iterator[int]) -> Iterator[Row]:
    """The node and all below it; `place` is an empty row that stands where the node does."""
    key = row_key(node.text)
    if not key:  # nothing but a mark: its parts stand where it does
        below = place
    elif node.heading:
        yield replace(place, number="", text=node.text, key=key, heading=True)
        below = replace(place, cohort=(*place.cohort, key))
    else:
        number = ".".join(filter(None, (place.number, str(next(counter)))))
        yield replace(place, number=number, text=node.text, key=key)
        below, counter = replace(place, number=number, above=(*place.above, node.text)), count(1)
    for child in node.children:
        yield from _rows(child, below, counter)


def bare(text: str) -> str:
    """The text without the full stop or comma at its end, which says nothing."""
    return text.rstrip(" .;,\n")


@lru_cache(maxsize=4096)  # most items are the same before and after
def row_key(text: str) -> str:
    """The comparison form of an item: folded, without its number, the marks at its end and the spaces around signs."""
    return _ENDS.sub("", _AROUND_SIGNS.sub(r"\1", folded(text) or ""))
