"""Column types: each value has one stored form in SQLite and in PostgreSQL, and comes back as it went in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar

import orjson
from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from monitor.errors import StoreDamaged
from monitor.model.json import Json

E = TypeVar("E", bound=Enum)
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment; "2026-11-24T02:00:00.000000Z" in SQLite, so that text order is time order."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(27) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone cannot be stored: {value!r}")
        moment = value.astimezone(UTC)
        return f"{moment.isoformat(timespec='microseconds')[:26]}Z" if dialect.name == "sqlite" else moment

    def process_result_value(self, value: str | datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (the signature is sqlalchemy's)
        if isinstance(value, str):
            with refusing(value):
                return datetime.fromisoformat(value)
        return value if value is None else value.astimezone(UTC)


class JsonText(TypeDecorator[Json]):
    """A JSON document as text. A column that is null and a document that is null are both None."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Json, dialect: Dialect) -> str | None:  # noqa: ARG002 (the signature is sqlalchemy's)
        if value is None:
            return None
        try:
            return orjson.dumps(value, default=plain).decode()
        except orjson.JSONEncodeError:  # most likely a lone surrogate; anything else fails here as well
            return storable(json.dumps(value, default=plain, ensure_ascii=False))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Json:  # noqa: ARG002 (the signature is sqlalchemy's)
        if value is None:
            return None
        with refusing(value):
            return read_json(value)


class FreeText(TypeDecorator[str]):
    """Text of any origin. NUL and lone surrogates, which neither database takes, become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (the signature is sqlalchemy's)
        return None if value is None else storable(value)


@contextmanager
def refusing(value: str) -> Iterator[None]:
    """A stored value that cannot be what was stored is damage. The message shows how much of it there is, not what."""
    try:
        yield
    except ValueError as error:
        raise StoreDamaged(f"The store is damaged: a value of {len(value)} characters was changed.") from error


def member(kind: type[E], value: str) -> E:
    """The member of an enumeration that was stored by its value. Raises StoreDamaged where there is none of it."""
    with refusing(str(value)):
        return kind(value)


def moment_of(value: object) -> datetime:
    """A time that was stored in ISO form inside of a JSON document. Raises StoreDamaged for what is none."""
    with refusing(str(value)):
        return datetime.fromisoformat(str(value))


def storable(text: str) -> str:
    """The text with U+FFFD for each NUL and lone surrogate."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", REPLACEMENT).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def read_json(text: str | bytes) -> Json:
    """Raises orjson.JSONDecodeError (a ValueError) for anything else."""
    document: Json = orjson.loads(text)
    return document


def plain(value: object) -> object:
    """For orjson: any mapping, set or sequence in its plain form; sets sorted."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, AbstractSet):
        return sorted(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
