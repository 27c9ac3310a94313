"""A machine whose time of day can be set wrong, between its readings and at any one of them, and its daemon.

The true time goes on by the shared clock, which servers and sinks read too. Only the monitor is misled.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from monitor.app import open_locked, reread
from monitor.daemon import Daemon
from monitor.errors import MonitorError
from tests.faults.clock import SharedClock
from tests.faults.worker import QUICK, QuickApp, sleeper

FIRST = datetime(1970, 1, 2, tzinfo=UTC)  # no machine's clock is set further back


@dataclass(slots=True)
class Machine:
    """Calling it reads the time of day: the true time and what it is `wrong` by.

    `planned` are the jumps to come, by the number of the reading at which they happen; `shown` is what it was wrong by
    at each reading, the first of which has the number 1.
    """

    true: SharedClock
    wrong: timedelta = timedelta()
    shown: list[timedelta] = field(default_factory=list)
    planned: dict[int, timedelta] = field(default_factory=dict)

    def __call__(self) -> datetime:
        if self.readings + 1 in self.planned:
            self.set_by(self.planned.pop(self.readings + 1))
        self.shown.append(self.wrong)
        return self.true() + self.wrong

    @property
    def readings(self) -> int:
        return len(self.shown)

    def set_by(self, jump: timedelta) -> None:
        """Somebody sets the clock, but not to a time before 1970."""
        self.wrong = max(self.wrong + jump, FIRST - self.true())

    def steady(self) -> float:
        """Seconds of the clock that nobody sets."""
        return self.true().timestamp()


class DaemonInside:
    """The daemon in this process, tick by tick: a worker for a course. `restart` is what a new start of it does.

    `looks` are the numbers of the readings at which it looked whether the clock was set, by the daemon that did.
    """

    def __init__(self, config: Path, machine: Machine, seed: int) -> None:
        self._config, self._machine, self._chance = config, machine, Random(seed)
        self._stack = ExitStack()
        self._daemon: Daemon | None = None
        self.failed: list[str] = []
        self.looks: list[list[int]] = [[]]
        self.log = io.StringIO()

    @property
    def daemon(self) -> Daemon:
        if self._daemon is None:
            opened, holder = self._stack.enter_context(open_locked(self._config, {}, clock=self._machine))
            app = QuickApp(
                settings=opened.settings,
                store=opened.store,
                clock=self._machine,
                chance=self._chance.random,
                steady=self._machine.steady,
                sleep=sleeper(self._machine.true),
                limits=QUICK,
            )
            app.sync_watches()
            self._daemon = Daemon(app, holder.id, lambda app: reread(app, {}))
        return self._daemon

    def restart(self) -> None:
        self._daemon = None
        self.looks.append([])
        self._stack.close()

    def __call__(self, verb: str, kill_after: float | None) -> Mapping[str, Any]:
        """One tick of each job; "deliver" leaves out the check."""
        if kill_after is not None:
            raise ValueError("the daemon of this process cannot be killed")
        try:
            with redirect_stdout(self.log):  # where a log goes that nobody set up
                asyncio.run(self._tick(verb))
        except MonitorError as error:
            self.failed.append(f"{type(error).__name__}: {error}")
            return {"code": 1}
        return {"code": 0}

    async def _tick(self, verb: str) -> None:
        daemon = self.daemon
        self._will_look()
        await daemon.look_at_clock()
        await daemon.look_at_configuration()
        if verb != "deliver":
            self._will_look()
            await daemon.check()
        await daemon.deliver()
        await daemon.verify()

    def _will_look(self) -> None:
        """The next reading is that of a look at the clock."""
        self.looks[-1].append(self._machine.readings + 1)
