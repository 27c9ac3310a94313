"""K1 and K3: a daemon on a machine whose clock is set by hours, by years, back to 1970, and that sleeps for a month.

A history is some days of a random world with faults of sinks; the clock jumps between ticks and at any reading within
one, and the daemon is started anew now and then. It is judged by the checker of tests/faults, by the true time, and by

FAILED           a tick ended with an error
ASLEEP           a source was not asked for two intervals
STORM            a source was asked more often than its interval, the jumps and the looks again allow
GONE_TOO_SOON    told as gone before it was gone for 24 hours of true time, though no daemon began after a jump ahead:
                 one that begins cannot know of it, for it looks like a machine that was off
CLOCK_UNTOLD     the daemon saw the clock being set and the operator did not hear of it, or heard of it twice
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final, Literal

from tests.clocks.machine import DaemonInside, Machine
from tests.faults.checker import judge
from tests.faults.clock import SharedClock
from tests.faults.course import Course
from tests.faults.evidence import Entry, Evidence
from tests.faults.reading import Told, flat
from tests.faults.run import with_random_sink_faults
from tests.faults.script import Script
from tests.faults.world import build, withdrawn
from tests.sweep.sweep import Outcome, Sweep

JUMPS: Final = {
    "an hour ahead": timedelta(hours=1),
    "an hour back": timedelta(hours=-1),
    "two days ahead": timedelta(days=2),
    "three days back": timedelta(days=-3),
    "ten years ahead": timedelta(days=3652),
    "ten years back": timedelta(days=-3652),
    "to 1970": timedelta(days=-40_000),
}
DAYS: Final = 4
EVERY: Final = {"ctgov": 6.0, "ctv": 24.0}  # hours: what the product does where nothing else is said
TICK: Final = 6.0
MOST_READINGS: Final = 25  # of one tick, about
SURE: Final = '[checks]\ncorrection_within = "1s"'
"""What goes back within days is told in a message of its own, of which the checker does not know."""

HEARERS: Final = ("ops@example.org", "team@example.org", "hook")
"""One of each place: where one takes nothing another hears instead."""

SEEN: Final = timedelta(minutes=5)  # a smaller jump is no news

When = Literal["between", "within"]


@dataclass(frozen=True, slots=True)
class Jump:
    """`tick` is the one before or in which it happens. `again`: the daemon is started anew at that moment."""

    tick: int
    name: str
    when: When
    reading: int = 0
    again: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.when} {self.tick}.{self.reading}{' and a new start' if self.again else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One history: its world, its jumps, the tick before which the machine sleeps (None: it does not), for how long."""

    script: Script
    jumps: tuple[Jump, ...]
    sleeps: int | None
    days_asleep: int

    @property
    def shape(self) -> str:
        asleep = f"asleep {self.days_asleep} days before {self.sleeps}" if self.sleeps else "awake"
        return "; ".join([f"world {self.script.seed}", asleep, *map(str, self.jumps)])


def plan(seed: int) -> Plan:
    chance = Random(seed)
    script = build(seed, registry=4, pages=2, days=DAYS, share=0.6)
    if chance.random() < 0.5:
        script = withdrawn(script, script.trials[0].number, 2)
    script = with_random_sink_faults(script, 3, chance)
    jumps = [_jump(chance) for _ in range(chance.choice((1, 1, 2, 3)))]
    return Plan(
        script=script,
        jumps=tuple(sorted(jumps, key=lambda jump: jump.tick)),
        sleeps=chance.choice((None, None, chance.randrange(2, 4 * DAYS - 4))),
        days_asleep=chance.choice((1, 30)),
    )


def _jump(chance: Random) -> Jump:
    tick, name = chance.randrange(1, 4 * DAYS), chance.choice(sorted(JUMPS))
    if chance.random() < 0.5:
        return Jump(tick, name, "between", again=chance.random() < 0.3)
    return Jump(tick, name, "within", reading=chance.randrange(1, MOST_READINGS))


