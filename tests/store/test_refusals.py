"""Stores that cannot be used: refused by name, and left as they are."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import (
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreMissing,
    StoreNewer,
    StoreReadOnly,
)
from monitor.store import alerts, records, restored, sqlite, versions
from monitor.store.engine import Store, open_store
from monitor.store.transaction import Tx
from tests.postgres import Server
from tests.store.outbox import plan
from tests.store.store_making import run_sql, silent, sqlite_url
from tests.store.store_values import NOW, make_record, nct, planned


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


def spoil_the_schema(path: Path) -> None:
    """The database quotes the statement when it complains, and its complaint is no text any more."""
    make_full_store(path)
    content = path.read_bytes()
    assert b"CREATE TABLE meta" in content
    path.write_bytes(content.replace(b"CREATE TABLE meta", b"CREATE T\xc1BLE meta"))


BAD = [write_nonsense, write_other_program, write_other_application, truncate, zero_a_page, spoil_the_schema]


@pytest.mark.parametrize("writing", [True, False])
@pytest.mark.parametrize("make", BAD)
def test_what_is_no_whole_store_of_ours_is_refused_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None], *, writing: bool
) -> None:
    path = tmp_path / "m.db"
    make(path)
    content = path.read_bytes()
    with pytest.raises(StoreDamaged):
        open_store(sqlite_url(path), migrate=writing, say=silent)
    assert path.read_bytes() == content


@pytest.mark.parametrize("make", [write_nonsense, truncate, zero_a_page, spoil_the_schema])
def test_a_refusal_is_one_line_that_names_the_store_and_a_backup_beside_it(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "m.db"
    make(path)
    (tmp_path / "other.zip").write_bytes(b"no archive")
    with pytest.raises(StoreDamaged, match=r"m\.db is damaged .* trial-monitor restore FILE$"):
        open_store(sqlite_url(path), migrate=True, say=silent)
    with zipfile.ZipFile(tmp_path / "kept.zip", "w") as archive:
        archive.writestr("store.db", "")
    with pytest.raises(StoreDamaged, match=rf"m\.db is damaged .* trial-monitor restore {tmp_path}/kept\.zip$"):
        open_store(sqlite_url(path), migrate=True, say=silent)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE alerts SET facts = '{\"a'",
        "UPDATE alerts SET state = 'asleep'",
        "UPDATE alerts SET change_ids = '[1'",
    ],
)
def test_a_value_that_was_never_stored_is_damage(store: Store, url: str, change: str) -> None:
    plan(store, planned(condition="x"))
    run_sql(url, change)
    with pytest.raises(StoreDamaged, match="was changed"), store.read() as tx:
        alerts.list_alerts(tx)


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ("UPDATE bodies SET contacts = 'fulh'", versions.read_body),
        ("UPDATE records SET absences = '[\"2O26-01-01\"]'", lambda tx, _: records.all_rows(tx)),
        ("INSERT INTO meta (key, value) VALUES ('restored', '2026-01-01')", lambda tx, _: restored.holding(tx)),
    ],
)
def test_a_level_or_a_moment_that_was_never_stored_is_damage(
    store: Store, url: str, change: str, read: Callable[[Tx, str], object]
) -> None:
    make_record(store, nct(1), ("text",))
    with store.read() as tx:
        (digest,) = tx.run(text("SELECT digest FROM bodies")).scalars().all()
    run_sql(url, change)
    with pytest.raises(StoreDamaged, match="was changed"), store.read() as tx:
        read(tx, digest)


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
