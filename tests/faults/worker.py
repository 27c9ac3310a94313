"""The program with a clock that can be set: check and deliver as the command line does them, by the shared clock.

Called in this process (`work`), or in a child that is forked for each run (`run_forked`), which can be killed at any
moment. A hook ("module:function") is called with its argument in the child before the run: it may make the run die at a
chosen step.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import monitor.deliver.channels
import monitor.sources.ctgov.client
import monitor.sources.ctv.client  # noqa: F401 (loaded once, before the forks)
from monitor.app import App, check_once, deliver_once, open_locked, verify_once
from monitor.cli.check import alert_counts, exit_code_of
from monitor.cli.ending import FAILED
from monitor.cli.json_out import check_json
from monitor.egress.client import Egress, Keep
from monitor.egress.policy import Limits
from monitor.model.version import HostRest
from monitor.pipeline.deliver import Delivered
from tests.faults.clock import SharedClock

QUICK = Limits(deadline=2.0, connect=1.0, read=0.5, tries=3, first_wait=0.01, jitter=0.01)
"""For runs in which hundreds of answers hang or are cut: the same steps, sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickApp(App):
    """The monitor with other limits of a request; it waits for a busy host as the clock goes, in no time."""

    limits: Limits
    sleep: Callable[[float], Awaitable[None]]

    def way_out(self, rests: Sequence[HostRest], limits: Limits | None, keep: Keep) -> Egress:
        return Egress(
            self.settings.policies,
            self.network,
            clock=self.clock,
            rests=rests,
            limits=replace(self.limits, patience=limits.patience if limits else 0.0),
            keep=keep,
            sleep=self.sleep,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a run ended; `report` is the document of `check --json`."""

    code: int
    report: Mapping[str, Any] | None = None


def sleeper(clock: SharedClock) -> Callable[[float], Awaitable[None]]:
    """A sleep that sets the clock on."""

    async def sleep(seconds: float) -> None:
        clock.pass_time(seconds=seconds)

    return sleep


def work(config: Path, clock: SharedClock, verb: str, *, seed: int = 0, limits: Limits = QUICK) -> Done:
    """Run "check", which delivers afterwards, "due" (the same for what is due) or "deliver" once, now."""
    with open_locked(config, {}, clock=clock) as (opened, holder):
        app = QuickApp(
            settings=opened.settings,
            store=opened.store,
            clock=opened.clock,
            steady=lambda: clock().timestamp(),  # so that a wait that sets the clock on has passed
            chance=Random(f"{seed} {clock.read()}").random,
            limits=limits,
            sleep=sleeper(clock),
        )
        if verb == "deliver":
            delivered = asyncio.run(deliver_once(app, holder.id, at_once=False))
            return Done(code=int(delivered.dead > 0))
        report = asyncio.run(check_once(app, sync=True, due_only=verb == "due"))
        delivered = asyncio.run(_deliver(app, holder.id))
        verified = asyncio.run(verify_once(app))
        counts = alert_counts(app, report, delivered)
        document = json.loads(_json(check_json(report.coverage, report.changes, counts)))
        code = FAILED if verified.disagreements else exit_code_of(report, counts)
        return Done(code=code, report=document)


async def _deliver(app: App, holder: str) -> Delivered:
    return await deliver_once(app, holder)


def _json(value: object) -> bytes:
    import orjson

    return orjson.dumps(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A run to be forked."""

    verb: str
    kill_after: float | None = None
    hook: str | None = None
    argument: Any = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def _child(config: Path, clock: SharedClock, order: Order, seed: int, answer: Path) -> None:
    code = 1
    try:
        if order.hook is not None:
            module, _, name = order.hook.partition(":")
            getattr(import_module(module), name)(order.argument)
        done = work(config, clock, order.verb, seed=seed)
        answer.write_text(json.dumps({"report": done.report}), encoding="utf-8")
        code = done.code
    finally:
        os._exit(code)


def run_forked(config: Path, clock: SharedClock, order: Order, seed: int) -> dict[str, Any]:
    """Fork, run, kill if so told, and say how it went: code (negative: the signal), began, ended, killed, report."""
    answer = config.with_name("report.json")
    answer.unlink(missing_ok=True)
    began = time.time()
    child = os.fork()
    if child == 0:
        _child(config, clock, order, seed, answer)
    killed = None
    if order.kill_after is not None:
        time.sleep(order.kill_after)
        os.kill(child, signal.SIGKILL)  # not waited for yet, so that its number is still its own
        killed = time.time()
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    report = json.loads(answer.read_bytes())["report"] if code >= 0 and answer.exists() else None
    died = (killed or time.time()) if code == -signal.SIGKILL else None
    return {"code": code, "began": began, "ended": time.time(), "killed": died, "report": report}