class History:
    """A plan as it is carried out. `until` ends the ticks."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan, self.folder = plan, folder
        self.until = 0.0
        self.machine = Machine(SharedClock(folder / "clock.json"))

    @property
    def noticed(self) -> int:
        """How often a daemon could see that the clock had been set since it looked before."""
        shown = [[self.machine.shown[look - 1] for look in looks] for looks in self.worker.looks]
        return sum(abs(later - before) > SEEN for each in shown for before, later in pairwise(each))

    def run(self) -> Evidence:
        machine = self.machine
        self.worker = DaemonInside(self.folder / "monitor.toml", machine, self.plan.script.seed)
        with Course(self.plan.script, self.folder, worker=self.worker) as course:
            course.configure(SURE)
            try:
                for tick in range(4 * DAYS):
                    self._pass_time(course, tick)
                    self._jump(machine, tick)
                    course.check(due=True)
                self.until = course.clock().timestamp()
                machine.planned.clear()
                self._pass_time(course, 1)
                course.check(due=True)
                course.settle()
            finally:
                self.worker.restart()
            return course.evidence()

    def _pass_time(self, course: Course, tick: int) -> None:
        course.clock.pass_time(days=int(tick > 0 and tick % 4 == 0), hours=TICK if tick else 0.0)
        if tick == self.plan.sleeps:
            course.clock.pass_time(days=1, hours=24 * self.plan.days_asleep)

    def _jump(self, machine: Machine, tick: int) -> None:
        for jump in self.plan.jumps:
            if jump.tick != tick:
                continue
            if jump.again:
                self.worker.restart()
            if jump.when == "between":
                machine.set_by(JUMPS[jump.name])
            else:
                machine.planned[machine.readings + jump.reading] = JUMPS[jump.name]


def judged(history: History, evidence: Evidence) -> list[str]:
    """All anomalies, as text."""
    found = [str(anomaly) for anomaly in judge(evidence)]
    found += [f"FAILED: {message}" for message in history.worker.failed]
    return [*found, *_asked(history, evidence), *_gone(history, evidence), *_clock(history, evidence)]


def _asked(history: History, evidence: Evidence) -> Iterator[str]:
    plan = history.plan
    for host, every in EVERY.items():
        asked = [entry for entry in evidence.log if entry["event"] == "asked" and entry["host"] == host]
        moments = [entry["now"] for entry in asked if entry["now"] <= history.until]
        asleep = 24.0 * plan.days_asleep + 24 if plan.sleeps else 0.0
        for one, next_one in pairwise([*moments, history.until]):
            hours = (next_one - one) / 3600
            if hours > 2 * every + TICK + asleep:
                yield f"ASLEEP: {host} was not asked for {hours:.1f} hours"
        yield from _storm(history, host, [entry for entry in asked if entry["now"] <= history.until])


def _storm(history: History, host: str, asked: list[Entry]) -> Iterator[str]:
    """Each jump and each new start may bring one look more; a page that lost something is looked at again."""
    plan = history.plan
    awake = 24 * DAYS + (24 if plan.sleeps else 0)
    usual = 2 + awake / (0.9 * EVERY[host]) + len(plan.jumps)
    counts = Counter(number for entry in asked if entry["ask"] in ("page", "list") for number in entry["numbers"])
    for number, times in counts.items():
        looks = usual + (len(plan.script.trial(number).versions) if host == "ctv" else 0)
        if times > looks:
            yield f"STORM: {number} was asked for {times} times, {looks:.1f} were enough"


def _gone(history: History, evidence: Evidence) -> Iterator[str]:
    if any(jump.again and JUMPS[jump.name] > timedelta() for jump in history.plan.jumps):
        return
    for entry in evidence.delivered:
        told = Told(entry)
        if told.kind != "gone":
            continue
        denied = [
            each["now"]
            for each in evidence.log
            if each["event"] == "answered" and _is_denial(evidence, told.trial, each["seen"].get(told.trial))
        ]
        hours = (entry["now"] - denied[0]) / 3600 if denied else 0.0
        if hours < 24:
            yield f"GONE_TOO_SOON: {told.trial}, {hours:.1f} hours after it was first denied"


def _is_denial(evidence: Evidence, number: str, version: int | None) -> bool:
    return version is not None and evidence.script.trial(number).versions[version].state == "gone"


def _clock(history: History, evidence: Evidence) -> Iterator[str]:
    told: dict[str, str] = {}
    for entry in evidence.delivered:
        if entry["recipient"] in HEARERS:
            told.setdefault(entry["alert"], flat(entry["text"]))
    times = sum(text.count("The clock of this machine was set") for text in told.values())
    if times != history.noticed:
        yield f"CLOCK_UNTOLD: the clock was set {history.noticed} times while the daemon ran, and told {times} times"


def run(seed: int, folder: Path) -> Outcome:
    """One history."""
    history = History(plan(seed), folder)
    evidence = history.run()
    counts = {
        "histories": 1,
        "jumps": len(history.plan.jumps),
        "sleeps": int(history.plan.sleeps is not None),
        "alerts": len({(each["alert"], each["recipient"]) for each in evidence.delivered}),
        "clocks told of": history.noticed,
    }
    return Outcome(counts=counts, faults=judged(history, evidence), shapes=[history.plan.shape])


SWEEP = Sweep(
    name="clocks",
    what="Clocks set by hours and years and machines asleep: nothing twice, nothing lost, nothing put off for years.",
    seeds=400,
    goal={"histories": 400, "jumps": 600},
    run=run,
)
