"""The daemon: ticks that check what is due and empty the outbox, until a signal; then an ordered stop.

What is due stands in the store, so a tick has nothing to remember: after a crash, a pause of the machine or a jump of
the clock the next tick does what is overdue, once. The configuration is read again when its file changes and at
SIGHUP; one that has a fault changes nothing.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.app import App, check_once, deliver_once, verify_once
from monitor.errors import MonitorError, StoreError
from monitor.model.coverage import Coverage
from monitor.pipeline.pruning import prune_daily
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.upkeep import clock_moved, configuration_read, store_came_back
from monitor.store.transaction import Tx

CHECK_EVERY = 60  # seconds between looks at what is due
CHECK_JITTER = 15  # seconds
DELIVER_EVERY = 5  # seconds between looks at the outbox
VERIFY_EVERY = 3600  # seconds between looks at whether what is new in the store agrees with itself
PRUNE_LOOK_EVERY = 3600  # seconds between looks at whether the day's pruning is still to be done
LOOK_EVERY = 10  # seconds between looks at the clock and at the file of the configuration
STOP_WITHIN = 10  # seconds for what is running when a signal comes
JUMP = timedelta(minutes=5)  # a clock that moves further than this on its own was set

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Daemon:
    """The jobs of one daemon. `stopping` is set once and ends all of them; `wake` ends the wait for the next look.

    `reread` gives an App by the configuration as it is now, for the one given. Raises MonitorError.
    """

    app: App
    holder: str
    reread: Callable[[App], App]
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    planned: bool = False  # something to send at once, not at the next look at the outbox
    asked: bool = False  # to read the configuration, whether or not its file has changed
    held: str | None = None  # why nothing is sent, as last logged
    stamp: tuple[int, ...] | None = None  # the file of the configuration in force
    trouble: tuple[datetime, str] | None = None  # since when the store cannot be used, and why
    looked: tuple[datetime, float] | None = None  # the time of day and the steady seconds at the last look at the clock

    def stop(self) -> None:
        self.stopping.set()
        self.wake.set()

    def ask_to_reread(self) -> None:
        self.asked = True
        self.wake.set()

    async def look_at_configuration(self) -> None:
        """Read it again if it changed; with a fault the one in force stays, and it is looked at again."""
        stamp = _stamp(self.app)
        if stamp == self.stamp and not self.asked:
            return
        self.asked, fault = False, None
        try:
            self.app = await asyncio.to_thread(self.reread, self.app)
            self.stamp = stamp
            log.info("configuration read")
        except MonitorError as error:
            fault = str(error)
            log.error("configuration not read", error=fault)  # noqa: TRY400 (a sentence for people, no traceback)
        await self._note(lambda tx: configuration_read(tx, fault, self.app.clock()))

    async def look_at_clock(self) -> None:
        """See whether somebody set it: what was planned by the other time is due now."""
        await self._look_at_clock()

    async def _look_at_clock(self) -> tuple[datetime, float]:
        now, steady = self.app.clock(), self.app.steady()
        before, self.looked = self.looked or (now, steady), (now, steady)
        within = timedelta(seconds=steady - before[1])
        jump = now - before[0] - within
        if abs(jump) > JUMP:
            log.warning("the clock was set", seconds=round(jump.total_seconds()))
            await self._note(lambda tx: clock_moved(tx, jump, now, within=within))
        return now, steady

    async def _note(self, work: Callable[[Tx], None]) -> None:
        async with Scribe(self.app.store) as scribe:
            await scribe.write(work)

    async def _store_is_well(self) -> None:
        if self.trouble:
            since, message = self.trouble
            await self._note(lambda tx: store_came_back(tx, since, message, self.app.clock()))
            self.trouble = None

    async def check(self) -> None:
        """Read what is due, by the clock as it was looked at before: what it is set to after that is the next one's."""
        looked = await self._look_at_clock()
        await self._store_is_well()
        report = await check_once(self.app.evenly(*looked), due_only=True)
        if report.planned:
            self.planned = True
            self.wake.set()
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

    async def prune(self) -> None:
        """Take out what is not to be kept any longer, once a day."""
        app = self.app
        done = await asyncio.to_thread(prune_daily, app.store, app.settings.retention, app.clock())
        if done and done.something:
            log.info("pruned", **done.counts)


def _stamp(app: App) -> tuple[int, ...] | None:
    """What tells one state of the configuration's file from another; None while there is none."""
    try:
        found = os.stat(app.settings.path)  # noqa: PTH116 (a path that may not be there)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _counts(coverage: Coverage) -> dict[str, int]:
    return {
        "due": coverage.due,
        "checked": coverage.checked,
        **{outcome.value: number for outcome, number in coverage.outcomes.items()},
    }


async def run(app: App, holder: str, reread: Callable[[App], App]) -> bool:
    """Run until SIGTERM or SIGINT; True if all that was running came to its end. The run's lock must be held.

    Where it did not, a thread that nobody waits for may still hang in a server that does not answer.
    """
    daemon = Daemon(app, holder, reread, stamp=_stamp(app))
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, daemon.stop)
    loop.add_signal_handler(signal.SIGHUP, daemon.ask_to_reread)
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_listener(_report, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    running: set[asyncio.Task[None]] = set()
    for work, seconds, jitter in (
        (daemon.check, CHECK_EVERY, CHECK_JITTER),
        (daemon.deliver, DELIVER_EVERY, None),
        (daemon.verify, VERIFY_EVERY, None),
        (daemon.prune, PRUNE_LOOK_EVERY, None),
    ):
        job = _tracked(work, daemon, running)
        _add(scheduler, work.__name__, job, seconds=seconds, jitter=jitter, first=app.clock())
    scheduler.start()
    log.info("started")
    looks = [_tracked(look, daemon, running) for look in (daemon.look_at_clock, daemon.look_at_configuration)]
    while not daemon.stopping.is_set():
        set_right(scheduler, app.clock())
        before = daemon.app
        for look in looks:
            await look()
        if daemon.app is not before:  # a watch may have joined
            scheduler.modify_job(daemon.check.__name__, next_run_time=app.clock())
        if daemon.planned:
            daemon.planned = False
            scheduler.modify_job(daemon.deliver.__name__, next_run_time=app.clock())
        with suppress(TimeoutError):
            await asyncio.wait_for(daemon.wake.wait(), LOOK_EVERY)
        daemon.wake.clear()
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


def _tracked(
    work: Callable[[], Awaitable[None]], daemon: Daemon, running: set[asyncio.Task[None]]
) -> Callable[[], Awaitable[None]]:
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
            if isinstance(error, StoreError) and not daemon.trouble:
                daemon.trouble = daemon.app.clock(), str(error)
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
