"""Which schema a store has, and how it comes to have ours."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from sqlalchemy import Connection, Engine, inspect, select

from monitor.errors import StoreDamaged, StoreError, StoreMissing, StoreNewer
from monitor.store import lock, sqlite
from monitor.store.address import Address
from monitor.store.postgres import wait_for_schema_lock
from monitor.store.tables import SCHEMA, metadata, schema_version


class State(Enum):
    MISSING = "missing"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"
    UNKNOWN = "unknown"


def read_state(engine: Engine) -> State:
    """Writes nothing."""
    with engine.execution_options(reads=True).connect() as connection:
        return _state(read_number(connection))


def _state(number: str | None) -> State:
    if number is None:
        return State.MISSING
    if not number.isascii() or not number.isdigit():
        return State.UNKNOWN
    if int(number) == int(SCHEMA):
        return State.CURRENT
    return State.OLDER if int(number) < int(SCHEMA) else State.NEWER


def read_number(connection: Connection) -> str | None:
    """The number of the store's schema; None where there is none yet."""
    if not inspect(connection).has_table(schema_version.name):
        return None
    numbers = connection.execute(select(schema_version.c.version_num)).scalars().all()
    return numbers[0] if len(numbers) == 1 else None if not numbers else "several"


def refuse_unfit(state: State, shown: str, *, writing: bool) -> None:
    """Raises the StoreError that fits; returns if the store can be used, made or migrated."""
    if state is State.NEWER:
        raise StoreNewer(
            f"The store {shown} was written by a newer release of trial-monitor. It is left untouched; "
            "install that release, or restore the backup made before its upgrade."
        )
    if state is State.UNKNOWN:
        raise StoreDamaged(f"The store {shown} has no known schema number. It is left untouched.")
    if state is State.MISSING and not writing:
        raise StoreMissing(f"There is no store at {shown} yet; `trial-monitor check` makes one.")
    if state is State.OLDER and not writing:
        raise StoreError(
            f"The store {shown} was written by an older release; run `trial-monitor check` once to bring it up to date."
        )


def create(engine: Engine) -> None:
    """All tables and their number in one transaction; nothing if another process was faster."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            wait_for_schema_lock(connection)
        if read_number(connection) is not None:
            return
        metadata.create_all(connection, checkfirst=False)
        connection.execute(schema_version.insert(), {"version_num": SCHEMA})
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA application_id = {sqlite.APPLICATION_ID}")


def bring_up(address: Address, engine: Engine, *, say: Callable[[str], None], holder: lock.Holder | None) -> None:
    """Back up, migrate, say so. Raises LockHeld if another run works on the store."""
    if holder is None:
        with lock.hold(address.url.render_as_string(hide_password=False)):
            _back_up_and_migrate(address, engine, say)
    else:
        _back_up_and_migrate(address, engine, say)


def _back_up_and_migrate(address: Address, engine: Engine, say: Callable[[str], None]) -> None:
    from monitor.store.migrate import upgrade

    with engine.execution_options(reads=True).connect() as connection:
        before = read_number(connection)
    if before == SCHEMA or before is None:
        return
    kept = "PostgreSQL stores are not copied: keep a pg_dump of your own"
    if address.path is not None:
        backup = sqlite.free_name(address.path, SCHEMA)
        sqlite.copy(address.path, backup)
        kept = f"the store as it was is kept in {backup}"
    upgrade(engine)
    say(f"Store brought from schema {before} to {SCHEMA}; {kept}.")
