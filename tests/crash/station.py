"""Forks a run of the program for each order, with everything loaded and warm, and kills it at a chosen moment.

    python -m tests.crash.station CONFIG CLOCK SEED

reads lines of JSON, each an `Order`, and prints for each how it went.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import apprise.apprise

from monitor.cli import verify  # noqa: F401 (loaded once, before the forks)
from monitor.cli.group import main as program
from tests.crash.hooks import Board, Moments, lay
from tests.faults.clock import SharedClock
from tests.faults.compiled import share_compiled
from tests.faults.worker import work


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A run: killed at the moment `kill_at`, unless None. With `warm` it runs here, so that later ones find all ready.

    With `verify`, `trial-monitor verify` runs after it in the same child.
    """

    verb: str
    kill_at: int | None = None
    warm: bool = False
    verify: bool = False


_UNTOLD: Final[dict[str, Any]] = {"report": None, "complaints": [], "moments": []}


@dataclass(frozen=True, slots=True)
class Station:
    config: Path
    clock: SharedClock
    seed: int
    moments: Moments
    board: Board

    def obey(self, order: Order) -> dict[str, Any]:
        """Run as ordered: code (negative: the signal), began, ended, killed, report, moments, where, complaints."""
        answer = self.config.with_name("report.json")
        answer.unlink(missing_ok=True)
        began = time.time()
        code = self._warm(order, answer) if order.warm else self._fork(order, answer)
        ended = time.time()
        told = json.loads(answer.read_bytes()) if code >= 0 else dict(_UNTOLD)
        where = self.board.read()[1]
        return {
            "code": code,
            "began": began,
            "ended": ended,
            "killed": ended if code < 0 else None,
            **told,
            "where": where,
        }

    def _warm(self, order: Order, answer: Path) -> int:
        code = self._run(order, answer)
        gc.collect()
        gc.freeze()
        return code

    def _fork(self, order: Order, answer: Path) -> int:
        child = os.fork()
        if child == 0:
            _in_child(lambda: self._run(order, answer), answer)
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)

    def _run(self, order: Order, answer: Path) -> int:
        self.moments.begin(order.kill_at)
        done = work(self.config, self.clock, order.verb, seed=self.seed)
        self.moments.end()
        tell(answer, done.report, self._verify() if order.verify else [], self.moments.names)
        return done.code

    def _verify(self) -> list[str]:
        """What the program's own `verify` says against the store, that it is damaged included."""
        said = self.config.with_name("verify.txt")
        descriptor = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        code = program(["verify", "--config", str(self.config)])
        sys.stdout.flush()
        return [f"{code}: {said.read_text(encoding='utf-8')}"] if code else []


def _in_child(run: Callable[[], int], answer: Path) -> None:
    apprise.apprise._shared_executor = None  # noqa: SLF001 (its threads stayed behind in the parent)
    code = 1
    try:
        code = run()
    except BaseException:  # noqa: BLE001 (a run that raises is what nobody hopes for, and is told)
        tell(answer, None, [traceback.format_exc()], [])
    finally:
        os._exit(code)


def tell(answer: Path, report: Any, complaints: Sequence[str], moments: Sequence[str]) -> None:
    told = {"report": report, "complaints": complaints, "moments": moments}
    answer.write_text(json.dumps(told), encoding="utf-8")


def main(arguments: list[str]) -> None:
    board = Board()
    moments = Moments(board)
    lay(moments)
    share_compiled()
    gc.disable()
    clock = SharedClock(Path(arguments[1]))
    station = Station(Path(arguments[0]), clock, int(arguments[2]), moments, board)
    for line in sys.stdin:
        done = station.obey(Order(**json.loads(line)))
        sys.stdout.write(json.dumps(done) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
