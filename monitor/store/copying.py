"""A whole store as one SQLite file, and a new store made from such a file: between either kind of database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, func, insert, select, text

from monitor.errors import StoreError
from monitor.store import postgres, sqlite
from monitor.store.address import Address, read_address
from monitor.store.faults import FAULTS, translate
from monitor.store.schema import State, create, read_state, refuse_unfit
from monitor.store.tables import metadata, schema_version

AT_ONCE = 500  # rows that are in memory together


def write_copy(url: str, to: Path) -> Mapping[str, int]:
    """A complete SQLite copy of the store as it is at one moment, mode 0600; the store may be in use meanwhile.

    The number of rows in each of its tables. Raises StoreError.
    """
    address = read_address(url)
    try:
        _copy(address, to)
        return _counts(to)
    except FAULTS as error:
        raise translate(error) from error


def _copy(address: Address, to: Path) -> None:
    if address.path is not None:
        sqlite.examine(address.path)
        sqlite.copy(address.path, to)
        return
    source = postgres.open_engine(address.url, pooled=False)
    refuse_unfit(read_state(source), address.shown, writing=False)
    sqlite.create_file(to)
    target = sqlite.open_engine(to)
    try:
        create(target)
        _pour(source, target)
    finally:
        target.dispose()


def _counts(copy: Path) -> Mapping[str, int]:
    with closing(sqlite.connect(copy)) as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {
            str(table.name): connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]  # noqa: S608 (ours)
            for table in metadata.sorted_tables
            if table.name in there
        }


def fill(url: str, copy: Path) -> None:
    """Make the store at `url` from a copy of this release's schema, at once or not at all.

    Raises StoreError where there is a store already: nothing is ever written over one.
    """
    address = read_address(url)
    try:
        if address.path is not None:
            _refuse_existing(address, exists=address.path.exists())
            sqlite.refuse_leftovers(address.path)
            sqlite.copy(copy, address.path)
            return
        source, target = sqlite.open_engine(copy), postgres.open_engine(address.url, pooled=False)
        _refuse_existing(address, exists=read_state(target) is not State.MISSING)
        create(target)
        _pour(source, target)
        source.dispose()
    except FAULTS as error:
        raise translate(error) from error


def _refuse_existing(address: Address, *, exists: bool) -> None:
    if exists:
        raise StoreError(
            f"There is a store at {address.shown} already. A backup is never restored over one: move it away first, "
            "or name another [store] in the configuration."
        )


def _pour(source: Engine, target: Engine) -> None:
    """Every row of every table, in one transaction on each side."""
    with source.execution_options(reads=True).begin() as old, target.execution_options(reads=False).begin() as new:
        for table in metadata.sorted_tables:
            if table is not schema_version:
                for rows in _rows(old, table):
                    new.execute(insert(table), rows)
                _go_on_counting(new, table)


def _rows(connection: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    found = connection.execution_options(yield_per=AT_ONCE).execute(select(table))
    for part in found.mappings().partitions():
        yield [dict(row) for row in part]


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Let the next id be one that was never given: PostgreSQL counts apart from what was put in."""
    if connection.dialect.name != "postgresql" or "id" not in table.c:
        return
    highest = connection.execute(select(func.max(table.c.id))).scalar_one()
    if highest is not None:
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :highest)")
        connection.execute(sequence, {"table": table.name, "highest": highest})
