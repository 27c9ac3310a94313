"""What a store holds, read from its files without the program: after each commit of a run, and in an image."""

from __future__ import annotations

import hashlib
import io
import shutil
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.storage.disk import Disk, Image
from tests.storage.trace import Trace

STORE = "monitor.db"
BESIDE = (STORE, f"{STORE}-journal", f"{STORE}-wal")
NONE = "no store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`state` is a digest of all rows; `tried` the codes of the alerts of which a try was begun."""

    state: str = NONE
    tried: frozenset[str] = frozenset()
    schema: str | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """`commits`: after which event of the trace each had returned, and the state it made; the first was there before.

    `schema` is that of the store before the run.
    """

    commits: Sequence[tuple[int, str]]
    schema: str | None
    folder: Path

    @classmethod
    def of(cls, trace: Trace, folder: Path) -> Self:
        """Follow the run: a commit has returned when its thread goes on to a lock and others see its state."""
        disk = Disk.before(trace)
        first = read(disk.seen(), folder)
        commits, writer = [(-1, first.state)], 0
        for n, event in enumerate(trace.events):
            disk.do(event)
            if event.kind not in ("lock", "send"):
                writer = event.thread
            if n == len(trace.events) - 1 or (event.kind == "lock" and event.thread == writer):
                writer = 0
                state = read(disk.seen(), folder).state
                if state != commits[-1][1]:
                    commits.append((n, state))
        return cls(commits, first.schema, folder)

    def read(self, image: Image) -> Found:
        return read(image, self.folder)

    def allowed(self, at: int) -> set[str]:
        """The states in which a loss after the event `at` may leave the store: the last commit, or the next."""
        done = [state for n, state in self.commits if n <= at]
        coming = [state for n, state in self.commits if n > at]
        return {done[-1], *coming[:1]}

    def was_before(self, state: str, at: int) -> bool:
        return state in [each for n, each in self.commits if n <= at]


def read(image: Image, folder: Path) -> Found:
    """Open a copy of the store's files with SQLite alone, which rolls back what is to be rolled back."""
    if not image.files.get(STORE):
        return Found()
    _lay(image, folder)
    try:
        with closing(sqlite3.connect(folder / STORE, isolation_level=None)) as store:
            return _read(store)
    except sqlite3.DatabaseError as error:
        return Found(fault=str(error))


def _lay(image: Image, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in BESIDE:
        if name in image.files:
            (folder / name).write_bytes(image.files[name])


def _read(store: sqlite3.Connection) -> Found:
    (verdict,) = store.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        return Found(fault=verdict)
    tables = store.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    if not tables:
        return Found()
    names = [name for name, _ in tables]
    digest = hashlib.sha256(repr(tables).encode())
    for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        rows = store.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608 (its own names)
        digest.update(repr((name, sorted(map(repr, rows)))).encode())
    schema = store.execute("SELECT max(version_num) FROM schema_version").fetchone()[0]
    tried = store.execute("SELECT code FROM alerts WHERE attempts > 0").fetchall() if "alerts" in names else []
    return Found(state=digest.hexdigest(), tried=frozenset(code for (code,) in tried), schema=schema)


def read_copy(name: str, content: bytes, standing: Standing) -> str | None:
    """What is wrong with a file that was to be a whole copy of the store as it was before the run."""
    if name.endswith(".zip"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = archive.read("store.db")
        except (zipfile.BadZipFile, KeyError) as error:
            return str(error)
    found = read(Image(files={STORE: content}, kept=""), standing.folder)
    if found.fault:
        return found.fault
    known = {state for _, state in standing.commits}
    return None if found.state in known else "it holds what the store never held"
