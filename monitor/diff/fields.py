"""Sections whose fields stand for themselves: each field that differs is one change."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import Any

from monitor.diff.found import Found, kind_of
from monitor.diff.pieces import pieces, pieces_json
from monitor.diff.sameness import as_json, list_difference, same, spelled
from monitor.model.change import Category
from monitor.model.json import Json

_LONG = 40  # characters from which a text is shown word by word


def field_changes(
    section: str, category: Category, before: object, after: object, *, skip: Collection[str] = ()
) -> Iterator[Found]:
    """One change for each field of two dataclasses that differs, `skip` aside (its comparer tells it)."""
    for each in fields(before):  # type: ignore[arg-type]  # any section of the record
        if each.name not in skip:
            path = f"{section}.{each.name}"
            yield from value_change(path, category, getattr(before, each.name), getattr(after, each.name))


def value_change(path: str, category: Category, before: Any, after: Any) -> Iterator[Found]:  # noqa: ANN401 (any field)
    """The change of one field, if there is one: a text, a word, yes or no, or a list of words."""
    if before == after:
        return
    if isinstance(before, tuple) or isinstance(after, tuple):
        yield from _list_change(path, category, before or (), after or ())
    elif isinstance(before, str | None) and isinstance(after, str | None):
        yield from text_change(path, category, before, after)
    else:
        yield _found(path, category, as_json(before), as_json(after))


def text_change(path: str, category: Category, before: str | None, after: str | None) -> Iterator[Found]:
    """The change of one text, with its pieces where it is long enough to need them."""
    if same(before, after):
        return
    before, after = before or None, after or None
    suffix = ".respelled" if before and after and spelled(before) == spelled(after) else ""
    if before and after and max(len(before), len(after)) > _LONG:
        yield _found(path, category, before, after, suffix=suffix, pieces=pieces_json(pieces(before, after)))
    else:
        yield _found(path, category, before, after, suffix=suffix)


def _list_change(path: str, category: Category, before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[Found]:
    """What a list of words lost and gained, as one change."""
    removed, added = list_difference(before, after)
    if removed or added:
        suffix = ".respelled" if sorted(map(spelled, removed)) == sorted(map(spelled, added)) else ""
        left = [text for text in after if text]
        yield _found(path, category, removed or None, added or None, suffix=suffix, now=left)


def _found(path: str, category: Category, before: Json, after: Json, *, suffix: str = "", **detail: Json) -> Found:
    kind = kind_of(before, after)
    return Found(
        event=path + suffix, category=category, path=path, kind=kind, before=before, after=after, detail=detail
    )
