"""The composition root: configuration in, a working monitor out. The only place that asks chance."""

from __future__ import annotations

import random
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from monitor.clocks import steady_clock, wall_clock
from monitor.egress.policy import OF_A_PASS, Limits, Network
from monitor.errors import StoreDamaged, UsageError
from monitor.model.watch import RecordKey
from monitor.pipeline.accepting import accept_suspects, chosen
from monitor.pipeline.aside import run_aside
from monitor.pipeline.calendar import keep_dates
from monitor.pipeline.check import PassReport, Surroundings, run_pass
from monitor.pipeline.deliver import Delivered, Post, Round, drain, hurry, take_over
from monitor.pipeline.heartbeat import ping
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.verifying import WHOLE_EVERY, Disagreement, Verified, note, read_mark, verify_store
from monitor.pipeline.watching import Asked, ask_for, sync_file, watches_named
from monitor.pipeline.ways import Desk, SourceWay, Ways
from monitor.settings import find, load
from monitor.settings.post import post_of
from monitor.settings.values import Settings
from monitor.store import forgotten, hosts, lock, restored, suspects
from monitor.store.engine import Store, Tx, open_store

if TYPE_CHECKING:
    from monitor.egress.client import Egress, Keep
    from monitor.model.version import HostRest
    from monitor.model.watch import Watch
    from monitor.pipeline.accept import Accepted


def say_on_stderr(line: str) -> None:
    """A full disk below it changes nothing else."""
    with suppress(OSError):
        print(line, file=sys.stderr)  # noqa: T201 (the voice of what happens before logging is set up)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An opened monitor. A context manager: leaving it closes the store.

    `clock` is the time of day; `steady` the seconds of a clock that nobody sets.
    """

    settings: Settings
    store: Store
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    steady: Callable[[], float] = steady_clock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    def for_one_run(self) -> Self:
        """The same monitor, whose time of day goes on evenly from now on, even if somebody sets the machine's."""
        return self.evenly(self.clock(), self.steady())

    def evenly(self, begun: datetime, since: float) -> Self:
        """As `for_one_run`, by the time of day that it was at that moment of the steady clock."""
        return replace(self, clock=lambda: begun + timedelta(seconds=self.steady() - since))

    @property
    def ways(self) -> Ways:
        """What the pipeline needs to know of the configuration."""
        settings = self.settings
        recipients = {name: each.recipients for name, each in settings.destinations.items()}
        desk = Desk(
            rules=settings.rules,
            recipients=recipients,
            operator=tuple(each for name in settings.operator.to for each in recipients[name]),
            public_url=settings.public_url,
            hours={name: each.hours for name, each in settings.destinations.items()},
        )
        sources = {name: SourceWay(base_url=each.base_url, every=each.every) for name, each in settings.sources.items()}
        return Ways(
            sources=sources, desk=desk, severities=settings.severities, correction_within=settings.correction_within
        )

    @property
    def network(self) -> Network:
        return self.settings.network

    def post(self) -> Post:
        """How the recipients of the configuration are reached."""
        return post_of(self.settings, self.clock)

    @asynccontextmanager
    async def egress(self, scribe: Scribe, limits: Limits | None = None) -> AsyncIterator[Egress]:
        """The program's one way to the sources; which hosts rest is read before, and kept as soon as one refuses."""
        rests = await scribe.read(hosts.rests)
        async with self.way_out(rests, limits, lambda new: scribe.write(partial(hosts.save_rests, resting=new))) as way:
            yield way

    def way_out(self, rests: Sequence[HostRest], limits: Limits | None, keep: Keep) -> Egress:
        """As `egress`, with rests that are known and a way to keep them."""
        from monitor.egress.client import Egress

        policies = self.settings.policies
        return Egress(policies, self.network, clock=self.clock, rests=rests, limits=limits, keep=keep)

    def sync_watches(self, *, confirmed: bool = False) -> tuple[Watch, ...]:
        """Bring the store in line with the file's watches; those that this paused. Raises UsageError if too many."""
        with self.store.write() as tx:
            forgotten.adopt_level(tx, self.settings.retention.contacts)
            return sync_file(tx, self.settings.watches, self.clock(), confirmed=confirmed).paused

    def accept_suspects(self, numbers: Sequence[int], *, with_alike: bool = False) -> list[Accepted]:
        """Make what was kept aside under these numbers the next versions of their records: all of it, or nothing.

        `with_alike` takes with each all that is held because of the same burst.
        """
        with self.store.write() as tx:
            forgotten.adopt_level(tx, self.settings.retention.contacts)
            several = chosen(tx, numbers, with_alike=with_alike)
            return accept_suspects(tx, several, self.ways, now=self.clock(), chance=self.chance)

    def discard_suspects(self, numbers: Sequence[int], *, with_alike: bool = False) -> int:
        """Throw away what was kept aside under these numbers: all of it, or nothing. How many."""
        with self.store.write() as tx:
            several = chosen(tx, numbers, with_alike=with_alike)
            return suspects.set_state(tx, [row.id for row in several], suspects.DISCARDED, self.clock())


