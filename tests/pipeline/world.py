"""A small world for whole passes: recorded sources on loopback, a real store, a settable clock and a letter box."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitor.demo.registry import RecordedRegistry
from monitor.egress.client import Egress
from monitor.egress.policy import HostPolicy, Limits, Network
from monitor.model.alert import Alert, AlertState, Recipient
from monitor.model.change import Severity, StoredChange
from monitor.model.coverage import Outcome
from monitor.model.message import ChangeMessage, Message, NoticeMessage, TrialEventMessage, WelcomeMessage
from monitor.model.record import SourceName
from monitor.model.version import SuspectRow
from monitor.model.watch import Watch, WatchSpec
from monitor.pipeline.calendar import keep_dates
from monitor.pipeline.check import PassReport, Surroundings, run_pass
from monitor.pipeline.deliver import Delivered, HandOver, Post, Round, drain, take_over
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.verifying import Verified, verify_store
from monitor.pipeline.ways import Desk, SourceWay, Ways
from monitor.route.rules import Rule
from monitor.route.schedule import Hours
from monitor.sources.references import parse_reference
from monitor.store import alerts, changes, hosts, suspects, watches
from monitor.store.engine import Store, open_store

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
READER = Recipient(destination="team", address="team@example.org")
OPERATOR = Recipient(destination="operator", address="ops@example.org")


@dataclass
class LetterBox:
    """A channel that keeps what it is handed; `faults` are raised first, one for each message."""

    messages: list[tuple[Recipient, Message]] = field(default_factory=list)
    faults: dict[str, list[Exception | None]] = field(default_factory=dict)

    def open(self, recipient: Recipient) -> Slot:
        return Slot(self, recipient)


@dataclass
class Slot:
    box: LetterBox
    recipient: Recipient
    pause: float = 0.0

    def write(self, message: Message) -> HandOver:
        return partial(self.send, message)

    def send(self, message: Message) -> None:
        waiting = self.box.faults.get(self.recipient.destination)
        fault = waiting.pop(0) if waiting else None
        if fault:
            raise fault
        self.box.messages.append((self.recipient, message))


class World:
    """Days pass by `later`; `check` makes a pass and `deliver` empties the outbox."""

    def __init__(self, registry: RecordedRegistry, store: Store) -> None:
        self.registry = registry
        self.store = store
        self.now = START
        self.box = LetterBox()
        self.rules: tuple[Rule, ...] = (Rule(name="all", to=("team",)),)
        self.team: tuple[Recipient, ...] = (READER,)
        self.operator = OPERATOR
        self.hours: dict[str, Hours] = {}
        self.more: dict[str, tuple[Recipient, ...]] = {}  # further destinations
        self.sound = True  # False where a test damaged the store on purpose
        self.severities: dict[str, Severity] = {}
        self.stop_after: int | None = None  # messages after which a delivery is told to stop

    @property
    def ways(self) -> Ways:
        sources: dict[SourceName, SourceWay] = {
            "ctgov": SourceWay(base_url=self.registry.ctgov_url, every=timedelta(hours=6)),
            "ctv": SourceWay(base_url=self.registry.ctv_url, every=timedelta(hours=24)),
        }
        recipients = {self.operator.destination: (self.operator,), "team": self.team, **self.more}
        desk = Desk(rules=self.rules, recipients=recipients, operator=(self.operator,), hours=self.hours)
        return Ways(sources=sources, desk=desk, severities=self.severities)

    def watch(self, *references: str, **spec: Any) -> list[Watch]:
        with self.store.write() as tx:
            specs = [WatchSpec(reference=parse_reference(each), **spec) for each in references]
            return [watches.add(tx, each, "command", self.now)[0] for each in specs]

    def later(self, day: int | None = None, **span: float) -> None:
        self.now += timedelta(**span)
        if day is not None:
            self.registry.set_day(day)

    def check(self, **options: Any) -> PassReport:
        return asyncio.run(self._check(**options))

    async def _check(self, *, rehearse: bool = False, scribe: type[Scribe] = Scribe, **options: Any) -> PassReport:
        policies = [
            HostPolicy(source=name, base_url=way.base_url, requests_per_second=0, allow_private_addresses=True)
            for name, way in self.ways.sources.items()
        ]
        async with scribe(self.store, rehearse=rehearse) as pen:
            rests = await pen.read(hosts.rests)
            limits = Limits(first_wait=0.01, jitter=0.01)
            async with Egress(policies, Network(), clock=lambda: self.now, rests=rests, limits=limits) as egress:
                around = Surroundings(
                    fetcher=egress,
                    scribe=pen,
                    clock=lambda: self.now,
                    chance=lambda: 0.0,
                    requests=lambda: dict(egress.requests),
                    said=lambda _done, _all: None,
                )
                report = await run_pass(around, self.ways, **options)
                await pen.write(lambda tx: hosts.save_rests(tx, egress.rests()))
        return report

    def deliver(self, holder: str = "a run", *, scribe: type[Scribe] = Scribe) -> Delivered:
        return asyncio.run(self._deliver(holder, scribe))

    async def _deliver(self, holder: str, scribe: type[Scribe]) -> Delivered:
        async with scribe(self.store) as pen:
            await take_over(pen, self.now)
            await keep_dates(pen, self.ways.desk, self.now)
            around = Round(
                scribe=pen,
                post=Post(open=self.box.open, timezone=lambda _: ZoneInfo("UTC")),
                holder=holder,
                clock=lambda: self.now,
                chance=lambda: 0.0,
                desk=self.ways.desk,
                stopping=lambda: self.stop_after is not None and len(self.box.messages) >= self.stop_after,
            )
            return await drain(around)

    def verify(self, *names: str) -> Verified:
        """What the second line finds of all that was stored so far."""
        return asyncio.run(self._verify(names))

    async def _verify(self, names: Sequence[str]) -> Verified:
        async with Scribe(self.store) as pen:
            return await verify_store(pen, self.ways.desk, names=names)

    def told(self, recipient: Recipient = READER) -> list[Message]:
        """What the recipient got since the last call."""
        got = [message for to, message in self.box.messages if to == recipient]
        self.box.messages = [(to, message) for to, message in self.box.messages if to != recipient]
        return got

    def notices(self) -> list[str]:
        """What happened, by the operator's notices since the last call."""
        contents = (message.content for message in self.told(OPERATOR))
        return [item.what for content in contents if isinstance(content, NoticeMessage) for item in content.items]

    def waiting(self) -> tuple[SuspectRow, ...]:
        with self.store.read() as tx:
            return suspects.waiting(tx)

    def history(self) -> tuple[StoredChange, ...]:
        with self.store.read() as tx:
            return changes.history(tx)

    def outbox(self, *states: AlertState) -> tuple[Alert, ...]:
        with self.store.read() as tx:
            return alerts.list_alerts(tx, states or None)


def open_world(folder: Path) -> tuple[RecordedRegistry, Store]:
    return RecordedRegistry(), open_store(f"sqlite:///{folder}/monitor.db", migrate=True, say=lambda _: None)


def outcomes(report: PassReport) -> dict[str, int]:
    return {outcome.value: number for outcome, number in report.coverage.outcomes.items() if number}


def edited(study: Any, **edits: Any) -> Any:
    """A copy of a study document; `a__b=value` sets protocolSection.a.b."""
    copy = deepcopy(study)
    for path, value in edits.items():
        *parents, last = path.split("__")
        at = copy["protocolSection"]
        for parent in parents:
            at = at[parent]
        if value is None:
            at.pop(last, None)
        else:
            at[last] = value
    return copy


__all__ = [
    "OPERATOR",
    "READER",
    "START",
    "ChangeMessage",
    "NoticeMessage",
    "Outcome",
    "Sequence",
    "TrialEventMessage",
    "WelcomeMessage",
    "World",
    "edited",
    "open_world",
    "outcomes",
]
