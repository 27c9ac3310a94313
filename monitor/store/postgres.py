"""What a PostgreSQL store needs beyond SQL: how to connect, and its advisory locks."""

from __future__ import annotations

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.pool import NullPool

from monitor.errors import StoreError

RUN_LOCK = 0x54724D6E_0001  # held by check, deliver, run
SCHEMA_LOCK = 0x54724D6E_0002  # held while tables are made or migrated
SETTINGS = "-c timezone=UTC -c synchronous_commit=on -c lock_timeout=10s -c idle_in_transaction_session_timeout=10min"


def open_engine(url: URL, *, pooled: bool = True) -> Engine:
    """An engine; connections are made when first used. Raises StoreError where the driver is not installed."""
    pool = {"pool_pre_ping": True, "pool_size": 4} if pooled else {"poolclass": NullPool}
    arguments = {"connect_timeout": 10, "application_name": "trial-monitor", "options": SETTINGS}
    try:
        engine = create_engine(url, connect_args=arguments, **pool)
    except ModuleNotFoundError as error:
        raise StoreError("PostgreSQL needs its driver: install trial-monitor[postgres].") from error
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    """Readers see one state and cannot write; writers go by row locks and compare-and-set."""
    if connection.get_execution_options().get("reads", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def sweep(engine: Engine) -> None:
    """Write the tables anew without their dead rows. The server's own log and its backups are the administrator's."""
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM FULL")


def wait_for_schema_lock(connection: Connection) -> None:
    """Until the end of the transaction, this process alone makes or migrates tables."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SCHEMA_LOCK})


def try_run_lock(connection: Connection) -> bool:
    """Until the connection ends, this process alone runs on the store; False if another does."""
    return bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": RUN_LOCK}).scalar_one())
