"""A random history: what is true on each day, what fails, when the worker runs and when it is killed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from tests.faults.kinds import SLOW, place
from tests.faults.run import with_random_faults
from tests.faults.script import Ask, Fault, Script, SinkFault, Where
from tests.faults.world import build, merged, returned, withdrawn

LATEST_KILL: Final = 0.5  # seconds into a run
HOOK: Final = "tests.histories.hooks:die_at"
EVENTS: Final[Mapping[str, int]] = {"commit": 25, "statement": 250, "done": 250, "connect": 25}
"""Where a run may die, and up to the how-manieth time: as it asks the store to commit, before and after a statement
reaches it, and as it opens a connection."""

ASKS: Final[tuple[Ask, ...]] = ("page", "version")
JUMPS: Final = (-1.5, -0.5, 0.7, 3.0, 30 * 24.0)
"""Hours by which somebody sets the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A run of the worker: killed after so many seconds, or at the n-th event of a kind, or not at all.

    `broken`: the configuration cannot be read meanwhile. `left_out`: it does not name this trial meanwhile.
    """

    verb: str = "check"
    kill_after: float | None = None
    die_at: tuple[str, int] | None = None
    broken: bool = False
    left_out: str | None = None

    @property
    def dies(self) -> bool:
        return self.kill_after is not None or self.die_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a history: these sinks are away, the clock is set by so many hours, and then the worker runs."""

    away: frozenset[str] = frozenset()
    jump: float = 0.0
    steps: tuple[Step, ...] = (Step(),)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    script: Script
    days: tuple[Day, ...]

    @property
    def shape(self) -> str:
        """Equal for equal histories."""
        return repr(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many trials are followed in each way, and for how long."""

    registry: int = 8
    pages: int = 2
    both: int = 2
    days: int = 8


def history(seed: int, size: Size | None = None) -> History:
    """The history of this seed."""
    chance, size = Random(seed), size or Size()
    script = build(seed, registry=size.registry, pages=size.pages, both=size.both, days=size.days, share=0.7, back=0.15)
    script = _with_source_faults(_with_turns(script, chance), chance)
    script = replace(script, sink_faults=tuple(_sink_fault(chance) for _ in range(chance.randint(2, 8))))
    away = _outages(script.days, chance)
    days = [Day(steps=(Step(),))]
    days += [_day(script, chance, away.get(day, frozenset())) for day in range(2, script.days + 1)]
    return History(script=script, days=tuple(days))


def _with_turns(script: Script, chance: Random) -> Script:
    """Sometimes a trial is gone for good, or for some days, and sometimes two become one."""
    first, second, third = chance.sample([trial.number for trial in script.trials if trial.slug is None], 3)
    if chance.random() < 0.5:
        script = withdrawn(script, first, chance.randint(2, 4))
        if chance.random() < 0.5:
            script = returned(script, first, script.days - 1)
    if chance.random() < 0.4:
        script = merged(script, second, third, chance.randint(3, script.days - 2))
    return script


def _with_source_faults(script: Script, chance: Random) -> Script:
    """Faults of all kinds; an older version now and then, which is a true one, of another day; seldom a slow answer."""
    script = with_random_faults(script, chance.randint(8, 24), chance)
    more: list[Fault] = []
    for trial in chance.sample(script.trials, 2):
        day = chance.randint(2, script.days - 1)
        if trial.slug is None:
            more.append(place("older", Where(ask="list", trial=trial.number, days=(day, day))))
    if chance.random() < 0.4:  # a host that refuses at its first question of a day: a run that is killed may forget it
        day, ask = chance.randint(2, script.days - 1), chance.choice(ASKS)
        more.append(place(chance.choice(("401", "403")), Where(ask=ask, days=(day, day))))
    if chance.random() < 0.15:
        page = chance.choice([trial for trial in script.trials if trial.slug])
        day = chance.randint(2, script.days - 1)
        more.append(place(chance.choice(sorted(SLOW)), Where(ask="page", trial=page.number, days=(day, day))))
    return replace(script, faults=(*more, *script.faults))


_SINK_FAULTS: Final[Sequence[SinkFault]] = (
    SinkFault(sink="mail", stage="connect", answer="421 Busy"),
    SinkFault(sink="mail", stage="helo", answer="421 Going down"),
    SinkFault(sink="mail", stage="mail", answer="451 Later"),
    SinkFault(sink="mail", stage="rcpt", answer="450 Greylisted"),
    SinkFault(sink="mail", stage="data", answer="451 Later"),
    SinkFault(sink="mail", stage="end", answer="452 Full"),
    SinkFault(sink="mail", stage="rcpt", ends="die"),
    SinkFault(sink="web", status=500, body=""),
    SinkFault(sink="web", status=503, body="", headers={"Retry-After": "120"}),
    SinkFault(sink="web", status=429, body="slow down", headers={"Retry-After": "1"}),
    *(
        SinkFault(sink=sink, ends=ends, takes=takes)
        for sink in ("mail", "web")
        for ends in ("close", "die")
        for takes in (True, False)
    ),
)
"""Those that pass by themselves, or when the sink is started again."""


def _sink_fault(chance: Random) -> SinkFault:
    first = chance.randint(1, 40)
    return replace(chance.choice(_SINK_FAULTS), first=first, last=first + chance.choice((0, 0, 0, 3)))


def _outages(days: int, chance: Random) -> dict[int, frozenset[str]]:
    """Which sinks are away on which days; most outages last so long that digests follow."""
    away: dict[int, frozenset[str]] = {}
    for sink in ("mail", "web"):
        if chance.random() < 0.35:
            first, length = chance.randint(2, 4), chance.randint(1, 5)
            for day in range(first, min(first + length, days)):
                away[day] = away.get(day, frozenset()) | {sink}
    return away


def _day(script: Script, chance: Random, away: frozenset[str]) -> Day:
    steps = [_killed(chance) for _ in range(chance.choice((0, 0, 1, 1, 2)))]
    if chance.random() < 0.1:
        steps.append(Step(broken=True))
    out = chance.choice(script.trials).number if chance.random() < 0.1 else None
    steps.append(Step(verb=chance.choice(("check", "check", "due")), left_out=out))
    if chance.random() < 0.3:
        steps.append(replace(_killed(chance), verb="deliver"))
        steps.append(Step(verb="deliver"))
    jump = chance.choice(JUMPS) if chance.random() < 0.15 else 0.0
    return Day(away=away, jump=jump, steps=tuple(steps))


def _killed(chance: Random) -> Step:
    verb = chance.choice(("check", "check", "due"))
    if chance.random() < 0.5:
        return Step(verb=verb, kill_after=chance.random() * LATEST_KILL)
    event = chance.choice(sorted(EVENTS))
    return Step(verb=verb, die_at=(event, chance.randint(1, EVENTS[event])))
