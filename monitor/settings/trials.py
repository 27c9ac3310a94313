"""The watches of the document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from monitor.errors import BadReference
from monitor.model.watch import RecordKey, Reference, WatchSpec
from monitor.settings.document import WatchTable
from monitor.settings.faults import Faults
from monitor.settings.shape import Path
from monitor.settings.tables import duration
from monitor.sources.references import parse_reference

_SEPARATORS: Final = frozenset(",;")


def watches(tables: Iterable[tuple[int, WatchTable]], faults: Faults) -> tuple[WatchSpec, ...]:
    """The watches with their places in the file; each trial once."""
    seen: dict[RecordKey, int] = {}
    found = []
    for index, table in tables:
        spec = _watch(table, ("watches", index), faults)
        if spec is None:
            continue
        first = seen.setdefault(spec.reference.key, index)
        if first != index:
            faults.add(
                ("watches", index, "ref"),
                f"{spec.reference.text} is already watched by watches[{first + 1}].",
                "Take one of the two out; its tags can stand in the other.",
            )
        found.append(spec)
    return tuple(found)


def _watch(table: WatchTable, path: Path, faults: Faults) -> WatchSpec | None:
    every = duration(table.get("every"), (*path, "every"), None, faults)
    tags = table.get("tags", [])
    label = table.get("label")
    if label is not None and (not label.strip() or not label.isprintable()):
        faults.add((*path, "label"), "must be a name on one line.", "Leave it out to go by the reference.")
    for tag in tags:
        if not tag.strip() or not tag.isprintable() or _SEPARATORS & set(tag):
            faults.add((*path, "tags"), f'"{tag}" is no tag.', 'Write single words, as in ["car-t", "lymphoma"].')
    reference = _reference(table, path, faults)
    if reference is None:
        return None
    return WatchSpec(
        reference=reference,
        tags=frozenset(tag.strip() for tag in tags),
        label=None if label is None else label.strip(),
        source=table.get("source", "both"),
        every=every,
    )


def _reference(table: WatchTable, path: Path, faults: Faults) -> Reference | None:
    ref: str | None = table.get("ref")
    if ref is None:  # a fault of shape, already noted
        return None
    try:
        reference = parse_reference(ref)
    except BadReference as exc:
        problem, _, remedy = str(exc).partition(". ")
        faults.add((*path, "ref"), f"{problem.rstrip('.')}.", remedy or "Write an NCT number such as NCT04762485.")
        return None
    if table.get("source") == "page" and reference.key.source == "ctgov":
        faults.add(
            (*path, "source"),
            f"{reference.text} names no page.",
            "Give the address of the study page as ref, or leave source out.",
        )
    return reference
