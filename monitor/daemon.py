"""The daemon: ticks that check what is due and empty the outbox, until a signal; then an ordered stop.

What is due stands in the store, so a tick has nothing to remember: after a crash, a pause of the machine or a jump of
the clock the next tick does what is overdue, once.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.app import App, check_once, deliver_once, verify_once
from monitor.errors import MonitorError
from monitor.model.coverage import Coverage

CHECK_EVERY = 60  # seconds between looks at what is due
CHECK_JITTER = 15  # seconds
DELIVER_EVERY = 5  # seconds between looks at the outbox
VERIFY_EVERY = 3600  # seconds between looks at whether what is new in the store agrees with itself
STOP_WITHIN = 10  # seconds for what is running when a signal comes

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Daemon:
    """The jobs of one daemon. `stopping` is set once and ends all of them."""

    app: App
    holder: str
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    held: str | None = None  # why nothing is sent, as last logged

    async def check(self) -> None:
        """Read what is due."""
        report = await check_once(self.app, due_only=True)
        if report.coverage.due:
            log.info("checked", **_counts(report.coverage), changes=len(report.changes), planned=report.planned)
        for problem in report.coverage.problems:
            log.warning("not verified", watch=problem.watch, kind=problem.kind, message=problem.message)

    async def deliver(self) -> None:
        """Send what is due."""
        done = await deliver_once(self.app, self.holder, stopping=self.stopping.is_set)
        if done.sent or done.retry or done.dead:
            log.info("delivered", sent=done.sent, retry=done.retry, dead=done.dead)
        for destination, problem in done.problems:
            log.warning("not delivered", destination=destination, message=problem)
        if done.held and done.held != self.held:
            log.warning("nothing is sent", message=done.held)
        self.held = done.held

    async def verify(self) -> None:
        """Look whether what is stored agrees with itself."""
        for each in (await verify_once(self.app)).disagreements:
            log.error("the store does not agree with itself", about=each.about, what=each.what)


def _counts(coverage: Coverage) -> dict[str, int]:
    return {
        "due": coverage.due,
        "checked": coverage.checked,
        **{outcome.value: number for outcome, number in coverage.outcomes.items()},
    }


async def run(app: App, holder: str) -> bool:
    """Run until SIGTERM or SIGINT; True if all that was running came to its end. The run's lock must be held.

    Where it did not, a thread that nobody waits for may still hang in a server that does not answer.
    """
    daemon = Daemon(app, holder)
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, daemon.stopping.set)
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_listener(_report, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    running: set[asyncio.Task[None]] = set()
    _add(
        scheduler, "check", _tracked(daemon.check, running), seconds=CHECK_EVERY, jitter=CHECK_JITTER, first=app.clock()
    )
    _add(scheduler, "deliver", _tracked(daemon.deliver, running), seconds=DELIVER_EVERY, jitter=None, first=app.clock())
    _add(scheduler, "verify", _tracked(daemon.verify, running), seconds=VERIFY_EVERY, jitter=None, first=app.clock())
    scheduler.start()
    log.info("started")
    while not daemon.stopping.is_set():
        set_right(scheduler, app.clock())
        with suppress(TimeoutError):
            await asyncio.wait_for(daemon.stopping.wait(), CHECK_EVERY)
    scheduler.pause()  # not shutdown: that cancels what is running, and a message sent would not be marked
    orderly = await _finish(running)
    scheduler.shutdown(wait=False)
    log.info("stopped")
    return orderly


def set_right(scheduler: AsyncIOScheduler, now: datetime) -> None:
    """Let ticks be due now that a clock, set back since, has planned too far ahead: else nothing runs until then."""
    for job in scheduler.get_jobs():
        furthest = now + 2 * job.trigger.interval  # no tick is planned further ahead, unless the clock was set back
        if job.next_run_time and job.next_run_time > furthest:
            log.warning("the clock was set back", job=job.id)
            job.modify(next_run_time=now)


def _add(
    scheduler: AsyncIOScheduler,
    name: str,
    job: Callable[[], Awaitable[None]],
    *,
    seconds: int,
    jitter: int | None,
    first: datetime,
) -> None:
    # One at a time, late ones once: what was missed is in the store, not in the scheduler.
    scheduler.add_job(
        job,
        "interval",
        seconds=seconds,
        jitter=jitter,
        id=name,
        name=name,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
        next_run_time=first,
    )


def _tracked(work: Callable[[], Awaitable[None]], running: set[asyncio.Task[None]]) -> Callable[[], Awaitable[None]]:
    """The work, known to be running while it is, so that a stop can wait for it."""

    async def job() -> None:
        task = asyncio.current_task()
        if task:
            running.add(task)
        try:
            await work()
        except asyncio.CancelledError:  # by `_finish`, which waited long enough
            log.warning("cut off by the stop")
        except MonitorError as error:
            log.error("tick failed", error=str(error))  # noqa: TRY400 (a sentence for people, no traceback)
        finally:
            if task:
                running.discard(task)

    return job


async def _finish(running: set[asyncio.Task[None]]) -> bool:
    """Let what is running end; cancel it when that takes too long. A cancelled send is found by its claim later."""
    if not running:
        return True
    _, late = await asyncio.wait(running, timeout=STOP_WITHIN)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    return not late


def _report(event: JobEvent) -> None:
    if event.code == EVENT_JOB_ERROR:
        log.error("tick failed", job=event.job_id, exc_info=event.exception)
    else:
        log.warning("tick skipped", job=event.job_id)
