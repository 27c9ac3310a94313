"""A store with a canary is pruned and killed at the n-th statement, VACUUM's own included; then it is pruned again.

    python -m tests.privacy.kills NOW

reads lines of JSON, [store, number or null], forks for each, and prints how the child ended (negative: the signal) and
how many statements it began.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import PIPE
from typing import Self

from sqlalchemy import event
from sqlalchemy.pool import Pool

import monitor.sources.ctgov
import monitor.sources.ctgov.document
import monitor.sources.ctv
import monitor.sources.guarding  # noqa: F401 (loaded once, before the forks)
from monitor.demo.recorded import versions
from monitor.model.privacy import Retention
from monitor.pipeline.pruning import prune
from monitor.store import records, verify
from monitor.store.engine import open_store
from tests.pipeline.world import World, open_world
from tests.privacy.canaries import NAME, scan_folder, scan_rows
from tests.privacy.life import TRIAL, lived
from tests.sweep.sweep import Outcome, Sweep

ROOT = Path(__file__).parents[2]

RETENTION = Retention(keep_contacts=timedelta(hours=1), keep_bodies=timedelta(hours=1))


def work(store: Path, now: datetime, kill_at: int | None, told: Path) -> None:
    """Prune in this process; die before the statement of this number. How many there were goes into `told`."""
    begun = 0

    def count(_statement: str) -> None:
        nonlocal begun
        begun += 1
        if begun == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(connection: object, _record: object) -> None:
        connection.set_trace_callback(count)  # type: ignore[attr-defined] # of sqlite3

    event.listen(Pool, "connect", watch)
    opened = open_store(f"sqlite:///{store}", migrate=True, say=print)
    prune(opened, RETENTION, now, person=NAME)
    opened.close()
    told.write_text(str(begun), encoding="ascii")


def forked(store: Path, now: datetime, kill_at: int | None) -> list[int]:
    told = store.with_name("begun")
    told.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work(store, now, kill_at, told)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return [os.waitstatus_to_exitcode(status), int(told.read_text(encoding="ascii")) if told.exists() else 0]


class Forker:
    """A process that has loaded the program, and forks a child for each run."""

    def __init__(self, now: datetime) -> None:
        command = [sys.executable, "-m", "tests.privacy.kills", now.isoformat()]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, store: Path, kill_at: int | None) -> list[int]:
        """How the child ended, and how many statements it began if it came to its end."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the forking process has no pipes")
        self._process.stdin.write(json.dumps([str(store), kill_at]) + "\n")
        self._process.stdin.flush()
        ended: list[int] = json.loads(self._process.stdout.readline())
        return ended


def kill_each(seeded: Path, folder: Path, now: datetime, share: Callable[[int], Iterable[int]]) -> Outcome:
    """Kill a prune of a copy of the store before each statement of the share, given how many there are."""
    counts, faults = {"kills": 0, "pruned again": 0}, []
    with Forker(now) as forker:
        code, statements = forker.run(fresh(seeded, folder), None)
        faults += [f"FAILED: {code}"] if code else []
        numbers = list(share(statements))
        for number in numbers:
            store = fresh(seeded, folder)
            counts["kills"] += forker.run(store, number)[0] == -signal.SIGKILL
            faults += [f"BROKEN: killed at {number}: {fault}" for fault in faults_of(store)]
            counts["pruned again"] += forker.run(store, None)[0] == 0
            faults += [f"BROKEN: killed at {number}, pruned again: {fault}" for fault in faults_of(store)]
            left = {**scan_rows(store), **scan_folder(store.parent)}
            faults += [f"LEFT: killed at {number}, pruned again: {left}"] if left else []
    if set(counts.values()) != {len(numbers)}:
        faults.append(f"COUNT: {counts} of {len(numbers)}")
    return Outcome(counts=counts, faults=faults, shapes=[f"{number} of {statements}" for number in numbers])


def fresh(seeded: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return Path(shutil.copy(seeded, folder / "monitor.db"))


def faults_of(path: Path) -> list[str]:
    """What is wrong with the chains, and with the database as such."""
    store = open_store(f"sqlite:///{path}", migrate=True, say=print)
    try:
        store.check_whole()
        with store.read() as tx:
            return [fault for row in records.all_rows(tx) for fault in verify.verify_chain(tx, row.id)]
    finally:
        store.close()


def seed_store(folder: Path) -> tuple[Path, datetime]:
    """A store that holds a canary, and the time in it."""
    registry, store = open_world(folder)
    with registry:
        world = World(registry, store)
        lived(world, next(versions(TRIAL))[1])
    store.close()
    return folder / "monitor.db", world.now


def run(seed: int, folder: Path) -> Outcome:
    """Every `SEEDS`-th statement from the seed's on."""
    (folder / "seeded").mkdir()
    seeded, now = seed_store(folder / "seeded")
    return kill_each(seeded, folder / "killed", now, lambda statements: range(1 + seed, statements + 1, SEEDS))


SEEDS = 40
SWEEP = Sweep(
    name="prune-kills",
    what="A prune of a person and by age is killed before every statement, VACUUM's own included, and done again.",
    seeds=SEEDS,
    goal={"kills": 100},
    run=run,
)

if __name__ == "__main__":
    for line in sys.stdin:
        path, number = json.loads(line)
        print(json.dumps(forked(Path(path), datetime.fromisoformat(sys.argv[1]), number)), flush=True)
