"""G1: a daemon whose configuration is edited while it works, well and badly, in place and by a swap.

On each day of a random world, after what changed was read, somebody makes edits; one that cannot be used may last
until the next day is over. It is judged by the checker of tests/faults (nothing is lost, told twice or false, and
nothing waits at the end) and by

DIED         a tick ended with an error
NOT_KEPT     a configuration that cannot be used came into force
NOT_TAKEN    one that can be used did not
UNTOLD       the operator was not told once of each that could not be used, or was told otherwise
ROWS_GONE    an alert left the outbox
NOT_SHOWN    what waits for a destination that was taken out is not counted as waiting, or is tried in vain for ever
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from monitor.store import alerts
from tests.clocks.machine import DaemonInside, Machine
from tests.faults.checker import judge
from tests.faults.clock import SharedClock
from tests.faults.course import Course
from tests.faults.evidence import Evidence
from tests.faults.reading import Told, flat
from tests.faults.script import Script, SinkFault
from tests.faults.world import build
from tests.sweep.sweep import Outcome, Sweep

DAYS: Final = 5
EDITS: Final = 3  # a day
LOOKS: Final = 2  # for which an edit stays: a first fault may be a file that is being written
SURE: Final = '[checks]\ncorrection_within = "1s"'
UNUSABLE: Final = "The configuration was changed and cannot be used."
ORPHANED: Final = "Messages wait for"
Edit = Callable[[str, Random], str]


def _another_label(text: str, chance: Random) -> str:
    return text.replace("[[watches]]\n", f'[[watches]]\nlabel = "Label {chance.random()}"\n', 1)


def _another_destination(text: str, chance: Random) -> str:
    name = f"more{chance.randrange(100)}"
    return f'{text}\n[destinations.{name}]\nurl = "json://127.0.0.1:9/{name}"\nallow_private_addresses = true\n'


def _a_comment(text: str, chance: Random) -> str:
    return f"# {chance.random()}\n{text}"


def _without_a_watch(text: str, chance: Random) -> str:
    watches = re.findall(r"\[\[watches\]\]\n(?:\w.*\n?)+", text)
    return text.replace(chance.choice(watches), "", 1)


def _without_the_hook(text: str, chance: Random) -> str:
    del chance
    text = re.sub(r"\[destinations\.hook\]\n(?:\w.*\n)+", "", text)
    return text.replace('"team", "hook"', '"team"')


USABLE: Final[Mapping[str, Edit]] = {
    "another label": _another_label,
    "another destination": _another_destination,
    "a comment": _a_comment,
    "a watch less": _without_a_watch,
    "a destination less": _without_the_hook,
}


def _without_most_watches(text: str, chance: Random) -> str:
    del chance
    return re.sub(r"\[\[watches\]\]\n(?:\w.*\n?)+", "", text, count=5)


FAULTY: Final[Mapping[str, Edit]] = {
    "an unknown key": lambda text, _: f"{text}\n[colour]\nred = 1\n",
    "a bad address": lambda text, _: text.replace("mailto://", "nonsense://", 1),
    "no such timezone": lambda text, _: f'timezone = "Mars/Olympus"\n{text}',
    "another store": lambda text, _: text.replace("monitor.db", "other.db"),
    "a table begun": lambda text, _: f"{text}\n[destinations.m",
    "an empty file": lambda _text, _: "",
    "bytes of no text": lambda text, _: f"{text}\n# \udcff",
    "most watches less": _without_most_watches,
    "a rule to nobody": lambda text, _: text.replace('"team", "hook"', '"team", "nobody"'),
}
DONE_TO_THE_FILE: Final = ("deleted", "opened to others")
"""As faulty as the edits above."""


class World:
    """One world and its daemon. "unusable" counts the configurations of which the operator is to hear."""

    def __init__(self, seed: int, folder: Path, *, days: int = DAYS, edits: int = EDITS) -> None:
        self.seed, self.folder, self.days, self.edits = seed, folder, days, edits
        self.chance = Random(self.seed)
        self.script = self._script()
        self.machine = Machine(SharedClock(self.folder / "clock.json"))
        self.worker = DaemonInside(self.folder / "monitor.toml", self.machine, self.seed)
        self.faults: list[str] = []
        self.counts: Counter[str] = Counter()
        self.shape = [f"world {self.seed}"]
        self.rows = 0

    def _script(self) -> Script:
        """On some days the hook takes nothing, so that something waits for it when it is taken out."""
        script = build(self.seed, registry=4, pages=2, days=self.days, share=0.6)
        down = [SinkFault(sink="web", last=None, days=(day, day), status=500) for day in range(2, self.days, 2)]
        return replace(script, sink_faults=tuple(down))

    def run(self) -> Evidence:
        with Course(self.script, self.folder, worker=self.worker) as self.course:
            try:
                self.course.configure(SURE)
                self.text = self.course.config.read_text(encoding="utf-8")
                self._tick()
                for _ in range(2, self.days + 1):
                    self._day()
                self.course.settle()
            finally:
                self.worker.restart()
            return self.course.evidence()

    def _day(self) -> None:
        """What changes overnight is read while a faulty edit of the evening stands, on some days."""
        lasting = self.chance.random() < 0.5
        if lasting:
            self._spoil()
        self.course.next_day()
        self._tick()
        if lasting:
            self._restore()
        day = self.course.clock.read().day
        if day % 2 == 0 and day < self.days:  # something waits for the hook
            self._use("a destination less")
            self._restore()
        for _ in range(self.edits):
            self.chance.choice((self._spoil, self._use, self._halve))()
            self._restore()

    def _tick(self) -> None:
        self.course.check(due=True)
        with self.worker.daemon.app.store.read() as tx:
            rows = sum(alerts.counts(tx).values())
        if rows < self.rows:
            self.faults.append(f"ROWS_GONE: {self.rows} alerts, then {rows} {self.shape[-1]}")
        self.rows = rows

    def _look(self) -> None:
        for _ in range(LOOKS):
            self.course.clock.pass_time(minutes=20)
            self._tick()

    def _write(self, text: str) -> None:
        """In place, or by a swap."""
        content = text.encode("utf-8", "surrogateescape")
        path = self.course.config
        if self.chance.random() < 0.5 or not path.exists():
            fresh = path.with_suffix(".new")
            fresh.write_bytes(content)
            fresh.chmod(0o600)
            fresh.replace(path)
        else:
            path.write_bytes(content)
            path.chmod(0o600)
        self.counts["edits"] += 1

    def _spoil(self) -> None:
        """A configuration that cannot be used: the one in force stays, and the operator hears of it."""
        name = self.chance.choice([*FAULTY, *DONE_TO_THE_FILE])
        self.shape.append(name)
        before = self.worker.daemon.app
        if name == "deleted":
            self.course.config.unlink()
            self.counts["edits"] += 1
        elif name == "opened to others":
            self._write(self.text)
            self.course.config.chmod(0o644)
        else:
            self._write(FAULTY[name](self.text, self.chance))
        self._look()
        self.counts["unusable"] += 1
        if self.worker.daemon.app is not before:
            self.faults.append(f"NOT_KEPT: {name}")

    def _use(self, name: str | None = None) -> None:
        """One that can be used, in which a destination or watch may be missing for a while in which nothing changes."""
        name = name or self.chance.choice(sorted(USABLE))
        self.shape.append(name)
        before = self.worker.daemon.app
        with before.store.read() as tx:
            waiting = {each: n for each, n in alerts.waiting(tx).items() if each.destination == "hook"}
        self._write(USABLE[name](self.text, self.chance))
        self._look()
        if self.worker.daemon.app is before:
            self.faults.append(f"NOT_TAKEN: {name}")
        with before.store.read() as tx:
            still = {each: n for each, n in alerts.waiting(tx).items() if each.destination == "hook"}
        if name == "a destination less":
            self.counts["rows whose destination was taken out"] += sum(waiting.values())
            if still != waiting:
                self.faults.append(f"NOT_SHOWN: {waiting} waited for the hook, then {still}")

    def _halve(self) -> None:
        """The file is seen half-written: it may be usable or not."""
        self.shape.append("half-written")
        self._write(self.text[: self.chance.randrange(len(self.text))])
        self.course.clock.pass_time(minutes=1)
        self._tick()

    def _restore(self) -> None:
        before = self.worker.daemon.app
        self._write(_a_comment(self.text, self.chance))
        self._look()
        if self.worker.daemon.app is before:
            self.faults.append(f"NOT_TAKEN: the first one after {self.shape[-1]}")


def judged(world: World, evidence: Evidence) -> list[str]:
    found = [*world.faults, *map(str, judge(evidence)), *(f"DIED: {message}" for message in world.worker.failed)]
    heard: dict[str, str] = {}
    for entry in evidence.delivered:
        told = Told(entry)
        if told.recipient == "ops@example.org":
            heard.setdefault(told.alert, flat(told.text))
    times, unusable = sum(text.count(UNUSABLE) for text in heard.values()), world.counts["unusable"]
    if times != unusable:
        found.append(f"UNTOLD: {unusable} configurations could not be used, the operator heard of {times}")
    if world.counts["rows whose destination was taken out"] and not any(ORPHANED in text for text in heard.values()):
        found.append("UNTOLD: messages waited for a destination that was taken out, and the operator never heard")
    return found


def run(seed: int, folder: Path) -> Outcome:
    """One world."""
    world = World(seed, folder)
    evidence = world.run()
    told = len({(each["alert"], each["recipient"]) for each in evidence.delivered})
    counts = {**world.counts, "alerts": told}
    return Outcome(counts=counts, faults=judged(world, evidence), shapes=["; ".join(world.shape)])


SWEEP = Sweep(
    name="reconfigured",
    what="A configuration that is edited well and badly under a running daemon: the last good one is in force.",
    seeds=60,
    goal={"edits": 1_200, "alerts": 1_200, "rows whose destination was taken out": 20},
    run=run,
)
