"""kill -9 of a migration at every statement, from every released schema to today's, and two migrations at once.

After each row of kills one that comes to its end must leave a whole store with the tables of today and every row that
was there; the copies made before it must be whole and hold them as well.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from monitor.errors import LockHeld
from monitor.store.engine import open_store
from tests.crash.hooks import Board, Moments, lay
from tests.crash.old_stores import OLDER, Content, OldStores, content, is_whole, path_of
from tests.postgres import running
from tests.store.store_making import sqlite_url
from tests.sweep.sweep import Outcome, Sweep

STARTS: Final = (None, *OLDER)
DATABASES: Final = ("sqlite", "postgresql")
PAIRS: Final = {"sqlite": 100, "postgresql": 20}
RACES: Final = 12
LOCKED: Final = 75


@dataclass(slots=True, kw_only=True)
class Upgrade:
    """Migrations of copies of one old store, and what came of them."""

    stores: OldStores
    name: str
    today: object
    board: Board = field(default_factory=Board)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)

    def moments(self) -> int:
        """How many moments a whole migration has."""
        url = self.stores.copy()
        self._wait(self._start(url, None))
        self.stores.remove(url)
        return self.board.read()[0]

    def row(self, moments: Sequence[int]) -> None:
        """Migrations of one store, each killed at a moment, then one that is not."""
        url, killed = self.stores.copy(), []
        for at in moments:
            if self._wait(self._start(url, at)) != -signal.SIGKILL:
                break
            killed.append(f"{at} ({self.board.read()[1]})")
        self._judge(url, f"killed at {', '.join(killed)}")
        self.counts["migrations killed"] += len(killed)
        self.shapes += [f"{self.name}: {killed[: n + 1]}" for n in range(len(killed))]

    def race(self, at: int | None) -> None:
        """Two at once; with `at` one of them is killed there."""
        url = self.stores.copy()
        children = [self._start(url, at), self._start(url, None)]
        codes = [self._wait(child) for child in children]
        if 0 not in codes and LOCKED not in codes:
            self.faults.append(f"NOBODY_MIGRATED: {self.name}: two at once ended with {codes}")
        self._judge(url, f"two at once, one killed at {at}")
        self.counts["migrations raced"] += 1
        self.shapes.append(f"{self.name}: race {at}")

    def _start(self, url: str, at: int | None) -> int:
        child = os.fork()
        if child == 0:
            self._migrate(url, at)
        return child

    def _migrate(self, url: str, at: int | None) -> None:
        code = 1
        try:
            moments = Moments(self.board)
            lay(moments)
            moments.begin(at)
            open_store(url, migrate=True, say=lambda _: None).close()
            moments.end()
            code = 0
        except LockHeld:
            code = LOCKED
        except BaseException:  # noqa: BLE001 (what a migration raises is a fault, and is told)
            (self.stores.folder / "raised").write_text(traceback.format_exc(), encoding="utf-8")
        finally:
            os._exit(code)

    def _wait(self, child: int) -> int:
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code not in (0, LOCKED, -signal.SIGKILL):
            raised = (self.stores.folder / "raised").read_text(encoding="utf-8")
            self.faults.append(f"RAISED: {self.name}: {raised[-1500:]}")
        return code

    def _judge(self, url: str, about: str) -> None:
        if self._wait(self._start(url, None)) != 0:
            self.faults.append(f"NOT_OPENED: {self.name}, {about}")
        else:
            self.faults += [f"{fault} [{self.name}, {about}]" for fault in self._faults(url)]
        self.stores.remove(url)

    def _holds(self, found: Content) -> bool:
        """True if nothing is lost or new, but for facts of its own that a migration notes: also one that was done."""
        before = self.stores.content
        return all(
            rows == before[name] or (name == "meta" and set(before[name]) <= set(rows)) for name, rows in found.items()
        )

    def _faults(self, url: str) -> Iterator[str]:
        store = open_store(url, migrate=False, say=lambda _: None)
        store.check_whole()
        store.close()
        if self.stores.declared(url) != self.today:
            yield "OTHER_TABLES: the store has not the tables of today"
        if not self._holds(content(url, self.stores.tables)):
            yield "DATA_LOST: the store does not hold what it held"
        if self.stores.server is None:
            yield from self._faults_beside(path_of(url))

    def _faults_beside(self, store: Path) -> Iterator[str]:
        copies = list(store.parent.glob("*.bak"))
        if self.stores.schema is not None and not copies:
            yield "NO_COPY: nothing was kept of the store as it was"
        for copy in copies:
            if not is_whole(copy) or not self._holds(content(sqlite_url(copy), self.stores.tables)):
                yield f"COPY: {copy.name} is not what the store was"
        if partial := list(store.parent.glob(".*.part")):
            yield f"LEFT_OVER: {partial[0].name}"


Choose = Callable[[Upgrade], None]


def play(start: str | None, database: str, folder: Path, choose: Choose) -> Outcome:
    """What is chosen to be done to copies of a store of the schema `start`."""
    name = f"{start or 'nothing'} on {database}"
    if database == "sqlite":
        stores = OldStores(folder=folder / "stores", schema=start, server=None)
        return _played(Upgrade(stores=stores, name=name, today=stores.new()), choose)
    with running() as server:
        if server is None:
            return Outcome(counts={}, faults=[f"NOT RUN: {name}: no PostgreSQL is installed"])
        stores = OldStores(folder=folder / "stores", schema=start, server=server)
        return _played(Upgrade(stores=stores, name=name, today=stores.new()), choose)


def _played(upgrade: Upgrade, choose: Choose) -> Outcome:
    choose(upgrade)
    return Outcome(counts=upgrade.counts, faults=upgrade.faults, shapes=upgrade.shapes)


def everything(upgrade: Upgrade) -> None:
    """Each moment by itself, and two at once."""
    for at in range(1, upgrade.moments() + 1):
        upgrade.row([at])
    _race(upgrade, [None] * RACES)


def at_random(upgrade: Upgrade, pairs: int, chance: Random) -> None:
    """Pairs of moments, and two at once of which one is killed."""
    last = upgrade.moments()
    for _ in range(pairs):
        upgrade.row([chance.randint(1, last), chance.randint(1, last)])
    _race(upgrade, [chance.randint(1, last) for _ in range(RACES)])


def _race(upgrade: Upgrade, moments: Iterable[int | None]) -> None:
    for at in moments:
        upgrade.race(at)


def run(seed: int, folder: Path) -> Outcome:
    """Start and database are the seed's turn; the first turn is every moment by itself, later ones are pairs."""
    start, database = STARTS[seed % len(STARTS)], DATABASES[seed // len(STARTS) % len(DATABASES)]
    turn = seed // (len(STARTS) * len(DATABASES))
    if turn == 0:
        return play(start, database, folder, everything)
    return play(start, database, folder, lambda upgrade: at_random(upgrade, PAIRS[database], Random(seed)))


SWEEP = Sweep(
    name="migrations",
    what="kill -9 at every statement of a migration from every released schema, and two migrations at once",
    seeds=3 * len(STARTS) * len(DATABASES),
    goal={"migrations killed": 2_000, "migrations raced": 250},
    run=run,
)
