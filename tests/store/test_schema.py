"""Making, migrating and refusing stores."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from monitor.errors import (
    LockHeld,
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreMissing,
    StoreNewer,
    StoreReadOnly,
)
from monitor.store import lock, migrate, postgres, records, sqlite, versions
from monitor.store.address import read_address
from monitor.store.engine import open_store
from monitor.store.tables import SCHEMA
from tests.postgres import Server
from tests.store.store_values import NOW, make_record, nct


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
    """Every object by name, its lines in an order that does not depend on how they were given."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: sorted(line.strip().rstrip(",") for line in sql.splitlines()) for name, sql in found}


def test_migrations_build_the_tables_we_declare_in_sqlite(tmp_path: Path) -> None:
    open_store(sqlite_url(tmp_path / "declared.db"), migrate=True, say=silent).close()
    migrate_from_nothing(sqlite_url(tmp_path / "migrated.db"))
    assert sqlite_schema(tmp_path / "migrated.db") == sqlite_schema(tmp_path / "declared.db")


def test_migrations_build_the_tables_we_declare_in_postgresql(postgres: Server) -> None:
    declared, migrated = postgres.new_database(), postgres.new_database()
    open_store(declared, migrate=True, say=silent).close()
    migrate_from_nothing(migrated)

    def lines(url: str) -> list[str]:
        dump = re.sub(r"\\(un)?restrict \S+", "", postgres.dump_schema(url))
        return sorted(line.strip().rstrip(",") for line in dump.splitlines())

    assert lines(migrated) == lines(declared)


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


@pytest.mark.parametrize("writing", [True, False])
def test_a_newer_sqlite_store_is_refused_and_left_as_it_is(tmp_path: Path, *, writing: bool) -> None:
    path = tmp_path / "m.db"
    open_store(sqlite_url(path), migrate=True, say=silent).close()
    run_sql(sqlite_url(path), "UPDATE schema_version SET version_num = '9000'")
    content, changed = path.read_bytes(), path.stat().st_mtime_ns
    with pytest.raises(StoreNewer, match="newer release"):
        open_store(sqlite_url(path), migrate=writing, say=silent)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (content, changed)
    assert [entry.name for entry in tmp_path.iterdir()] == ["m.db"]


@pytest.mark.parametrize("writing", [True, False])
def test_a_newer_postgresql_store_is_refused(postgres_url: str, *, writing: bool) -> None:
    open_store(postgres_url, migrate=True, say=silent).close()
    run_sql(postgres_url, "UPDATE schema_version SET version_num = '9000'")
    with pytest.raises(StoreNewer):
        open_store(postgres_url, migrate=writing, say=silent)


def test_a_store_without_a_known_number_is_refused(store_url: str) -> None:
    open_store(store_url, migrate=True, say=silent).close()
    run_sql(store_url, "UPDATE schema_version SET version_num = 'beta'")
    with pytest.raises(StoreDamaged, match="left untouched"):
        open_store(store_url, migrate=True, say=silent)


def test_a_reading_command_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="trial-monitor check"):
        open_store(sqlite_url(tmp_path / "m.db"), migrate=False, say=silent)
    assert list(tmp_path.iterdir()) == []


def test_a_reading_command_makes_no_postgresql_store(postgres_url: str, postgres: Server) -> None:
    with pytest.raises(StoreMissing):
        open_store(postgres_url, migrate=False, say=silent)
    assert "CREATE TABLE" not in postgres.dump_schema(postgres_url)


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / "m.db").touch()
    with pytest.raises(StoreMissing):
        open_store(sqlite_url(tmp_path / "m.db"), migrate=False, say=silent)
    open_store(sqlite_url(tmp_path / "m.db"), migrate=True, say=silent).close()
    open_store(sqlite_url(tmp_path / "m.db"), migrate=False, say=silent).close()


def write_nonsense(path: Path) -> None:
    path.write_bytes(b"This is a letter to my aunt. " * 200)


def write_other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")


