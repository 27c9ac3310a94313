"""A process that has loaded everything and forks on demand: runs of the worker, which can be killed, and sinks.

It has one thread, so that forking is safe, and it takes all its children with it when whoever asked it has gone. Orders
and answers are lines of JSON over pipes. `spawned` starts it as a program of its own, `forked` out of this process,
which must then have one thread only: that costs no start of an interpreter.

    python -m tests.faults.nursery
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, NoReturn

from tests.faults.clock import SharedClock
from tests.faults.sinks import serve
from tests.faults.worker import Order, run_forked

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Nursery:
    """The asking side."""

    orders: IO[str]
    answers: IO[str]

    def run(self, config: Path, clock: SharedClock, order: Order, seed: int) -> dict[str, Any]:
        """As `worker.run_forked`."""
        return self._ask(do="run", config=str(config), clock=str(clock.path), order=order.as_dict(), seed=seed)

    def begin_sink(self, arguments: list[str]) -> tuple[int, int]:
        """Process id and port of a sink; the arguments are those of `sinks.serve`."""
        answer = self._ask(do="sink", arguments=arguments)
        return int(answer["pid"]), int(answer["port"])

    def has_died(self, pid: int) -> bool:
        return bool(self._ask(do="look", pid=pid)["died"])

    def end(self, pid: int) -> None:
        """Kill a sink, if it is still alive."""
        self._ask(do="end", pid=pid)

    def _ask(self, **order: Any) -> dict[str, Any]:
        self.orders.write(json.dumps(order) + "\n")
        self.orders.flush()
        answer: dict[str, Any] = json.loads(self.answers.readline())
        return answer


@contextmanager
def spawned() -> Iterator[Nursery]:
    command = [sys.executable, "-m", "tests.faults.nursery"]
    environ = {**os.environ, "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the process has no pipes")
        yield Nursery(process.stdin, process.stdout)


@contextmanager
def forked() -> Iterator[Nursery]:
    (orders_out, orders_in), (answers_out, answers_in) = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(orders_in)
        os.close(answers_out)
        try:
            _serve(os.fdopen(orders_out), os.fdopen(answers_in, "w"))
        finally:
            os._exit(0)
    os.close(orders_out)
    os.close(answers_in)
    with os.fdopen(orders_in, "w") as orders, os.fdopen(answers_out) as answers:
        yield Nursery(orders, answers)
    os.waitpid(pid, 0)


def _serve(orders: IO[str], answers: IO[str]) -> None:
    sinks: set[int] = set()
    for line in orders:
        answers.write(json.dumps(_done(json.loads(line), sinks)) + "\n")
        answers.flush()
    for pid in sinks:
        _end(pid)


def _done(order: dict[str, Any], sinks: set[int]) -> dict[str, Any]:
    match order["do"]:
        case "run":
            clock = SharedClock(Path(order["clock"]))
            return run_forked(Path(order["config"]), clock, Order(**order["order"]), order["seed"])
        case "sink":
            pid, port = _begin(order["arguments"])
            sinks.add(pid)
            return {"pid": pid, "port": port}
        case "look":
            died = order["pid"] not in sinks or os.waitpid(order["pid"], os.WNOHANG)[0] != 0
            sinks -= {order["pid"]} if died else set()
            return {"died": died}
        case _:
            if order["pid"] in sinks:
                sinks.remove(order["pid"])
                _end(order["pid"])
            return {}


def _begin(arguments: list[str]) -> tuple[int, int]:
    port_out, port_in = os.pipe()
    pid = os.fork()
    if pid == 0:
        _sink(arguments, port_in)
    os.close(port_in)
    with os.fdopen(port_out) as told:
        return pid, int(told.readline())


def _sink(arguments: list[str], port_in: int) -> NoReturn:
    try:
        serve(arguments, lambda port: os.write(port_in, b"%d\n" % port), signal.pause)
    finally:
        os._exit(1)


def _end(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)  # not waited for yet, so that its number is still its own
    os.waitpid(pid, 0)


if __name__ == "__main__":
    _serve(sys.stdin, sys.stdout)
