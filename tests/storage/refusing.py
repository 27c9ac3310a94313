"""The disk refuses: no space, no right, an error of the device, at any call of the program itself.

A tracer lets one kind of call on the store's files fail from the n-th on, or once, in a run of the command line; a
clean run follows. Named faults, beside those of the checker:

CODE         a refused run ended with something else than 3 (or 0, where the refusal passed), or a clean one with 3
SAID         with code 3 there was something on standard output, or not one plain line on standard error
DAMAGED      the store is not whole afterwards
NOT_OPENED   the program refuses the store afterwards
DISAGREES    a refused run left half of a transaction: `verify` finds something
PINGED       the dead man's switch was asked, and no pass was completed
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Final

from monitor.demo.loopback import Asked, LoopbackServer, Reply
from tests.faults.checker import judge
from tests.faults.course import PROGRAM, Course
from tests.faults.evidence import Anomaly
from tests.faults.journal import Journal
from tests.faults.world import build
from tests.storage.disk import Image
from tests.storage.opened import Opened
from tests.storage.scenes import APART
from tests.storage.standing import BESIDE, STORE, read
from tests.sweep.sweep import Outcome, Sweep

REFUSALS: Final[Sequence[tuple[str, str]]] = (
    ("pwrite64", "ENOSPC"),
    ("pwrite64", "EDQUOT"),
    ("pwrite64", "EIO"),
    ("fdatasync", "EIO"),
    ("fdatasync", "ENOSPC"),
    ("unlink", "EROFS"),
    ("openat", "EROFS"),
    ("openat", "EMFILE"),
)
DEEPEST = {"pwrite64": 60, "fdatasync": 30, "unlink": 10, "openat": 15}  # how far into a run; about so many it makes
DAYS = 4
NO_STORE = 3


class Switch:
    """Counts the pings."""

    def __init__(self) -> None:
        self.pings = 0
        self.server = LoopbackServer(self._answer, port=0)

    def _answer(self, asked: Asked) -> Reply:
        del asked
        self.pings += 1
        return Reply(status=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Calls of this kind on the store's files fail from the n-th on, or the n-th alone."""

    call: str
    error: str
    n: int
    lasts: bool

    def __str__(self) -> str:
        return f"{self.call} {self.error} {self.n}{'+' if self.lasts else ''}"

    def prefix(self, folder: Path, log: Path) -> list[str]:
        only = [word for name in BESIDE for word in ("-P", str(folder / name))]
        inject = f"inject={self.call}:error={self.error}:when={self.n}{'+' if self.lasts else ''}"
        return ["strace", "-f", "-qq", "--seccomp-bpf", "-o", str(log), *only, "-e", f"trace={self.call}", "-e", inject]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run of the program ended; `met` if a call of it was refused."""

    code: int
    out: bytes
    err: str
    met: bool


@dataclass(slots=True)
class Bout:
    """One course whose runs are refused in turn."""

    course: Course
    switch: Switch
    chance: Random
    folder: Path
    faults: list[str] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def refuse(self) -> None:
        """A refused run, and what must hold after it; then a clean one."""
        call, error = self.chance.choice(REFUSALS)
        n = self.chance.randint(1, DEEPEST[call])
        refusal = Refusal(call=call, error=error, n=n, lasts=self.chance.random() < 0.7)
        before, pings = self._passes(), self.switch.pings
        ended = self._run(refusal)
        found = list(_wrong(ended, refusal))
        if self.switch.pings - pings > self._passes() - before:
            found.append("PINGED")
        found += self._standing()
        if (clean := self._run(None)).code:
            found.append(f"CODE: {clean.code} of the clean run: {clean.err}")
        about = f"{refusal} on day {self.course.clock.read().day}"
        self.faults += [f"{fault}; {about}" for fault in found]
        self.shapes += [f"{about} {ended.code}"] if ended.met else []
        self.counts.update(runs=1, refused=ended.met, ended_with_3=ended.code == NO_STORE)

    def _run(self, refusal: Refusal | None) -> Ended:
        folder, log, began = self.course.folder, self.folder / "log", time.time()
        prefix = refusal.prefix(folder, log) if refusal else []
        command = [*prefix, str(PROGRAM), "check", "--json", "--config", str(self.course.config)]
        environ = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        done = subprocess.run(command, env=environ, capture_output=True, check=False)
        ended, day = time.time(), self.course.clock.read().day
        runs = Journal(folder / "runs.jsonl")  # a run that could not write knows no more of its message than a dead one
        died = ended if done.returncode == NO_STORE else None
        runs.add(verb="check", day=day, began=began, ended=ended, code=done.returncode, killed=died, report=None)
        runs.close()
        met = refusal is not None and b"(INJECTED)" in log.read_bytes()
        return Ended(code=done.returncode, out=done.stdout, err=done.stderr.decode(), met=met)

    def _passes(self) -> int:
        store = self.course.folder / STORE
        if not store.exists() or not store.stat().st_size:
            return 0
        with closing(sqlite3.connect(store)) as opened:
            if not opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'passes'").fetchall():
                return 0
            return int(opened.execute("SELECT count(*) FROM passes WHERE finished_at IS NOT NULL").fetchone()[0])

    def _standing(self) -> Iterator[str]:
        paths = [self.course.folder / name for name in BESIDE]
        image = Image(files={path.name: path.read_bytes() for path in paths if path.exists()}, kept="")
        found = read(image, self.folder / "state")
        if found.fault:
            yield f"DAMAGED: {found.fault}"
        else:
            yield from Opened(self.course.config, self.folder / "image").open(image, found.state)


def _wrong(ended: Ended, refusal: Refusal) -> Iterator[str]:
    if ended.code not in (NO_STORE, 0) or (ended.met and refusal.lasts and ended.code != NO_STORE):
        yield f"CODE: {ended.code}: {ended.err}"
    if ended.code == NO_STORE:
        if ended.out:
            yield f"SAID: {ended.out[:80]!r} on standard output"
        if len(ended.err.splitlines()) != 1 or "Traceback" in ended.err:
            yield f"SAID: {ended.err!r}"


def run(seed: int, folder: Path) -> Outcome:
    """A course with a refused run on each day."""
    return bout(seed, folder, days=DAYS)


def bout(seed: int, folder: Path, *, days: int) -> Outcome:
    """So many days, the first of which is the first sight."""
    work, switch = folder / "work", Switch()
    work.mkdir()
    script = replace(build(seed, registry=2, pages=1, days=days, share=1.0), seed=seed)
    with switch.server, Course(script, work, worker="inside") as course:
        course.configure(APART)
        ping = f'[operator]\nping_url = "http://127.0.0.1:{switch.server.port}/"\n'
        course.config.write_text(course.config.read_text().replace("[operator]\n", ping))
        match = Bout(course, switch, Random(seed), folder)
        for day in range(1, days + 1):
            match.refuse()
            if day < days:
                course.clock.pass_time(days=1)
        anomalies: list[Anomaly] = judge(course.evidence())
    return Outcome(counts=match.counts, faults=[*match.faults, *map(str, anomalies)], shapes=match.shapes)


SWEEP = Sweep(
    name="storage",
    what="The disk refuses a call of the program: no space, no right, an error of the device.",
    seeds=100,
    goal={"refused": 300},
    run=run,
)
