"""Documents, citations and links: each by what it is, not by where it stands."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeAlias, TypeVar

from monitor.diff.align import Aligned, by_identity, by_likeness, equal_ends
from monitor.diff.fields import value_change
from monitor.diff.found import Found, kind_of
from monitor.diff.sameness import as_json, folded, says_same, telling, whole
from monitor.model.change import Category
from monitor.model.json import Json
from monitor.model.papers import Document, Link, Reference, SharedData
from monitor.model.record import TrialRecord

_ALIKE = 85  # of 100: a citation without a number, mended

Paper = TypeVar("Paper", Document, Link, Reference, SharedData)
Key: TypeAlias = Callable[[Paper], Hashable]


def document_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """Documents posted, withdrawn or replaced: by kind and file, by kind, by file."""
    old, new = before.documents, after.documents
    path, keys = "documents.documents", (_kind_and_file, _kind, lambda document: folded(document.filename))
    yield from _papers(path, Category.DOCUMENTS, _aligned(old.documents, new.documents, keys))
    yield from value_change("documents.no_sap", Category.DOCUMENTS, old.no_sap, new.no_sap)


def reference_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """Citations by PubMed number or text, links by address or name, data by number, address or comment."""
    old, new, category = before.references, after.references, Category.REFERENCES
    yield from _papers("references.references", category, _aligned_references(old.references, new.references))
    links: tuple[Key[Link], ...] = (
        lambda link: (link.url, folded(link.label)),
        lambda link: link.url or folded(link.label),
        lambda link: folded(link.label),
    )
    yield from _papers("references.see_also", category, _aligned(old.see_also, new.see_also, links))
    shared: tuple[Key[SharedData], ...] = (lambda data: (_address(data), data.type), _address)
    yield from _papers("references.shared_data", category, _aligned(old.shared_data, new.shared_data, shared))


def _kind(document: Document) -> Hashable:
    return document.type, document.has_protocol, document.has_sap, document.has_icf


def _kind_and_file(document: Document) -> Hashable:
    return _kind(document), folded(document.filename)


def _address(data: SharedData) -> Hashable:
    return data.id or data.url or folded(data.comment)


def _aligned_references(old: Sequence[Reference], new: Sequence[Reference]) -> Aligned[Reference]:
    """What two numbers part is never one paper, however alike the citations are."""
    keys: tuple[Key[Reference], ...] = (
        lambda reference: (reference.pmid or folded(reference.citation), reference.type),
        lambda reference: reference.pmid or folded(reference.citation),
        lambda reference: folded(reference.citation),
    )
    found = _aligned(old, new, keys)
    pairs, removed, added = list(found.pairs), list(found.removed), list(found.added)
    for bare in (0, 1):  # at least one side has no number
        first, second = (
            [paper for paper in side if n != bare or not paper.pmid] for n, side in enumerate((removed, added))
        )
        alike = by_likeness(first, second, _citation, cutoff=_ALIKE).pairs
        pairs += alike
        removed = [paper for paper in removed if not any(paper is was for was, _ in alike)]
        added = [paper for paper in added if not any(paper is now for _, now in alike)]
    return Aligned(tuple(pairs), tuple(removed), tuple(added))


def _citation(reference: Reference) -> str:
    return folded(reference.citation) or ""


def _aligned(old: Sequence[Paper], new: Sequence[Paper], keys: Sequence[Key[Paper]]) -> Aligned[Paper]:
    """Those that differ: by one key after the other; a key that says nothing makes no pair."""
    found: Aligned[Paper] = equal_ends(old, new)
    found = by_identity(telling(found.removed), telling(found.added), whole)
    pairs: list[tuple[Paper, Paper]] = []
    removed, added = found.removed, found.added
    for key in keys:
        found = by_identity([p for p in removed if key(p)], [p for p in added if key(p)], key)
        pairs.extend(found.pairs)
        removed, added = _left(removed, found.removed, key), _left(added, found.added, key)
    return Aligned(tuple(pairs), removed, added)


def _left(papers: Sequence[Paper], unpaired: Sequence[Paper], key: Key[Paper]) -> tuple[Paper, ...]:
    kept = {id(paper) for paper in unpaired}
    return tuple(paper for paper in papers if id(paper) in kept or not key(paper))


def _papers(path: str, category: Category, aligned: Aligned[Paper]) -> Iterator[Found]:
    """One change for each that differs."""
    for was, now in aligned.pairs:
        if not says_same(as_json(was), as_json(now)):
            yield _found("changed", path, category, as_json(was), as_json(now))
    for gone in aligned.removed:
        yield _found("removed", path, category, as_json(gone), None)
    for come in aligned.added:
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
