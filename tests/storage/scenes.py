"""Runs of the program whose every write is recorded: what they begin with, and what they are told to do."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Final

from tests.faults.course import PROGRAM, Course
from tests.faults.script import Script, SinkFault
from tests.faults.world import build
from tests.storage.trace import Trace, record
from tests.store.store_making import migrate_from_nothing, sqlite_url

STORE, BACKUP = "monitor.db", "kept.zip"
NEWER = Path(__file__).with_name("newer")
APART = '[checks]\ncorrection_within = "1s"'  # each change is told by itself, also one that turns back
DOWN = (
    SinkFault(sink="mail", last=None, days=(2, 2), stage="connect", answer="421 Busy"),
    SinkFault(sink="web", last=None, days=(2, 2), status=500),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`prepare` brings the folder of a course to where the run begins; `verb` is the run's command line.

    `wal`: the program takes its SQLite for one whose write-ahead log is sound. `down`: nobody takes messages on day 2.
    `makes`: the file that the run is for. `migrates`: it brings an older store up to date first.
    """

    name: str
    prepare: Callable[[Course], None]
    verb: tuple[str, ...] = ("check", "--json")
    wal: bool = False
    down: bool = False
    makes: str | None = None
    migrates: bool = False

    def script(self, seed: int) -> Script:
        """A small world in which every trial changes every day."""
        chance = Random(seed)
        script = build(seed, registry=chance.randint(1, 3), pages=chance.randint(0, 1), days=3, share=1.0)
        return replace(script, sink_faults=DOWN if self.down else ())

    def play(self, course: Course) -> Trace:
        """The recorded run, after what comes before it."""
        course.configure(APART)
        self.prepare(course)
        command = [str(PROGRAM), *self.verb, "--config", str(course.config)]
        return record(course.folder, command, self._environ(course.folder))

    def _environ(self, home: Path) -> dict[str, str]:
        environ = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
        return {**environ, "PYTHONPATH": str(NEWER)} if self.wal else environ


def _nothing(course: Course) -> None:
    """The folder holds the configuration alone."""
    del course


def _seen(course: Course) -> None:
    """Every trial was seen; since then each has changed."""
    course.check()
    course.clock.pass_time(days=1)


def _seen_twice(course: Course) -> None:
    _seen(course)
    _seen(course)


def _older(course: Course) -> None:
    """The same in a store as the first release left it."""
    _seen_twice(course)
    store = course.folder / STORE
    newer = store.rename(course.folder / "newer.tmp")
    migrate_from_nothing(sqlite_url(store), "0001")
    with closing(sqlite3.connect(store, isolation_level=None)) as old:
        old.execute("ATTACH ? AS new", (str(newer),))
        for (table,) in old.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            if table not in ("schema_version", "sqlite_sequence"):
                columns = ", ".join(row[1] for row in old.execute(f"PRAGMA main.table_info({table})"))
                old.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")  # noqa: S608 (ours)
    newer.unlink()


def _backed_up(course: Course) -> None:
    """A backup is there, and the store it was made from is not."""
    _seen(course)
    command = [str(PROGRAM), "backup", str(course.folder / BACKUP), "--config", str(course.config)]
    subprocess.run(command, check=True, capture_output=True)
    (course.folder / STORE).unlink()


def _named(*scenes: Scene) -> Mapping[str, Scene]:
    return {scene.name: scene for scene in scenes}


SCENES: Final = _named(
    Scene(name="first sight", prepare=_nothing),
    Scene(name="changes", prepare=_seen),
    Scene(name="refused", prepare=_seen, down=True),
    Scene(name="deliver", prepare=_seen_twice, verb=("deliver",), down=True),
    Scene(name="migration", prepare=_older, migrates=True),
    Scene(name="backup", prepare=_seen, verb=("backup", BACKUP), makes=BACKUP),
    Scene(name="restore", prepare=_backed_up, verb=("restore", BACKUP), makes=STORE),
    Scene(name="first sight, log", prepare=_nothing, wal=True),
    Scene(name="changes, log", prepare=_seen, wal=True),
    Scene(name="deliver, log", prepare=_seen_twice, verb=("deliver",), down=True, wal=True),
)
