"""Random histories of changes, rules, hours and mutes, and what each recipient must have heard of them, and when.

The oracle is written out here: it asks none of the planning code, only the schedule and the hours by the wall clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from monitor.demo.recorded import versions
from monitor.model.change import Category, Severity, StoredChange
from monitor.model.message import ChangeMessage, DigestMessage, Message
from monitor.model.mute import MuteKind
from monitor.route.rules import Rule
from monitor.route.schedule import Away, Hours, read_quiet, read_schedule
from monitor.store import alerts, mutes
from tests.pipeline.world import READER, World, edited, open_world
from tests.sweep.sweep import Outcome, Sweep

ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu")]
TIMES = ("daily 08:00", "daily 23:30", "weekly mon 07:30", "weekly sat 18:00")
STEPS = 30
STEP = timedelta(hours=4)


@dataclass
class Heard:
    """A change in a message that a recipient got."""

    change: int
    at: datetime
    together: bool


@dataclass
class History:
    world: World
    study: Any
    chance: Random
    heard: list[Heard] = field(default_factory=list)
    muted: list[tuple[MuteKind, str, datetime, datetime]] = field(default_factory=list)

    def play(self) -> None:
        world, chance = self.world, self.chance
        zone = chance.choice(ZONES)
        world.rules = tuple(self._rule(n, zone) for n in range(chance.randint(1, 3)))
        world.hours["team"] = self._hours(zone)
        world.registry.add_study(self.study)
        world.watch("NCT07011550")
        world.check()
        self._deliver()
        study = self.study
        for step in range(STEPS):
            world.later(seconds=STEP.total_seconds() + chance.randrange(-3000, 3000))
            if chance.random() < 0.15:
                self._mute()
            if chance.random() < 0.5:
                study = edited(study, **self._edit(step))
                world.registry.add_study(study, day=step + 2)
            world.registry.set_day(step + 2)
            world.check()
            self._deliver()
        for _ in range(24 * 10):
            world.later(hours=1)
            self._deliver()

    def _rule(self, number: int, zone: ZoneInfo) -> Rule:
        chance = self.chance
        categories = chance.sample([Category.STATUS, Category.IDENTIFIERS, Category.ENROLLMENT], chance.randint(1, 2))
        return Rule(
            name=f"rule {number}",
            to=("team",),
            categories=frozenset(categories) if chance.random() < 0.6 else frozenset(),
            min_severity=chance.choice([Severity.MINOR, Severity.MAJOR]),
            digest=read_schedule(chance.choice(TIMES), zone, ZoneInfo) if chance.random() < 0.6 else None,
        )

    def _hours(self, zone: ZoneInfo) -> Hours:
        chance = self.chance
        quiet = read_quiet(chance.choice(("22:00-07:00", "12:00-14:00")), zone, ZoneInfo)
        first = date(2026, 11, 21) + timedelta(days=chance.randrange(4))
        away = Away(first=first, last=first + timedelta(days=chance.randrange(2)), zone=zone)
        return Hours(
            zone=zone,
            quiet=quiet if chance.random() < 0.6 else None,
            critical_passes=chance.random() < 0.7,
            away=(away,) if chance.random() < 0.4 else (),
            still=False,
        )

    def _edit(self, step: int) -> dict[str, Any]:
        edits: dict[str, Any] = {
            "statusModule__overallStatus": self.chance.choice(("RECRUITING", "COMPLETED", "SUSPENDED", "TERMINATED")),
            "identificationModule__briefTitle": f"Title {step}",
            "designModule__enrollmentInfo": {"count": 40 + step, "type": "ESTIMATED"},
        }
        return {key: edits[key] for key in self.chance.sample(sorted(edits), self.chance.randint(1, 3))}

    def _mute(self) -> None:
        kind, name = self.chance.choice(
            [(MuteKind.CATEGORY, "identifiers"), (MuteKind.WATCH, "NCT07011550"), (MuteKind.DESTINATION, "team")]
        )
        now, until = self.world.now, self.world.now + timedelta(hours=self.chance.randint(5, 30))
        with self.world.store.write() as tx:
            mutes.add(tx, kind, name, until, now)
        self.muted = [  # the same again takes the place of the one before
            (*each[:3], min(each[3], now)) if each[:2] == (kind, name) else each for each in self.muted
        ]
        self.muted.append((kind, name, now, until))

    def _deliver(self) -> None:
        self.world.deliver()
        for message in self.world.told():
            self.heard += self._changes_in(message)

    def _changes_in(self, message: Message) -> Iterator[Heard]:
        together = isinstance(message.content, DigestMessage)
        inside = message.content.messages if isinstance(message.content, DigestMessage) else (message,)
        with self.world.store.read() as tx:
            for each in inside:
                if isinstance(each.content, ChangeMessage):
                    alert = alerts.get(tx, each.code)
                    assert alert is not None
                    assert len(each.content.changes) == len(alert.change_ids)
                    yield from (Heard(number, self.world.now, together) for number in alert.change_ids)


def faults(history: History) -> Iterator[str]:
    """NOT_ONCE, IN_QUIET, TOO_SOON, LATE, ORDER."""
    world, hours = history.world, history.world.hours["team"]
    stored = {each.id: each for each in world.history()}
    counts = Counter(each.change for each in history.heard)
    for number, change in stored.items():
        due = _rules_of(world, change) and not _is_muted(history, change)
        if counts[number] != int(bool(due)) and not _was_told_before(change, counts):
            yield f"NOT_ONCE: {counts[number]} times, due {due}: {change.change.sentence} {change.observed_at}"
    for each in history.heard:
        yield from _timing(history, hours, stored[each.change], each)


def _rules_of(world: World, change: StoredChange) -> list[Rule]:
    return [
        rule
        for rule in world.rules
        if change.change.severity.rank <= rule.min_severity.rank
        and (not rule.categories or change.change.category in rule.categories)
    ]


def _is_muted(history: History, change: StoredChange) -> bool:
    category = change.change.category.value
    names = {MuteKind.CATEGORY: category, MuteKind.WATCH: "NCT07011550", MuteKind.DESTINATION: "team"}
    return any(made <= change.observed_at < until and names[kind] == name for kind, name, made, until in history.muted)


def _was_told_before(change: StoredChange, counts: Counter[int]) -> bool:
    """A correction is told to whom heard of what it takes back, whatever rules and mutes say."""
    undone = change.change.detail.get("takes_back")
    return isinstance(undone, dict) and counts[int(str(undone.get("change")))] > 0


def _timing(history: History, hours: Hours, change: StoredChange, heard: Heard) -> Iterator[str]:
    """By the update as a whole: it is one message, told at once if any rule tells any of it at once.

    What takes something back is a message of its own, told in the same way, muted or not.
    """
    back = _takes_back(change)
    update = [
        each
        for each in history.world.history()
        if each.to_version == change.to_version and (back or not _is_muted(history, each))
    ]
    critical = any(each.change.severity is Severity.CRITICAL for each in update if _takes_back(each) == back)
    away = any(each.covers(heard.at) for each in hours.away)
    quiet = hours.quiet is not None and hours.quiet.covers(heard.at)
    if away or (quiet and not (hours.critical_passes and critical)):
        yield f"IN_QUIET: {change.change.sentence} at {heard.at}"
    if back:
        undone = change.change.detail["takes_back"]
        first = int(str(undone["change"])) if isinstance(undone, dict) else 0
        if any(each.change == first and each.at > heard.at for each in history.heard):
            yield f"ORDER: {change.change.sentence} was told before what it takes back"
        return
    schedules = [rule.digest for each in update for rule in _rules_of(history.world, each)]
    if schedules and None not in schedules:
        due = min(each.after(change.observed_at) for each in schedules if each)
        if heard.at < due:
            yield f"TOO_SOON: {change.change.sentence} at {heard.at}, due {due}"
    elif heard.at > change.observed_at and not _was_held(hours, change.observed_at, critical):
        yield f"LATE: {change.change.sentence} at {heard.at}, seen {change.observed_at}"


def _takes_back(change: StoredChange) -> bool:
    return change.change.detail.get("takes_back") is not None


def _was_held(hours: Hours, moment: datetime, critical: bool) -> bool:  # noqa: FBT001 (of the update)
    quiet = hours.quiet is not None and hours.quiet.covers(moment) and not (critical and hours.critical_passes)
    return quiet or any(each.covers(moment) for each in hours.away)


def run(seed: int, folder: Path) -> Outcome:
    """One history."""
    registry, store = open_world(folder)
    with registry:
        history = played(World(registry, store), next(versions("NCT07011550"))[1], seed)
        found = [*faults(history), *map(str, history.world.verify().disagreements)]
    store.close()
    counts = {"histories": 1, "changes": len(history.world.history()), "told": len(history.heard)}
    counts["told together"] = sum(each.together for each in history.heard)
    return Outcome(counts=counts, faults=found, shapes=[f"{seed}"])


SWEEP = Sweep(
    name="hours",
    what="Random rules, digests, quiet hours, days away, mutes: each change is told once, when its reader wants it.",
    seeds=200,
    goal={"histories": 200, "changes": 4_000, "told": 2_000, "told together": 500},
    run=run,
)


def played(world: World, study: Any, seed: int) -> History:
    history = History(world=world, study=study, chance=Random(seed))
    history.play()
    assert READER.destination == "team"
    assert history.world.now.tzinfo is UTC
    return history
