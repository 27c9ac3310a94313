"""Stores as each released schema would have left them, full of what a world has caused; and whether all is there."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import TableClause, column, inspect, select, table

from monitor.store.engine import open_store
from monitor.store.tables import SCHEMA, metadata, schema_version
from tests.crash.scenes import DESTINATIONS
from tests.faults.course import Course
from tests.faults.world import build
from tests.postgres import Server
from tests.store.store_making import engine_of, migrate_from_nothing, postgresql_schema, sqlite_schema, sqlite_url

OLDER: Final = tuple(f"{number:04}" for number in range(1, int(SCHEMA)))
"""The schemas of earlier releases."""

Content: TypeAlias = Mapping[str, Sequence[str]]
"""Of each table the rows, as texts, in an order of their own."""


def full_store(folder: Path) -> Path:
    """A store of today with versions, changes, alerts sent and alerts waiting."""
    script = build(1, registry=2, pages=1, days=3, share=1.0, destinations=DESTINATIONS)
    with Course(script, folder, worker="forked") as course:
        course.check()
        for _ in range(2):
            course.next_day()
            course.check()
        course.sinks["mail"].stop()
        course.next_day()
        course.check()
    return folder / "monitor.db"


def light(url: str) -> list[TableClause]:
    """The tables that a store has, each with the columns that it has there."""
    engine = engine_of(url)
    found = inspect(engine.execution_options(reads=True))
    names = [each for each in metadata.sorted_tables if found.has_table(each.name) and each.name != schema_version.name]
    there = {each.name: {str(one["name"]) for one in found.get_columns(each.name)} for each in names}
    engine.dispose()
    return [
        table(each.name, *(column(one.name, one.type) for one in each.columns if one.name in there[each.name]))
        for each in names
    ]


def content(url: str, tables: Sequence[TableClause]) -> Content:
    """What stands in these tables and columns."""
    engine = engine_of(url)
    with engine.execution_options(reads=True).connect() as connection:
        found = {each.name: sorted(map(repr, connection.execute(select(each)))) for each in tables}
    engine.dispose()
    return found


def fill(url: str, source: str) -> None:
    """Put into a store all that fits of what another one holds."""
    here, there, tables = engine_of(url), engine_of(source), light(url)
    with there.execution_options(reads=True).connect() as giving, here.begin() as taking:
        for each in tables:
            rows = [dict(row) for row in giving.execute(select(each)).mappings()]
            if rows:
                taking.execute(each.insert(), rows)
    here.dispose()
    there.dispose()


@dataclass(slots=True, kw_only=True)
class OldStores:
    """Copies of one store of an earlier schema (None: of no store at all), on SQLite or on a server of PostgreSQL."""

    folder: Path
    schema: str | None
    server: Server | None
    tables: Sequence[TableClause] = ()
    content: Content = field(default_factory=dict)
    _original: str = ""
    _numbers: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self._original = self._empty()
        if self.schema is not None:
            source = sqlite_url(full_store(self._subfolder()))
            migrate_from_nothing(self._original, self.schema)
            self.tables = light(self._original)
            fill(self._original, source)
            self.content = content(self._original, self.tables)

    def copy(self) -> str:
        """The URL of a fresh copy."""
        if self.server is not None:
            return self.server.new_database(like=self._original)
        url = self._empty()
        if path_of(self._original).exists():
            shutil.copy(path_of(self._original), path_of(url))
        return url

    def remove(self, url: str) -> None:
        if self.server is not None:
            self.server.drop(url)
        else:
            shutil.rmtree(path_of(url).parent)

    def declared(self, url: str) -> object:
        """The schema of a store, in a form that can be compared."""
        return postgresql_schema(self.server, url) if self.server else sqlite_schema(path_of(url))

    def new(self) -> object:
        """The schema of a store that is made today."""
        url = self._empty()
        open_store(url, migrate=True, say=lambda _: None).close()
        return self.declared(url)

    def _empty(self) -> str:
        return self.server.new_database() if self.server else sqlite_url(self._subfolder() / "monitor.db")

    def _subfolder(self) -> Path:
        folder = self.folder / str(next(self._numbers))
        folder.mkdir()
        return folder


def path_of(url: str) -> Path:
    """The file of an SQLite store."""
    return Path(url.removeprefix("sqlite:///"))


def is_whole(store: Path) -> bool:
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        return bool(connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
