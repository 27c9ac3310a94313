"""What a database says is wrong, in our words. Messages name no statement, no value and no password."""

from __future__ import annotations

import sqlite3
from typing import Final, TypeAlias

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from monitor.errors import ConcurrentChange, StoreDamaged, StoreError, StoreLocked, StoreReadOnly

Fault: TypeAlias = SQLAlchemyError | sqlite3.Error | UnicodeDecodeError
"""What a database raises. The last is what becomes of a message of SQLite that quotes the bytes of a damaged schema."""

FAULTS: Final = (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError)

PRIMARY_CODE = 0xFF  # the low byte of an extended result code

BY_SQLITE_CODE: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_BUSY: StoreLocked,
    sqlite3.SQLITE_LOCKED: StoreLocked,
    sqlite3.SQLITE_PERM: StoreReadOnly,
    sqlite3.SQLITE_READONLY: StoreReadOnly,
    sqlite3.SQLITE_FULL: StoreReadOnly,
    sqlite3.SQLITE_IOERR: StoreReadOnly,
    sqlite3.SQLITE_CANTOPEN: StoreReadOnly,
    sqlite3.SQLITE_CORRUPT: StoreDamaged,
    sqlite3.SQLITE_NOTADB: StoreDamaged,
}
BY_SQLSTATE: dict[str, type[StoreError]] = {  # by PostgreSQL's appendix A; the first match of code, then of class
    "25006": StoreReadOnly,
    "42501": StoreReadOnly,
    "53": StoreReadOnly,
    "58": StoreReadOnly,
    "40": StoreLocked,
    "55": StoreLocked,
    "57014": StoreLocked,
    "XX001": StoreDamaged,
    "XX002": StoreDamaged,
}
MEANINGS: dict[type[StoreError], str] = {
    StoreLocked: "The store is locked by another process",
    StoreReadOnly: "The store cannot be written",
    StoreDamaged: "The store is damaged",
    ConcurrentChange: "Another run wrote the same rows",
    StoreError: "The store cannot be used",
}
REMEDIES: dict[type[StoreError], str] = {
    StoreDamaged: " It is left as it is. Move it away and go on from a backup: trial-monitor restore FILE",
}


def translate(error: Fault) -> StoreError:
    """The error of our tree that says the same."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    kind = _kind(error, cause)
    return kind(f"{MEANINGS[kind]}: {_first_line(cause)}.{REMEDIES.get(kind, '')}")


def _kind(error: Fault, cause: BaseException | None) -> type[StoreError]:
    if isinstance(error, UnicodeDecodeError):
        return StoreDamaged
    if isinstance(error, IntegrityError) and _is_unique(cause):
        return ConcurrentChange
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & PRIMARY_CODE
        return BY_SQLITE_CODE.get(code, StoreError)
    state = getattr(cause, "sqlstate", None) or ""
    return BY_SQLSTATE.get(state) or BY_SQLSTATE.get(state[:2]) or StoreError


def _is_unique(cause: BaseException | None) -> bool:
    """True where a row of that key was already there; a broken foreign key or check is a fault of ours."""
    if isinstance(cause, sqlite3.Error):
        return cause.sqlite_errorcode in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
    return getattr(cause, "sqlstate", None) == "23505"


def _first_line(cause: BaseException | None) -> str:
    lines = said_by(cause).strip().splitlines() if cause else []
    return lines[0].rstrip(".") if lines else "no reason given"


def said_by(cause: BaseException) -> str:
    return cause.object.decode("utf-8", "backslashreplace") if isinstance(cause, UnicodeDecodeError) else str(cause)
