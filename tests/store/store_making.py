"""Making stores as other releases would have left them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, text

from monitor.store import migrate, postgres, sqlite
from monitor.store.address import read_address


def silent(line: str) -> None:
    raise AssertionError(f"nothing was to be said, but: {line}")


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def engine_of(url: str) -> Engine:
    address = read_address(url)
    return sqlite.open_engine(address.path) if address.path else postgres.open_engine(address.url, pooled=False)


def run_sql(url: str, *statements: str) -> None:
    engine = engine_of(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def migrate_from_nothing(url: str, to: str = "head") -> None:
    """A store as the migrations alone make it."""
    address = read_address(url)
    if address.path:
        sqlite.create_file(address.path)
    engine = engine_of(url)
    migrate.upgrade(engine, to)
    engine.dispose()
    if address.path:
        with closing(sqlite3.connect(address.path)) as connection:
            connection.execute(f"PRAGMA application_id = {sqlite.APPLICATION_ID}")
