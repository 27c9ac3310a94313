"""Checking a document's shape: known keys, right types, nothing else. The rules are those of document.py.

Written out here rather than asked of a validation library: the document is a handful of tables, and importing one
would double the time that every run from cron spends on its configuration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, Literal, Required, TypeAlias, get_args, get_origin, is_typeddict

from monitor.settings.document import About, Document

Path: TypeAlias = tuple[str | int, ...]
FaultKind: TypeAlias = Literal["unknown", "missing", "type", "choice"]


@dataclass(frozen=True, slots=True)
class ShapeFault:
    """One place where the document has not the shape that it must have. `wanted` is the declared type there."""

    path: Path
    kind: FaultKind
    wanted: Any = None


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a table: the type of its value, what is said about it, and whether it must be there."""

    type: Any
    about: About
    required: bool


@cache
def keys_of(table: Any) -> Mapping[str, Key]:  # noqa: ANN401 (any class of document.py)
    """The keys that a table may have."""
    return {name: _key(hint) for name, hint in table.__annotations__.items()}


def _key(hint: Any) -> Key:  # noqa: ANN401 (a type hint)
    required = get_origin(hint) is Required
    inner = get_args(hint)[0] if required else hint
    if get_origin(inner) is not Annotated:
        raise TypeError(f"{inner} says nothing about itself")
    kind, about = get_args(inner)
    return Key(kind, about, required)


def known_keys(path: Path) -> tuple[str, ...]:
    """The keys that the table at `path` may have."""
    kind: Any = Document
    for step in path:
        kind = keys_of(kind)[str(step)].type if is_typeddict(kind) else get_args(kind)[-1]
    return tuple(keys_of(kind))


def faults_of(raw: Mapping[str, Any]) -> tuple[ShapeFault, ...]:
    """Everything in a parsed TOML document that is unknown, missing or of a wrong type."""
    return tuple(_in_table(Document, raw, ()))


def _in_value(kind: Any, value: object, path: Path) -> Iterator[ShapeFault]:  # noqa: ANN401 (a type hint)
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        if not isinstance(value, str) or value not in args:
            yield ShapeFault(path, "choice", kind)
    elif not isinstance(value, _ACCEPTED.get(origin or kind, dict)) or (isinstance(value, bool) and kind is not bool):
        yield ShapeFault(path, "type", kind)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _in_value(args[0], item, (*path, index))
    elif isinstance(value, dict):
        yield from _in_table(kind, value, path)


def _in_table(kind: Any, table: Mapping[str, Any], path: Path) -> Iterator[ShapeFault]:  # noqa: ANN401 (a type hint)
    if not is_typeddict(kind):
        for name, value in table.items():
            yield from _in_value(get_args(kind)[1], value, (*path, name))
        return
    keys = keys_of(kind)
    for name, value in table.items():
        if name in keys:
            yield from _in_value(keys[name].type, value, (*path, name))
        else:
            yield ShapeFault((*path, name), "unknown")
    for name, key in keys.items():
        if key.required and name not in table:
            yield ShapeFault((*path, name), "missing")


_ACCEPTED: Final[Mapping[Any, type | tuple[type, ...]]] = {
    str: str,
    bool: bool,
    float: (int, float),
    list: list,
    dict: dict,
}
