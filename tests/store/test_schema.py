"""Making and migrating stores."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from monitor.errors import (
    LockHeld,
    StoreError,
)
from monitor.store import lock, migrate, records, sqlite
from monitor.store.engine import open_store
from monitor.store.schema import State, read_number, read_state
from monitor.store.tables import SCHEMA
from tests.postgres import Server
from tests.store.store_making import (
    engine_of,
    migrate_from_nothing,
    postgresql_schema,
    run_sql,
    silent,
    sqlite_schema,
    sqlite_url,
)
from tests.store.store_values import nct


def test_migrations_build_the_tables_we_declare_in_sqlite(tmp_path: Path) -> None:
    open_store(sqlite_url(tmp_path / "declared.db"), migrate=True, say=silent).close()
    migrate_from_nothing(sqlite_url(tmp_path / "migrated.db"))
    assert sqlite_schema(tmp_path / "migrated.db") == sqlite_schema(tmp_path / "declared.db")


def test_migrations_build_the_tables_we_declare_in_postgresql(postgres: Server) -> None:
    declared, migrated = postgres.new_database(), postgres.new_database()
    open_store(declared, migrate=True, say=silent).close()
    migrate_from_nothing(migrated)
    assert postgresql_schema(postgres, migrated) == postgresql_schema(postgres, declared)


def test_the_schema_number_is_that_of_the_newest_migration() -> None:
    assert migrate.newest() == SCHEMA


def test_a_new_store_is_made_without_loading_alembic(tmp_path: Path) -> None:
    script = (
        "import sys; from monitor.store.engine import open_store; "
        f"open_store({sqlite_url(tmp_path / 'm.db')!r}, migrate=True, say=print).close(); "
        "open_store(sys.argv[1], migrate=True, say=print).close(); "
        "loaded = [m for m in ('alembic', 'psycopg', 'sqlalchemy.dialects.postgresql') if m in sys.modules]; "
        "sys.exit(repr(loaded) if loaded else 0)"
    )
    command = [sys.executable, "-c", script, sqlite_url(tmp_path / "m.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_new_file_is_closed_to_group_and_others(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        open_store(sqlite_url(tmp_path / "m.db"), migrate=True, say=silent).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "m.db").stat().st_mode) == 0o600


def test_an_older_store_is_backed_up_and_migrated_with_one_line(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "m.db")
    migrate_from_nothing(url, "0001")
    older = sqlite_schema(tmp_path / "m.db")
    said: list[str] = []
    store = open_store(url, migrate=True, say=said.append)
    store.close()
    backup = tmp_path / f"m.db.before-{SCHEMA}.bak"
    assert len(said) == 1
    assert str(backup) in said[0]
    assert sqlite_schema(backup) == older
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    open_store(sqlite_url(tmp_path / "new.db"), migrate=True, say=silent).close()
    assert sqlite_schema(tmp_path / "m.db") == sqlite_schema(tmp_path / "new.db")


def test_an_older_postgresql_store_is_migrated_and_says_that_no_copy_was_made(postgres_url: str) -> None:
    migrate_from_nothing(postgres_url, "0001")
    said: list[str] = []
    open_store(postgres_url, migrate=True, say=said.append).close()
    assert len(said) == 1
    assert "pg_dump" in said[0]
    open_store(postgres_url, migrate=False, say=silent).close()


def test_what_an_older_store_holds_is_there_after_migrating(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "m.db")
    migrate_from_nothing(url, "0001")
    run_sql(
        url,
        "INSERT INTO records (source, source_id, state, failures, created_at) "
        "VALUES ('ctgov', 'NCT00000001', 'new', 0, '2026-11-24T02:00:00.000000Z')",
    )
    store = open_store(url, migrate=True, say=lambda _: None)
    with store.read() as tx:
        assert [row.key for row in records.all_rows(tx)] == [nct(1)]
    store.close()


def test_a_second_backup_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / f"m.db.before-{SCHEMA}.bak").write_text("mine")
    migrate_from_nothing(sqlite_url(tmp_path / "m.db"), "0001")
    open_store(sqlite_url(tmp_path / "m.db"), migrate=True, say=lambda _: None).close()
    assert (tmp_path / f"m.db.before-{SCHEMA}.bak").read_text() == "mine"
    assert (tmp_path / f"m.db.before-{SCHEMA}-2.bak").exists()


def test_an_older_store_is_not_migrated_while_another_run_holds_the_lock(store_url: str) -> None:
    migrate_from_nothing(store_url, "0001")
    with lock.hold(store_url) as holder:
        with pytest.raises(LockHeld):
            open_store(store_url, migrate=True, say=silent)
        said: list[str] = []
        open_store(store_url, migrate=True, say=said.append, holder=holder).close()
    assert len(said) == 1


def test_a_reading_command_leaves_an_older_store_and_says_what_to_run(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    migrate_from_nothing(sqlite_url(path), "0001")
    content = path.read_bytes()
    with pytest.raises(StoreError, match="trial-monitor check"):
        open_store(sqlite_url(path), migrate=False, say=silent)
    assert path.read_bytes() == content
    assert [entry.name for entry in tmp_path.iterdir()] == ["m.db"]


def test_write_ahead_logging_is_used_on_sound_releases_alone() -> None:
    sound = [(3, 51, 3), (3, 52, 0), (4, 0, 0), (3, 50, 7), (3, 44, 6)]
    unsound = [(3, 40, 1), (3, 44, 5), (3, 44, 7), (3, 50, 6), (3, 51, 2)]
    assert [sqlite.wal_is_sound(release) for release in sound] == [True] * 5
    assert [sqlite.wal_is_sound(release) for release in unsound] == [False] * 5


def test_the_journal_is_the_one_that_is_sound_here(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    open_store(sqlite_url(path), migrate=True, say=silent).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {'delete' if sqlite.wal_is_sound() else 'wal'}")
    open_store(sqlite_url(path), migrate=True, say=silent).close()
    with closing(sqlite3.connect(path)) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    assert mode == ("wal" if sqlite.wal_is_sound() else "delete")


CONFLICTS = {
    "sqlite": ("CREATE TRIGGER versions_no_delete AFTER DELETE ON versions BEGIN SELECT 1; END", "DROP TRIGGER {}"),
    "postgresql": (
        "CREATE TRIGGER versions_no_edits AFTER DELETE ON versions EXECUTE FUNCTION tsvector_update_trigger()",
        "DROP TRIGGER {} ON versions",
    ),
}


def test_a_migration_that_fails_half_way_leaves_the_store_as_it_was(store_url: str) -> None:
    migrate_from_nothing(store_url, "0001")
    engine = engine_of(store_url)
    make, undo = CONFLICTS[engine.dialect.name]
    run_sql(store_url, make)
    with pytest.raises(StoreError):
        open_store(store_url, migrate=True, say=silent)
    assert read_state(engine) is State.OLDER
    engine.dispose()
    run_sql(store_url, undo.format(make.split()[2]))
    said: list[str] = []
    open_store(store_url, migrate=True, say=said.append).close()
    assert len(said) == 1


def test_each_migration_is_a_transaction_of_its_own_with_its_number(postgres_url: str) -> None:
    run_sql(postgres_url, "CREATE FUNCTION versions_append_only() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    with pytest.raises(SQLAlchemyError):
        migrate_from_nothing(postgres_url)
    engine = engine_of(postgres_url)
    with engine.connect() as connection:
        assert read_number(connection) == "0001"
    engine.dispose()


def test_a_commit_waits_until_the_end_of_its_journal_is_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    open_store(sqlite_url(path), migrate=True, say=silent).close()
    with closing(sqlite.connect(path)) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (3,), "EXTRA"