async def check_once(
    app: App,
    *,
    names: Sequence[str] = (),
    sync: bool = False,
    due_only: bool = False,
    rehearse: bool = False,
    said: Callable[[int, int], None] = lambda _done, _all: None,
) -> PassReport:
    """One pass over the watches of these names, or all; see `pipeline.check.run_pass`. The run's lock must be held.

    With `sync` the watches of the file are brought in line first, as `App.sync_watches` does. Raises UsageError, with
    nothing done, where that would pause too many and for a name of no watch. A rehearsal stores nothing.
    A pass over all that is watched (or all that is due) that came to its end is told to the ping address, unless
    nothing may be sent: then silence is the right sign.
    """
    app = app.for_one_run()
    paused: tuple[Watch, ...] = ()

    def choose(tx: Tx) -> Iterable[int] | None:
        nonlocal paused
        forgotten.adopt_level(tx, app.settings.retention.contacts)
        if sync:
            paused = sync_file(tx, app.settings.watches, app.clock()).paused
        return [watch.id for watch in watches_named(tx, names)] if names else None

    async with Scribe(app.store, rehearse=rehearse) as scribe, app.egress(scribe, OF_A_PASS) as egress:
        around = Surroundings(
            fetcher=egress,
            scribe=scribe,
            clock=app.clock,
            chance=app.chance,
            requests=lambda: dict(egress.requests),
            said=said,
        )
        report = await run_pass(around, app.ways, choose=choose, due_only=due_only)
        held = await scribe.read(restored.holding)
    ping_url = app.settings.operator.ping_url
    if ping_url is not None and not names and not rehearse and not held:
        await ping(ping_url.reveal(), app.network, app.clock)
    return replace(report, paused=paused)


async def deliver_once(
    app: App, holder: str, *, at_once: bool = False, stopping: Callable[[], bool] = lambda: False
) -> Delivered:
    """Give back what dead runs had claimed, then send all that is due. The run's lock must be held.

    With `at_once` (a person asks for it) what waits for its next try is due too.
    """
    app = app.for_one_run()
    async with Scribe(app.store) as scribe:
        await take_over(scribe, app.clock())
        if at_once:
            await hurry(scribe, app.clock())
        await keep_dates(scribe, app.ways.desk, app.clock())
        around = Round(
            scribe=scribe,
            post=app.post(),
            holder=holder,
            clock=app.clock,
            chance=app.chance,
            desk=app.ways.desk,
            stopping=stopping,
        )
        return await drain(around)


async def verify_once(app: App) -> Verified:
    """The second line's look at the store: what is new since the last one; once a day all of it, and the file itself.

    What does not agree is noted for the operator's next message.
    """
    async with Scribe(app.store) as scribe:
        now = app.clock()
        mark = await scribe.read(read_mark)
        whole = mark is None or not timedelta() <= now - mark.whole_at < WHOLE_EVERY
        verified = await verify_store(scribe, app.ways.desk, since=None if whole or mark is None else mark.newest)
        verified += await run_aside(lambda: _damage(app)) if whole else Verified()
        await scribe.write(lambda tx: note(tx, verified, now, mark, whole=whole))
    return verified


def _damage(app: App) -> Verified:
    """What the database says of its own file: opening it looks at small ones only, and never at their indexes."""
    try:
        app.store.check_whole()
    except StoreDamaged as error:
        return Verified(disagreements=(Disagreement("The store", str(error)),))
    return Verified()


async def ask_about(app: App, keys: Sequence[RecordKey]) -> Asked:
    """Whether these trials exist, as far as their sources can be asked now."""
    async with Scribe(app.store) as scribe, app.egress(scribe) as egress:
        return await ask_for(egress, app.ways, keys)


def read_settings(config: Path | None, environ: Mapping[str, str]) -> Settings:
    """The configuration, found as the contract says. Raises ConfigFaults with every fault at once."""
    return load(find(config, environ, Path.cwd(), Path.home()), environ)


def reread(app: App, environ: Mapping[str, str]) -> App:
    """The same monitor by its own file as that is now, watches brought in line. Raises MonitorError, nothing done."""
    settings = load(app.settings.path, environ)
    if settings.store_url.reveal() != app.settings.store_url.reveal():
        raise UsageError("It names another store. Stop the monitor and start it again to change to that.")
    changed = replace(app, settings=settings)
    changed.sync_watches()
    return changed


def open_app(
    config: Path | None,
    environ: Mapping[str, str],
    *,
    writing: bool,
    clock: Callable[[], datetime] = wall_clock,
    holder: lock.Holder | None = None,
) -> App:
    """Read the configuration and open the store; `writing` makes or migrates it. Raises ConfigFaults, StoreError."""
    settings = read_settings(config, environ)
    store = open_store(settings.store_url.reveal(), migrate=writing, say=say_on_stderr, holder=holder)
    return App(settings=settings, store=store, clock=clock, chance=random.random)


@contextmanager
def open_locked(
    config: Path | None, environ: Mapping[str, str], *, clock: Callable[[], datetime] = wall_clock
) -> Iterator[tuple[App, lock.Holder]]:
    """As `open_app` for writing, holding the run's lock. Raises LockHeld at once if another run has it."""
    settings = read_settings(config, environ)
    with lock.hold(settings.store_url.reveal()) as holder:
        store = open_store(settings.store_url.reveal(), migrate=True, say=say_on_stderr, holder=holder)
        with App(settings=settings, store=store, clock=clock, chance=random.random) as app:
            yield app, holder
