"""`make load`: three destinations, one of them out for a week; then 100,000 alerts wait, and all of them go out.

Ten rounds of changes in 10,000 trials are planned as a pass would plan them, with a delivery after each. The webhook is
down for all of that time, the other two take their share. When it is back one delivery must empty the backlog: every
alert once, in order, in no more messages than an hour has seconds. Figures are printed; with --record they are kept.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from monitor.deliver.render import email, slack
from monitor.errors import SendFailed
from monitor.model.alert import AlertKind, AlertState, PlannedAlert, Recipient
from monitor.model.json import Json
from monitor.model.message import DigestMessage, Message
from monitor.model.version import RecordRow
from monitor.pipeline.deliver import Delivered, HandOver, Post, Round, drain, take_over
from monitor.pipeline.facts import header_json
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.ways import Desk
from monitor.store import alerts, changes, records
from monitor.store.engine import Store, open_store
from tests.deliver.told import HEADER, STATUS
from tests.store.store_values import nct

RESULTS = Path(__file__).with_name("RESULTS.md")
WEEK = timedelta(days=7)
HOUR = 3_600  # messages, at one a second
SHARE = 10  # one trial in so many is of interest to the destinations that work
DOWN = Recipient(destination="hook", address="")
WELL = (Recipient(destination="mail", address="a@example.org"), Recipient(destination="slack", address="#trials"))


@dataclass
class Sink:
    """What one recipient got: alerts in order, and how many messages brought them."""

    works: bool = True
    told: list[str] = field(default_factory=list)
    messages: int = 0
    tries: int = 0
    pause: float = 0.0
    memory: list[int] = field(default_factory=list)

    def write(self, message: Message) -> HandOver:
        compose: Callable[[Message], object] = slack.compose if self.messages % 2 else email.compose
        compose(message)
        return lambda: self.take(message)

    def take(self, message: Message) -> None:
        self.tries += 1
        if not self.works:
            raise SendFailed("no way there", unreached=True)
        self.messages += 1
        inside = message.content.messages if isinstance(message.content, DigestMessage) else (message,)
        self.told += [each.code for each in inside]
        self.memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


@dataclass
class World:
    store: Store
    sinks: dict[Recipient, Sink]
    now: datetime = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    planned: dict[Recipient, list[str]] = field(default_factory=dict)

    def plan(self, trials: int, number: int) -> None:
        """One change in each trial, told as a pass would tell it."""
        with self.store.write() as tx:
            rows = records.ensure(tx, [nct(n) for n in range(1, trials + 1)], self.now)
            wanted: list[PlannedAlert] = []
            for n, row in enumerate(rows.values()):
                (change,) = changes.add(
                    tx,
                    row.id,
                    from_version=number,
                    to_version=number + 1,
                    observed_at=self.now,
                    found=[STATUS],
                    comparer_version=1,
                )
                one = planned(row, number, change, self.now)
                wanted += [replace(one, recipient=each) for each in ((DOWN, *WELL) if n % SHARE == 0 else (DOWN,))]
            for alert in alerts.plan(tx, wanted, self.now):
                self.planned.setdefault(alert.recipient, []).append(alert.code)

    async def deliver(self) -> Delivered:
        async with Scribe(self.store) as scribe:
            await take_over(scribe, self.now)
            around = Round(
                scribe=scribe,
                post=Post(open=self.sinks.__getitem__, timezone=lambda _: ZoneInfo("UTC")),
                holder="load",
                clock=lambda: self.now,
                chance=lambda: 0.5,
                desk=Desk(),
            )
            return await drain(around)


def planned(row: RecordRow, number: int, change: int, now: datetime) -> PlannedAlert:
    """The alert of one change, to whoever is named in place of DOWN."""
    origin: dict[str, Json] = {
        "seen_at": now.isoformat(),
        "posted": None,
        "data_timestamp": None,
        "from_version": number,
        "to_version": number + 1,
        "reasons": [],
    }
    header = header_json(replace(HEADER, registry_id=row.key.source_id))
    return PlannedAlert(
        kind=AlertKind.CHANGE,
        recipient=DOWN,
        facts={"header": header, "unchanged": [], "origin": origin},
        record_id=row.id,
        from_version=number,
        to_version=number + 1,
        change_ids=(change,),
    )


def faults(world: World, told: dict[Recipient, list[str]]) -> list[str]:
    """What is not as it must be."""
    found: list[str] = []
    for recipient, codes in world.planned.items():
        lost, more = Counter(codes) - Counter(told[recipient]), Counter(told[recipient]) - Counter(codes)
        if lost or more:
            found.append(f"{recipient.destination}: {lost.total()} lost, {more.total()} told twice")
        elif codes != told[recipient]:
            found.append(f"{recipient.destination}: out of order")
    if world.sinks[DOWN].messages > HOUR:
        found.append(f"{world.sinks[DOWN].messages} messages are more than an hour takes at one a second")
    with world.store.read() as tx:
        left = {state.value: n for state, n in alerts.counts(tx).items() if n and state is not AlertState.SENT}
    return [*found, f"left in the outbox: {left}"] if left else found


def run(folder: Path, trials: int, rounds: int) -> tuple[list[str], list[tuple[str, str]]]:
    """What is wrong, and the figures."""
    store = open_store(f"sqlite:///{folder}/monitor.db", migrate=True, say=print)
    world = World(store, {each: Sink() for each in (DOWN, *WELL)})
    hook = world.sinks[DOWN]
    hook.works = False
    longest = 0.0
    for number in range(1, rounds + 1):
        world.plan(trials, number)
        started = time.monotonic()
        asyncio.run(world.deliver())
        longest = max(longest, time.monotonic() - started)
        world.now += WEEK / rounds
        sys.stderr.write(f"round {number} of {rounds}\n")
    tries, hook.works = hook.tries, True
    world.now += timedelta(hours=8)
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, time.monotonic()
    asyncio.run(world.deliver())
    taken = time.monotonic() - started
    figures = [
        ("alerts waiting when it came back", f"{trials * rounds:,}"),
        ("tries while it was out", f"{tries:,}"),
        ("messages that emptied the backlog", f"{hook.messages:,}"),
        ("minutes at one message a second", f"{hook.messages / 60:.1f}"),
        ("seconds of work for all of it", f"{taken:.0f}"),
        ("milliseconds a message", f"{1000 * taken / max(hook.messages, 1):.0f}"),
        ("MB of memory before, and at most meanwhile", f"{before}, {max(hook.memory, default=before)}"),
        ("seconds of the longest delivery while it was out", f"{longest:.1f}"),
    ]
    found = faults(world, {each: sink.told for each, sink in world.sinks.items()})
    store.close()
    return found, figures


def main() -> int:
    parser = argparse.ArgumentParser(prog="make load")
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--record", action="store_true", help="write the figures to RESULTS.md")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        found, figures = run(Path(folder), options.trials, options.rounds)
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    text = "| measure | figure |\n|---|---|\n" + "\n".join(f"| {name} | {figure} |" for name, figure in figures)
    sys.stdout.write(f"{text}\n\n{'FAILED' if found else '0 lost, 0 told twice, all in order.'}\n")
    if options.record and not found:
        machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"
        made = f"{datetime.now(UTC):%Y-%m-%d}; {machine}, Python {platform.python_version()}. Made by `make load`"
        size = f"{options.trials:,} trials, {options.rounds} rounds"
        RESULTS.write_text(f"# A week's outage\n\n{made}: {size}.\n\n{text}\n\n0 lost, 0 told twice, all in order.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
