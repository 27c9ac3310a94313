"""A webhook and a registry for one trial, and the program as a process beside them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Self

import orjson

from monitor.demo.loopback import Asked, LoopbackServer, Reply
from monitor.demo.recorded import versions
from monitor.demo.registry import RecordedRegistry
from tests.pipeline.world import edited

TRIALS = ("NCT07011550", "NCT07011551")
STATUSES = ("RECRUITING", "SUSPENDED", "COMPLETED", "TERMINATED")
CONFIG = """
[store]
url = "sqlite:///{store}"
[sources.ctgov]
base_url = "{registry}"
requests_per_second = 0
allow_private_addresses = true
[destinations.team]
url = "json://127.0.0.1:{port}/hook"
allow_private_addresses = true
[operator]
ping_url = "http://127.0.0.1:{port}/ping"
"""
CODE = re.compile(r"[Aa]lert ([0-9A-Z]{4}-[0-9A-Z]{4})")


@dataclass(slots=True)
class Hook:
    """What came, in order. `hangs`: it takes a message and answers after `go_on`; `meanwhile` is called first."""

    messages: list[str] = field(default_factory=list)
    pings: int = 0
    hangs: bool = False
    came: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)
    meanwhile: Callable[[], None] = field(default=lambda: None)

    def answer(self, asked: Asked) -> Reply:
        if asked.target == "/ping":
            self.pings += 1
            return Reply(body=b"ok")
        waits = self.hangs
        self.messages.append(orjson.loads(asked.body)["message"])
        self.meanwhile()
        self.came.set()
        if waits:
            self.go_on.wait(120)
        return Reply(body=b"ok")

    @property
    def codes(self) -> list[str]:
        return [CODE.findall(message)[-1] for message in self.messages]


@dataclass(slots=True)
class Place:
    """A folder with a configuration, a registry on day 1, and a webhook."""

    folder: Path
    hook: Hook
    registry: RecordedRegistry
    port: int
    store: str = "monitor.db"

    def configure(self, *trials: str) -> None:
        text = CONFIG.format(store=self.store, registry=self.registry.ctgov_url, port=self.port)
        self.config.write_text(text + "".join(f'[[watches]]\nref = "{trial}"\n' for trial in trials))
        self.config.chmod(0o600)

    @property
    def config(self) -> Path:
        return self.folder / "monitor.toml"

    def serve(self, day: int) -> Self:
        """From this day on every trial has another status."""
        study = next(versions(TRIALS[0]))[1]
        for trial in TRIALS:
            status = STATUSES[day % len(STATUSES)]
            document = edited(study, identificationModule__nctId=trial, statusModule__overallStatus=status)
            self.registry.add_study(document, day=day)
        self.registry.set_day(day)
        return self

    def start(self, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        command = [*before, sys.executable, "-m", "monitor", *arguments, "--config", str(self.config)]
        quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=quiet)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=300)
        return process.returncode, out, err


@contextmanager
def opened_place(folder: Path) -> Iterator[Place]:
    hook = Hook()
    with LoopbackServer(hook.answer, port=0) as server, RecordedRegistry() as registry:
        place = Place(folder, hook, registry, server.port).serve(1)
        place.configure(TRIALS[0])
        yield place
        hook.go_on.set()
