"""One script in one folder: what serves it, what runs it, and what it leaves behind for the checker."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, Self

from tests.faults.clock import SharedClock
from tests.faults.evidence import Evidence, gather, unsettled
from tests.faults.journal import Journal
from tests.faults.ledger import Ledger
from tests.faults.nursery import Nursery, spawned
from tests.faults.processes import SinkProcess
from tests.faults.script import Destination, Script
from tests.faults.server import FaultServer
from tests.faults.sinks import Sink, sink_of
from tests.faults.worker import Order, work

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).with_name("trial-monitor")
NIGHTS = (
    7,
    7,
    14,
    28,
    56,
    *[100] * 12,
)  # hours until the next look of a run that settles: more than the longest wait asked for
NOWHERE: Mapping[str, str] = {}
Ran = Mapping[str, Any]
Worker = Callable[[str, float | None], Ran]
_KILLED: Final = (-signal.SIGKILL, 128 + signal.SIGKILL)


class Course:
    """Between `with` and its end servers and sinks stand; each `check` and `deliver` is a run of the worker.

    `worker`: a function that does a run, or "inside" this process; "forked", a child for each run, which can be
    killed; "cli", the program itself, by the time of day. `hook` and its `argument` are called in a forked child before
    its run; `prefix` stands before the program's command line (a tracer that kills it at a system call). All three may
    be set between runs. With `apart` each sink is a process, so that it can die; what has died is started again when
    time passes. The `nursery` forks both; without one a new one does.
    """

    def __init__(
        self,
        script: Script,
        folder: Path,
        *,
        worker: str | Worker = "inside",
        apart: bool = False,
        nursery: Nursery | None = None,
    ) -> None:
        self.script, self.folder = script, folder
        self.clock = SharedClock(folder / "clock.json")
        self._kind, self._apart, self._forker = worker, apart, nursery
        self._stack = ExitStack()
        self._runs = Journal(folder / "runs.jsonl")
        self._last: int | None = None
        self.hook: str | None = None
        self.argument: Any = None
        self.prefix: Sequence[str] = ()
        self.sinks: dict[str, Sink | SinkProcess] = {}
        self.ledgers: dict[str, Ledger] = {}

    def __enter__(self) -> Self:
        self.script.write(self.folder / "script.json")
        self.server = self._stack.enter_context(FaultServer(self.script, self.clock, self.folder / "server.jsonl"))
        for destination in self.script.destinations:
            if destination.sink not in self.sinks:
                self.sinks[destination.sink] = sink = self._sink(destination)
                self._stack.enter_context(sink)
        self.configure()
        self._worker = self._open_worker()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        self._runs.close()

    @property
    def config(self) -> Path:
        return self.folder / "monitor.toml"

    def configure(self, more: str = "", *, left_out: Container[str] = (), at: Mapping[str, str] = NOWHERE) -> None:
        """Write the configuration; `more` is TOML behind it.

        The trials `left_out` are not watched; a source has the address `at` its name, if there is one.
        """
        urls = {"ctgov": self.server.ctgov_url, "ctv": self.server.ctv_url, **at}
        self.config.write_text("\n".join([*self._tables(left_out, urls), more]), encoding="utf-8")
        self.config.chmod(0o600)

    def check(self, *, due: bool = False, kill_after: float | None = None) -> Ran:
        """A pass and the delivery after it; killed after so many seconds unless it ends sooner."""
        return self._run("due" if due else "check", kill_after)

    def deliver(self, *, kill_after: float | None = None) -> Ran:
        return self._run("deliver", kill_after)

    def next_day(self, *, hours: float = 24.0) -> None:
        """The script's next day, so many hours later; for the program itself, whose clock nobody sets, at once."""
        self._pass_time(hours, days=1)

    def settle(self) -> None:
        """Let time pass, a pass after each span, until one ends without a fault and nothing waits."""
        for hours in NIGHTS:
            if self._last == 0 and not unsettled(self.folder / "monitor.db"):
                return
            self._pass_time(hours)
            self.check()

    def _pass_time(self, hours: float, *, days: int = 0) -> None:
        self.clock.pass_time(days=days, hours=0.0 if self._kind == "cli" else hours)
        for sink in self.sinks.values():
            if isinstance(sink, SinkProcess):
                sink.revive()

    def evidence(self) -> Evidence:
        return gather(self.folder)

    def _run(self, verb: str, kill_after: float | None) -> Ran:
        began = time.time()
        day = self.clock.read().day
        ran = self._worker(verb, kill_after)
        entry = {"began": began, "ended": time.time(), "killed": None, "report": None, **ran, "verb": verb, "day": day}
        self._runs.add(**entry)
        self._last = entry["code"] if verb == "check" else None  # the others may have had nothing to read
        return entry

    def _open_worker(self) -> Worker:
        if callable(self._kind):
            return self._kind
        if self._kind == "inside":
            return self._inside
        if self._kind == "cli":
            return self._cli
        return self._forked

    def _forked(self, verb: str, kill_after: float | None) -> Ran:
        order = Order(verb=verb, kill_after=kill_after, hook=self.hook, argument=self.argument)
        return self._nursery().run(self.config, self.clock, order, self.script.seed)

    def _nursery(self) -> Nursery:
        if self._forker is None:
            self._forker = self._stack.enter_context(spawned())
        return self._forker

    def _inside(self, verb: str, kill_after: float | None) -> Ran:
        if kill_after is not None:
            raise ValueError("a run inside this process cannot be killed")
        done = work(self.config, self.clock, verb, seed=self.script.seed)
        return {"code": done.code, "report": done.report}

    def _cli(self, verb: str, kill_after: float | None) -> Ran:
        """The program itself; "killed" is when, if it was."""
        arguments = {"check": ["check", "--json"], "due": ["check", "--due", "--json"], "deliver": ["deliver"]}[verb]
        command = [*self.prefix, str(PROGRAM), *arguments, "--config", str(self.config)]
        environ = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
            killed = None
            try:
                out, _ = program.communicate(timeout=kill_after)
            except subprocess.TimeoutExpired:
                program.kill()
                killed = time.time()
                out, _ = program.communicate()
        if killed is None and program.returncode in _KILLED:
            killed = time.time()
        report = json.loads(out) if verb != "deliver" and out and killed is None else None
        return {"code": program.returncode, "killed": killed, "report": report}

    def _sink(self, destination: Destination) -> Sink | SinkProcess:
        if self._apart:
            return SinkProcess(destination.sink, destination.kind, self.folder, self._nursery())
        path = self.folder / f"ledger-{destination.sink}.jsonl"
        self.ledgers[destination.sink] = ledger = Ledger(path, destination.sink, self.clock, self.script.sink_faults)
        return sink_of(destination.kind, ledger)

    def _tables(self, left_out: Container[str], urls: Mapping[str, str]) -> list[str]:
        tables = ['[store]\nurl = "sqlite:///monitor.db"']
        for name, url in urls.items():
            rate = self.script.requests_per_second
            tables.append(
                f'[sources.{name}]\nbase_url = "{url}"\nrequests_per_second = {rate}\nallow_private_addresses = true'
            )
        readers: list[str] = []
        operators: list[str] = []
        for each in self.script.destinations:
            (operators if each.operator else readers).append(each.name)
            tables.append(f'[destinations.{each.name}]\nurl = "{self._url(each)}"\nallow_private_addresses = true')
        tables.append(f'[[rules]]\nto = {json.dumps(readers)}\nmin_severity = "administrative"')
        tables.append(f"[operator]\nto = {json.dumps(operators)}")
        for trial in self.script.trials:
            if trial.number in left_out:
                continue
            source = "registry" if trial.slug is None else "page" if trial.lag is None else "both"
            tables.append(f'[[watches]]\nref = "{trial.reference}"\nsource = "{source}"')
        return tables

    def _url(self, destination: Destination) -> str:
        port = self.sinks[destination.sink].port
        if destination.kind == "smtp":
            return f"mailto://127.0.0.1:{port}?from=monitor@example.org&to={','.join(destination.recipients)}"
        (recipient,) = destination.recipients
        return f"json://127.0.0.1:{port}/{recipient}"