def write_other_application(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 252006674")


def make_full_store(path: Path) -> None:
    store = open_store(sqlite_url(path), migrate=True, say=silent)
    for n in range(1, 40):
        make_record(store, nct(n), (f"text {n}" * 100,))
    store.close()


def truncate(path: Path) -> None:
    make_full_store(path)
    os.truncate(path, path.stat().st_size // 2)


def zero_a_page(path: Path) -> None:
    make_full_store(path)
    with path.open("r+b") as file:
        file.seek(4096 * 4)
        file.write(bytes(4096))


@pytest.mark.parametrize("writing", [True, False])
@pytest.mark.parametrize("make", [write_nonsense, write_other_program, write_other_application, truncate, zero_a_page])
def test_what_is_no_whole_store_of_ours_is_refused_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None], *, writing: bool
) -> None:
    path = tmp_path / "m.db"
    make(path)
    content = path.read_bytes()
    with pytest.raises(StoreDamaged):
        open_store(sqlite_url(path), migrate=writing, say=silent)
    assert path.read_bytes() == content


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not a file"):
        open_store(sqlite_url(tmp_path), migrate=False, say=silent)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="folder of the store does not exist"):
        open_store(sqlite_url(tmp_path / "nowhere" / "m.db"), migrate=True, say=silent)


@pytest.mark.parametrize(
    "address", ["", "monitor.db", "mysql://host/db", "sqlite://", "sqlite:///:memory:", "postgresql://[bad"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(StoreError):
        open_store(address, migrate=True, say=silent)


def test_a_password_is_never_shown() -> None:
    with pytest.raises(StoreError) as caught:
        open_store("postgresql+psycopg://monitor:geheim@127.0.0.1:9/none", migrate=False, say=silent)
    assert "geheim" not in str(caught.value)


def test_a_store_locked_by_another_process_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)  # the wait, not the behaviour
    store = open_store(sqlite_url(tmp_path / "m.db"), migrate=True, say=silent)
    with closing(sqlite3.connect(tmp_path / "m.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLocked), store.write():
            pass
        with pytest.raises(StoreLocked):
            open_store(sqlite_url(tmp_path / "m.db"), migrate=True, say=silent)
        other.execute("ROLLBACK")
    store.close()


@pytest.fixture
def unprivileged() -> object:
    """Root may write everywhere: these tests give up that right for a while."""
    if os.geteuid() != 0:
        return None
    return 65534


def as_user(user: object, act: Callable[[], None]) -> None:
    """Act in a child process of that user; what it raises ends it with the error's name."""
    child = os.fork()
    if child == 0:
        try:
            if isinstance(user, int):
                os.setgid(user)
                os.setuid(user)
            act()
            os._exit(1)
        except StoreReadOnly:
            os._exit(0)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, "StoreReadOnly was to be raised"


def test_a_read_only_store_is_refused_to_writers_and_open_to_readers(unprivileged: object) -> None:
    with tempfile.TemporaryDirectory() as folder:  # tmp_path is closed to the user that has no rights
        path = Path(folder) / "m.db"
        open_store(sqlite_url(path), migrate=True, say=silent).close()
        Path(folder).chmod(0o755)
        path.chmod(0o444)
        content = path.read_bytes()
        as_user(unprivileged, lambda: open_store(sqlite_url(path), migrate=True, say=silent).close())
        assert path.read_bytes() == content
        open_store(sqlite_url(path), migrate=False, say=silent).close()


def test_a_folder_that_takes_no_journal_is_reported(unprivileged: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.db"
        open_store(sqlite_url(path), migrate=True, say=silent).close()
        Path(folder).chmod(0o555)
        path.chmod(0o666)
        as_user(unprivileged, lambda: open_store(sqlite_url(path), migrate=True, say=silent).close())
        Path(folder).chmod(0o755)


def test_a_full_disk_is_reported_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    store = open_store(sqlite_url(path), migrate=True, say=silent)
    before = make_record(store, nct(1), ("one",))

    def fill() -> None:
        with store.write() as tx:
            tx.run(text("PRAGMA max_page_count = 1"))  # SQLite then says what it says when the disk is full
            records.ensure(tx, [nct(n) for n in range(2, 2000)], NOW)

    with pytest.raises(StoreReadOnly, match="full"):
        fill()
    with store.read() as tx:
        assert records.all_rows(tx) == (before,)
        assert versions.list_versions(tx, before.id)[-1].number == 1
    store.close()


def test_a_reader_cannot_write(url: str) -> None:
    store = open_store(url, migrate=False, say=silent)
    with pytest.raises(StoreReadOnly), store.read() as tx:
        records.ensure(tx, [nct(1)], NOW)
    with store.write() as tx:
        records.ensure(tx, [nct(1)], NOW)
    store.close()


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
