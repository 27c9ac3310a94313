"""Making stores as other releases would have left them."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, text

from monitor.store import migrate, postgres, sqlite
from monitor.store.address import read_address
from tests.postgres import Server


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


def sqlite_schema(path: Path) -> dict[str, list[str]]:
    """Every object by name, its parts in an order that does not depend on how they were given or added later."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: sorted(parts_of(sql)) for name, sql in found}


def parts_of(sql: str) -> list[str]:
    """A statement cut at the commas of its outermost parentheses."""
    parts, depth = [""], 0
    for character in sql:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if (character == "," and depth == 1) or (character == "(" and depth == 1) or (character == ")" and not depth):
            parts.append("")
        else:
            parts[-1] += character
    return [" ".join(part.split()) for part in parts]


def postgresql_schema(server: Server, url: str) -> list[str]:
    """The lines of a dump, in an order that does not depend on how the parts were given or added later."""
    dump = re.sub(r"\\(un)?restrict \S+", "", server.dump_schema(url))
    return sorted(line.strip().rstrip(",") for line in dump.splitlines())
