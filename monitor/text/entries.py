"""Entries of persons in any JSON document, found by their shape.

An entry is an object with a phone, an e-mail address, or a name beside a role or affiliation, however its document
spells the keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from monitor.model.json import Json, JsonObject
from monitor.model.privacy import Level
from monitor.text.guard import Guard, is_formed
from monitor.text.persons import Kind

FIELDS: Final[Mapping[str, Kind]] = {
    "name": "name",
    "phone": "phone",
    "phoneExt": "phone",
    "phone_ext": "phone",
    "email": "email",
}
INVESTIGATORS: Final = frozenset(
    {"investigatorFullName", "oldNameTitle", "investigator_full_name", "old_name_title"}
)  # of a responsible party: a name without an entry of its own

_REACHED = frozenset({"phone", "email"})
_PLACED = frozenset({"role", "affiliation"})
_DEEPEST = 64  # levels of nesting; the deepest real document has 12


def cleared(value: Json, guard: Guard) -> Json:
    """The document with its persons as the guard keeps them. Pure; clearing twice is once."""
    if guard.idle:
        return value
    if guard.level is not Level.FULL:
        guard = replace(guard, known=dict(_known(value, guard)))
    return _cleared(value, guard)


def entries(value: Json, deep: int = _DEEPEST) -> Iterator[Mapping[str, Json]]:
    """All entries of persons in a document, as objects with name, phone and email."""
    if not deep:
        return
    if isinstance(value, Mapping):
        if is_person(value):
            yield {**value, "name": value.get("name") or value.get("title")}
        named = (each for key in INVESTIGATORS if isinstance(each := value.get(key), str))
        yield from ({"name": name} for name in named)
        for each in value.values():
            yield from entries(each, deep - 1)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from entries(each, deep - 1)


def _known(value: Json, guard: Guard) -> Iterator[tuple[str, str]]:
    kinds: tuple[Kind, ...] = ("name", "phone", "email")
    for entry in entries(value):
        for kind in kinds:
            said = entry.get(kind)
            if not isinstance(said, str) or is_formed(said):
                continue
            for found in guard.identify(kind, said)[:1]:
                if kind != "name" or found.size > 1:
                    yield found.digest, guard.form(kind, said)


def _cleared(value: Json, guard: Guard, deep: int = _DEEPEST) -> Json:
    if isinstance(value, str):
        return guard.text(value)
    if isinstance(value, Mapping | list | tuple) and not deep:
        return guard.mark  # deeper than any record is
    if isinstance(value, Mapping):
        return (_person if is_person(value) else _object)(value, guard, deep - 1)
    if isinstance(value, list | tuple):
        return [_cleared(each, guard, deep - 1) for each in value]
    return value


def _object(value: JsonObject, guard: Guard, deep: int) -> dict[str, Json]:
    return {
        guard.text(key): guard.form("name", each)
        if key in INVESTIGATORS and isinstance(each, str)
        else _cleared(each, guard, deep)
        for key, each in value.items()
    }


def is_person(value: JsonObject) -> bool:
    """True for an object that is an entry of a person."""
    return bool(_REACHED & value.keys()) or ("name" in value and bool(_PLACED & value.keys()))


def _person(value: JsonObject, guard: Guard, deep: int) -> dict[str, Json]:
    """One whose name or address is forgotten keeps nothing to be reached by."""
    fields: Mapping[str, Kind] = FIELDS if "name" in value else {**FIELDS, "title": "name"}
    theirs = [(kind, each) for key, kind in fields.items() if isinstance(each := value.get(key), str)]
    gone = any(guard.forgets(kind, each) for kind, each in theirs if kind != "phone")
    guard = guard.at(Level.DROPPED) if gone else guard
    return {
        key: guard.form(fields[key], each) if key in fields and isinstance(each, str) else _cleared(each, guard, deep)
        for key, each in value.items()
    }
