"""What an SQLite store needs beyond SQL: its file, its pragmas, its checks, its copies."""

from __future__ import annotations

import os
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from monitor.errors import StoreDamaged, StoreError, StoreLocked, StoreMissing, StoreReadOnly
from monitor.store.durable import sync
from monitor.store.faults import said_by

APPLICATION_ID = 0x54724D6E  # "TrMn"
BUSY_SECONDS = 10.0
CHECKED_UP_TO = 32 * 1024 * 1024  # bytes; a larger store is checked by `verify`, not at each start
BACKED_UP = "store.db"  # the store's name in a backup
PRIMARY_CODE = 0xFF  # the low byte of an extended result code
FIRST_SOUND_WAL = (3, 51, 3)
SOUND_WAL = ((3, 50, 7), (3, 44, 6))  # older lines that carry the fix of the WAL race as well


def wal_is_sound(release: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """False where write-ahead logging can corrupt a store (SQLite before 3.51.3, bar two patched releases)."""
    return release >= FIRST_SOUND_WAL or release in SOUND_WAL


def open_engine(path: Path) -> Engine:
    """An engine for the existing file. Connections are made when first used, and never create a file."""
    engine = create_engine("sqlite+pysqlite://", creator=lambda: connect(path), poolclass=QueuePool, pool_size=4)
    event.listen(engine, "begin", _begin)
    return engine


def connect(path: Path) -> sqlite3.Connection:
    """Without Python's own transactions: BEGIN is ours. Raises sqlite3.Error.

    EXTRA and not FULL: with a rollback journal a commit is the end of the journal's name, and FULL does not wait until
    that is on the disk. A loss of power would bring the journal back, and what was committed would be rolled back.
    """
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    for pragma in ("foreign_keys = ON", "synchronous = EXTRA", "trusted_schema = OFF", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _begin(connection: Connection) -> None:
    """Writers take the write lock first, so that nobody fails half way; readers cannot write."""
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reads else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def create_file(path: Path) -> None:
    """An empty file, closed to group and others; nothing if there is one. Raises StoreReadOnly, StoreError."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return
    except FileNotFoundError as error:
        raise StoreError(f"The folder of the store does not exist: {path.parent}") from error
    except OSError as error:
        raise StoreReadOnly(f"The store {path} cannot be created: {error.strerror}.") from error


def examine(path: Path) -> None:
    """Raises StoreMissing, StoreDamaged or StoreError unless the file is a whole store of ours, or still empty.

    Writes nothing.
    """
    if not path.exists():
        raise StoreMissing(f"There is no store at {path} yet; `trial-monitor check` makes one.")
    if not path.is_file():
        raise StoreError(f"The store {path} is not a file.")
    try:
        with closing(connect(path)) as connection:
            if _is_ours(path, connection):
                _check_pages(path, connection)
    except UnicodeDecodeError as error:
        raise _damaged(path, said_by(error)) from error
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & PRIMARY_CODE in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise _damaged(path, str(error)) from error
        raise


def _is_ours(path: Path, connection: sqlite3.Connection) -> bool:
    """False for a file in which nobody has made anything yet. Raises StoreDamaged for another program's."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id == APPLICATION_ID:
        return True
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application_id or tables:
        raise StoreDamaged(f"{path} is a database of another program, not a store of the trial monitor.")
    return False


def _check_pages(path: Path, connection: sqlite3.Connection) -> None:
    if path.stat().st_size > CHECKED_UP_TO:
        return
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise _damaged(path, verdict)


def _damaged(path: Path, why: str) -> StoreDamaged:
    """One line: what is wrong, and how to go on. Nothing ever takes the place of a store by itself."""
    reason = " ".join(why.removeprefix("*** in database main ***").split())
    backup = _newest_backup(path.parent)
    return StoreDamaged(
        f"The store {path} is damaged ({reason}). It is left as it is. Move it away and go "
        f"on from a backup: trial-monitor restore {backup or 'FILE'}"
    )


def _newest_backup(folder: Path) -> Path | None:
    """Backups are kept where a person wants them; those beside the store can be named."""
    found = [path for path in folder.glob("*.zip") if _holds_a_store(path)]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def _holds_a_store(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return BACKED_UP in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def prepare_for_writing(path: Path) -> None:
    """Set the journal that is sound with this SQLite, and find out whether the store can be written.

    Raises sqlite3.Error.
    """
    wanted = "wal" if wal_is_sound() else "delete"
    with closing(connect(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("PRAGMA user_version = 0")  # makes the journal, fails where nothing can be written
        connection.execute("ROLLBACK")
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        if mode != wanted:
            connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()


def sweep(engine: Engine) -> None:
    """Write the file anew without its free parts, and empty its log. Raises StoreLocked while others use it."""
    pooled = engine.raw_connection()
    try:
        cursor = pooled.cursor()
        cursor.execute("PRAGMA query_only = OFF")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchall()[0][0]
    finally:
        pooled.close()
    if busy:
        raise StoreLocked("The store is in use elsewhere: its log could not be emptied. It is tried again next time.")


@contextmanager
def _fresh_file(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its name only when it is complete and on disk; then the name is, too."""
    partial = path.with_name(f".{path.name}.part")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        yield partial
        sync(partial)
        partial.rename(path)
        sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def copy(path: Path, to: Path) -> None:
    """A complete copy of the store as it is now, mode 0600. Raises StoreReadOnly, sqlite3.Error."""
    try:
        with _fresh_file(to) as partial, closing(connect(path)) as source, closing(connect(partial)) as target:
            source.backup(target)
    except OSError as error:
        raise StoreReadOnly(f"The backup {to} cannot be written: {error.strerror}.") from error


def refuse_leftovers(path: Path) -> None:
    """Raises StoreError where the journal of another store waits for the next one of that name: it would spoil it."""
    for left in (path.with_name(f"{path.name}{ending}") for ending in ("-journal", "-wal", "-shm")):
        if left.exists():
            raise StoreError(f"{left} belongs to the store that was here before. Move it to where that store is now.")


def free_name(path: Path, schema: str) -> Path:
    """Where the copy made before a migration goes: beside the store, over nothing that is there."""
    for count in range(1, 1000):
        name = path.with_name(f"{path.name}.before-{schema}{f'-{count}' if count > 1 else ''}.bak")
        if not name.exists():
            return name
    raise StoreError(f"There are too many backups beside {path}; move them elsewhere.")
