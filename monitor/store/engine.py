"""Opening a store, and its transactions."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from monitor.errors import StoreDamaged
from monitor.store import postgres, sqlite
from monitor.store.address import Address, read_address
from monitor.store.faults import FAULTS, REMEDIES, translate
from monitor.store.lock import Holder
from monitor.store.schema import State, bring_up, create, read_state, refuse_unfit
from monitor.store.transaction import InsertOf, Tx


class Store:
    """An open store. Safe to use from several threads, one transaction in each; `close` ends its connections."""

    def __init__(self, engine: Engine, insert: InsertOf, entropy: Callable[[int], bytes]) -> None:
        self._writer = engine.execution_options(reads=False)
        self._reader = engine.execution_options(reads=True)
        self._insert = insert
        self._entropy = entropy

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """One durable transaction: all of it when the block ends, nothing if it raises.

        Raises StoreLocked, StoreReadOnly, StoreDamaged or ConcurrentChange; then nothing was written.
        """
        with _one_transaction(self._writer, self._insert, self._entropy) as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """One unchanging view of the store; an attempt to write through it raises StoreReadOnly."""
        with _one_transaction(self._reader, self._insert, self._entropy) as tx:
            yield tx

    def check_whole(self) -> None:
        """Have the database check all of itself, however large. Raises StoreDamaged."""
        with self.read() as tx:
            if tx.dialect != "sqlite":
                return  # PostgreSQL checks what it reads, and has tools of its own for the rest
            verdict = tx.run(text("PRAGMA integrity_check(1)")).scalar_one()
        if verdict != "ok":
            raise StoreDamaged(f"The store is damaged ({' '.join(verdict.split())}).{REMEDIES[StoreDamaged]}")

    def sweep(self) -> None:
        """Leave nothing in the database's files of what was written over. Raises StoreLocked while others use it."""
        try:
            (sqlite if self._writer.dialect.name == "sqlite" else postgres).sweep(self._writer)
        except FAULTS as error:
            raise translate(error) from error

    def close(self) -> None:
        self._writer.dispose()


@contextmanager
def _one_transaction(engine: Engine, insert: InsertOf, entropy: Callable[[int], bytes]) -> Iterator[Tx]:
    try:
        with engine.begin() as connection:
            yield Tx(connection, insert, entropy)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise translate(error) from error


def open_store(
    url: str,
    *,
    migrate: bool,
    say: Callable[[str], None],
    holder: Holder | None = None,
    entropy: Callable[[int], bytes] = secrets.token_bytes,
) -> Store:
    """The store at `url`.

    With `migrate` (writing commands) a missing store is made and an older one is backed up and brought up to date,
    one line saying so; give the `holder` of the run's lock if there is one, else the lock is taken for it. Without
    (reading commands) nothing is made: StoreMissing, or StoreError for an older store. Raises StoreNewer,
    StoreDamaged, StoreLocked, StoreReadOnly, LockHeld; then the store is as it was.
    """
    address = read_address(url)
    try:
        engine = _engine(address, create_missing=migrate)
        try:
            _fit(address, engine, migrate=migrate, say=say, holder=holder)
        except BaseException:
            engine.dispose()
            raise
    except FAULTS as error:
        raise translate(error) from error
    return Store(engine, _insert_of(address), entropy)


def _engine(address: Address, *, create_missing: bool) -> Engine:
    if address.path is None:
        return postgres.open_engine(address.url)
    if create_missing:
        sqlite.create_file(address.path)
    return sqlite.open_engine(address.path)


def _fit(address: Address, engine: Engine, *, migrate: bool, say: Callable[[str], None], holder: Holder | None) -> None:
    if address.path is not None:
        sqlite.examine(address.path)
    state = read_state(engine)
    refuse_unfit(state, address.shown, writing=migrate)
    if not migrate:
        return
    if address.path is not None:
        engine.dispose()  # the journal changes only while nobody else is connected
        sqlite.prepare_for_writing(address.path)
    if state is State.MISSING:
        create(engine)
    elif state is State.OLDER:
        bring_up(address, engine, say=say, holder=holder)


def _insert_of(address: Address) -> InsertOf:
    """The database's own INSERT, for "unless it is there"."""
    if address.path is not None:
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert

        return sqlite_insert
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert

    return postgresql_insert


__all__ = ["Store", "Tx", "open_store"]
