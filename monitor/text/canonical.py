"""One spelling of a record in bytes: for its hash, and for the store."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import orjson

from monitor.model.record import SECTIONS, TrialRecord
from monitor.text.clean import fold

_UNHASHED = {"eligibility": ("raw",)}  # its tree says the same, whatever the line breaks


def content_hash(record: TrialRecord) -> str:
    """The sha256 (hex) of all that the record says.

    Texts are folded; the order of a list, fields that say nothing and the raw criteria text (its tree is there) do
    not count. An unavailable section counts only with what the source showed of it all the same.
    """
    sections = {name: _plain(getattr(record, name), _UNHASHED.get(name, ())) for name in SECTIONS}
    said = {name: folded for name, value in sections.items() if (folded := _fold(value)) not in (None, {})}
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def section_bytes(record: TrialRecord) -> dict[str, bytes]:
    """Canonical JSON of each section by name, with the values as they are shown."""
    return {name: orjson.dumps(_plain(getattr(record, name)), option=orjson.OPT_SORT_KEYS) for name in SECTIONS}


def _plain(section: object, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The section as dicts, lists and scalars (orjson turns dataclasses into objects, but does not sort them)."""
    plain: dict[str, Any] = orjson.loads(orjson.dumps(section))
    for name in without:
        plain.pop(name, None)
    return plain


def _fold(value: Any) -> Any:  # noqa: ANN401 (any JSON)
    """The value folded, without what says nothing, lists in an order of their own; None if nothing is left."""
    if isinstance(value, str):
        return fold(value) or None
    if isinstance(value, dict):
        said = {key: folded for key, each in value.items() if (folded := _fold(each)) is not None}
        return said or None
    if isinstance(value, list):
        return _fold_list(value)
    return value


def _fold_list(values: list[Any]) -> list[Any] | None:
    folded = [each for each in map(_fold, values) if each is not None]
    if len(folded) > 1:
        folded.sort(key=lambda each: orjson.dumps(each, option=orjson.OPT_SORT_KEYS))
    return folded or None
