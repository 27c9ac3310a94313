"""Documents, citations and links: each by what it is, not by where it stands."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

from monitor.diff.align import Aligned, by_identity, equal_ends
from monitor.diff.fields import value_change
from monitor.diff.found import Found, kind_of
from monitor.diff.sameness import as_json, folded, says_same, telling, whole
from monitor.model.change import Category
from monitor.model.json import Json
from monitor.model.papers import Document, Link, Reference, SharedData
from monitor.model.record import TrialRecord

Paper = TypeVar("Paper", Document, Link, Reference, SharedData)


def document_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """Documents posted, withdrawn or replaced."""
    old, new = before.documents, after.documents
    yield from _papers("documents.documents", Category.DOCUMENTS, old.documents, new.documents, _document)
    yield from value_change("documents.no_sap", Category.DOCUMENTS, old.no_sap, new.no_sap)


def reference_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """Citations by PubMed number or text, links by address."""
    old, new, category = before.references, after.references, Category.REFERENCES
    yield from _papers("references.references", category, old.references, new.references, _reference)
    yield from _papers("references.see_also", category, old.see_also, new.see_also, _link, by_label=True)
    yield from _papers("references.shared_data", category, old.shared_data, new.shared_data, _shared)


def _document(document: Document) -> tuple[Hashable, ...]:
    return ((document.type, document.has_protocol, document.has_sap, document.has_icf), folded(document.filename))


def _reference(reference: Reference) -> tuple[Hashable, ...]:
    return (reference.pmid or folded(reference.citation), reference.type)


def _link(link: Link) -> tuple[Hashable, ...]:
    return (link.url or folded(link.label), folded(link.label))


def _shared(data: SharedData) -> tuple[Hashable, ...]:
    return (data.id or data.url or folded(data.comment), data.type)


def _papers(
    path: str,
    category: Category,
    old: Sequence[Paper],
    new: Sequence[Paper],
    key: Callable[[Paper], tuple[Hashable, ...]],
    *,
    by_label: bool = False,
) -> Iterator[Found]:
    """By all they say, by the whole key, then by either part of it; one change for each that differs."""
    equal: Aligned[Paper] = equal_ends(old, new)
    same: Aligned[Paper] = by_identity(telling(equal.removed), telling(equal.added), whole)
    first: Aligned[Paper] = by_identity(same.removed, same.added, key)
    part: Aligned[Paper] = by_identity(first.removed, first.added, lambda paper: key(paper)[0])
    rest: Aligned[Paper] = by_identity(part.removed, part.added, lambda paper: key(paper)[1])
    for was, now in (*first.pairs, *part.pairs, *(rest.pairs if by_label else ())):
        if not says_same(as_json(was), as_json(now)):
            yield _found("changed", path, category, as_json(was), as_json(now))
    left = rest if by_label else part
    for gone in left.removed:
        yield _found("removed", path, category, as_json(gone), None)
    for come in left.added:
        yield _found("added", path, category, None, as_json(come))


def _found(step: str, path: str, category: Category, before: Json, after: Json) -> Found:
    return Found(
        event=f"{path}.{step}",
        category=category,
        path=path,
        kind=kind_of(before, after),
        before=before,
        after=after,
        detail={"step": step},
    )
