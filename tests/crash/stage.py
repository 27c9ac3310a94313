"""A course whose runs die at chosen moments, and which can be taken back to where it stood before them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.clock import Turn
from tests.faults.course import NOWHERE, ROOT, Course, Ran, Worker
from tests.faults.listening import Threaded
from tests.faults.script import Script

_STORE = "monitor.db"
_BESIDE = (f"{_STORE}*", f".{_STORE}*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A moment of a course between two runs: the files of the store, the length of each journal, the faults' counts."""

    turn: Turn
    counts: Mapping[int, int]
    stores: Mapping[str, bytes] = field(repr=False)
    journals: Mapping[str, int]


class Stage(Course):
    """Between two runs `order` says how the next ones go: killed at which moment, followed by `verify` or not.

    With a `prefix` (see `Course`) a run is one of the program itself, by the time of day: `still` keeps time from
    passing before it. After a run `met` are the moments it met, or `where` that of its death; `complaints` grow by what
    `verify` said, and runs that raised.
    """

    def __init__(self, script: Script, folder: Path) -> None:
        super().__init__(script, folder, worker="station")
        self.order: dict[str, Any] = {}
        self.still = False
        self.met: list[str] = []
        self.where = ""
        self.complaints: list[str] = []

    def configure(self, more: str = "", *, left_out: Container[str] = (), at: Mapping[str, str] = NOWHERE) -> None:
        """No day of these worlds is a correction of the day before."""
        super().configure(f'[checks]\ncorrection_within = "1s"\n{more}', left_out=left_out, at=at)

    def _open_worker(self) -> Worker:
        command = [sys.executable, "-m", "tests.crash.station", *map(str, (self.config, self.clock.path))]
        environ = {**os.environ, "PYTHONWARNINGS": "ignore", "MALLOC_ARENA_MAX": "1"}
        pipes = subprocess.Popen(
            [*command, str(self.script.seed)],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        station = self._stack.enter_context(pipes)

        def ordered(verb: str, _kill_after: float | None) -> Ran:
            ran = dict(self._cli(verb, None)) if self.prefix else self._obey(station, verb)
            self.rest()
            if ran["killed"]:
                ran["killed"] = time.time()  # all that it had handed over has arrived
            return ran

        return ordered

    def _obey(self, station: subprocess.Popen[str], verb: str) -> dict[str, Any]:
        if station.stdin is None or station.stdout is None:
            raise RuntimeError("the station has no pipes")
        station.stdin.write(json.dumps({"verb": verb, **self.order}) + "\n")
        station.stdin.flush()
        ran: dict[str, Any] = json.loads(station.stdout.readline())
        self.met, self.where = ran.pop("moments"), ran.pop("where")
        self.complaints += ran.pop("complaints")
        return ran

    def _pass_time(self, hours: float, *, days: int = 0) -> None:
        super()._pass_time(0.0 if self.still else hours, days=days)

    def rest(self) -> None:
        """Wait until servers and sinks have read all that was sent to them."""
        for each in (self.server, *self.sinks.values()):
            if isinstance(each, Threaded):
                each.rest()

    def standing(self) -> Standing:
        """Where the course stands now."""
        return Standing(
            turn=self.clock.read(),
            counts=Counter(self.server.sources.play.counts),
            stores={path.name: path.read_bytes() for path in self._stores()},
            journals={path.name: path.stat().st_size for path in self.folder.glob("*.jsonl")},
        )

    def take_back(self, standing: Standing) -> None:
        """Make everything as it was then."""
        for path in self._stores():
            path.unlink()
        for name, content in standing.stores.items():
            (self.folder / name).write_bytes(content)
            (self.folder / name).chmod(0o600)
        for path in self.folder.glob("*.jsonl"):
            os.truncate(path, standing.journals.get(path.name, 0))
        self.clock.set(standing.turn)
        self.server.sources.play.counts = Counter(standing.counts)
        for ledger in self.ledgers.values():
            ledger.recount()
        self._last = None

    def _stores(self) -> list[Path]:
        return [path for pattern in _BESIDE for path in self.folder.glob(pattern)]
