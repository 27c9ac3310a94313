"""When two values say the same: text folded, order of lists and keys ignored."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, TypeVar

import orjson

from monitor.model.json import Json
from monitor.text.clean import fold

Thing = TypeVar("Thing")

_SINGLE = frozenset({type(None), bool, int, float, str})
_MARKS = re.compile(r"(?<!\d)[\s'\"()\[\]:;*_.,/-]|[\s'\"()\[\]:;*_.,/-](?!\d)")
_NOTHING: tuple[Json, ...] = (None, [], {})


def folded(text: str | None) -> str | None:
    """The comparison form of a text; nothing and blank are one."""
    return (fold(text) or None) if text else None


@lru_cache(maxsize=4096)
def spelled(text: str | None) -> str:
    """A text in lower case without spaces and marks: equal for texts that differ in spelling only.

    Marks between digits ("1.5") and signs that carry meaning (<, %, +) stay.
    """
    return _MARKS.sub("", (folded(text) or "").casefold())


def same(before: str | None, after: str | None) -> bool:
    """True if both texts say the same once folded."""
    return before == after or folded(before) == folded(after)


def as_json(value: Any) -> Json:  # noqa: ANN401 (any dataclass of the record)
    """A value of the record as JSON; fields that say nothing are left out."""
    if type(value) in _SINGLE:
        return value  # type: ignore[no-any-return]  # one of the types of JSON
    if isinstance(value, tuple | list):
        return [as_json(inner) for inner in value]
    if isinstance(value, Mapping):
        return {str(key): as_json(inner) for key, inner in value.items()}
    told = ((name, getattr(value, name)) for name in value.__dataclass_fields__)
    return {name: as_json(inner) for name, inner in told if inner is not None and inner != ()}


def canonical(value: Json) -> Json:
    """The value with texts folded and lists in an order of their own, words once; what says nothing is left out."""
    if isinstance(value, str):
        return folded(value)
    if isinstance(value, Mapping):
        kept = ((key, canonical(inner)) for key, inner in value.items())
        return {key: inner for key, inner in kept if inner not in _NOTHING}
    if isinstance(value, Sequence):
        told = [each for inner in value if (each := canonical(inner)) not in _NOTHING]
        return sorted(dict.fromkeys(told) if all(isinstance(each, str) for each in told) else told, key=fingerprint)
    return value


def fingerprint(value: Json) -> bytes:
    """Equal bytes for equal JSON, whatever the order of keys."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)


def whole(value: Any) -> bytes:  # noqa: ANN401 (any dataclass of the record)
    """Equal for two things of a record that say the same in every field."""
    return fingerprint(canonical(as_json(value)))


def telling(things: Iterable[Thing]) -> list[Thing]:
    """The things of a list without those that say nothing."""
    return [each for each in things if _says(each)]


def _says(value: Any) -> bool:  # noqa: ANN401 (any part of the record)
    if value is None or isinstance(value, str):
        return folded(value) is not None
    if isinstance(value, tuple):
        return any(map(_says, value))
    return not is_dataclass(value) or any(_says(getattr(value, name)) for name in value.__dataclass_fields__)


def says_same(before: Json, after: Json) -> bool:
    """True if two JSON values say the same."""
    return before == after or fingerprint(canonical(before)) == fingerprint(canonical(after))


def alike(before: object, after: object, *, aside: Collection[str] = ()) -> bool:
    """True if two values of one field of the record say the same; of two dataclasses the fields `aside` do not count.

    What is equal as it stands is not looked into: of a long section only what differs is folded.
    """
    if before == after:
        return True
    if is_dataclass(before) and type(before) is type(after):
        names = (each.name for each in fields(before) if each.name not in aside)
        return all(alike(getattr(before, name), getattr(after, name)) for name in names)
    if isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        before, after = zip(*((old, new) for old, new in zip(before, after, strict=True) if old != new), strict=True)
    return says_same(as_json(before), as_json(after))


def list_difference(before: Iterable[str], after: Iterable[str]) -> tuple[list[str], list[str]]:
    """What a list of texts lost and what it gained, each in its own order; repeats count once."""
    old = {folded(text): text for text in before if folded(text)}
    new = {folded(text): text for text in after if folded(text)}
    return [t for key, t in old.items() if key not in new], [t for key, t in new.items() if key not in old]
