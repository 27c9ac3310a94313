"""The criteria tree laid flat: one row for each item and heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from monitor.diff.sameness import folded
from monitor.model.sections import Criterion, Eligibility

SECTIONS = ("inclusion", "exclusion", "other")
_ENDS = re.compile(r"\A\(?\d{1,2}[.)]\s+|[\s.;:,]+\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """One item or heading of the tree. `number` counts the items of its section ("4", "4.2"), headings aside."""

    section: str
    cohort: tuple[str, ...]
    number: str
    text: str
    key: str
    parent: str | None = None
    heading: bool = False


def flat_rows(eligibility: Eligibility) -> list[Row]:
    """Items and headings of the three sections from top to bottom."""
    rows: list[Row] = []
    for section in SECTIONS:
        counter = [0]
        nodes = getattr(eligibility, section)
        if len(nodes) == 1 and nodes[0].children and not nodes[0].heading:  # one sentence over the whole list
            rows.append(Row(section, (), "", nodes[0].text, row_key(nodes[0].text)))
            for child in nodes[0].children:
                rows.extend(_rows(section, child, (), "", nodes[0].text, counter))
            continue
        for node in nodes:
            rows.extend(_rows(section, node, (), "", None, counter))
    return rows


def _rows(  # noqa: PLR0917 (the place of a node in the tree)
    section: str, node: Criterion, cohort: tuple[str, ...], above: str, parent: str | None, counter: list[int]
) -> Iterator[Row]:
    key = row_key(node.text)
    if node.heading:
        yield Row(section, cohort, "", node.text, key, parent, heading=True)
        for child in node.children:
            yield from _rows(section, child, (*cohort, key), above, parent, counter)
        return
    counter[0] += 1
    number = f"{above}.{counter[0]}" if above else str(counter[0])
    yield Row(section, cohort, number, node.text, key, parent)
    below = [0]
    for child in node.children:
        yield from _rows(section, child, cohort, number, node.text, below)


def bare(text: str) -> str:
    """The text without the full stop or comma at its end, which says nothing."""
    return text.rstrip(" .;,\n")


@lru_cache(maxsize=4096)  # most items are the same before and after
def row_key(text: str) -> str:
    """The comparison form of an item: folded, without its number and the marks at its end."""
    return _ENDS.sub("", folded(text) or "")
