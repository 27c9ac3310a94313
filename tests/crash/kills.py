"""kill -9 at chosen moments of a run, and of the runs that recover from it: nothing lost, nothing told for nothing.

Each seed is a small world of its own in one scene. Its run is killed at every fourth of its moments (four seeds have
all of them), then at pairs, triples and longer rows of moments, where each further kill meets the run that recovers.
After each row a whole run follows, what is left of the world's days, and the judgement of `tests.faults.checker`;
`trial-monitor verify` must agree, and the store must be whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TypeAlias

from tests.crash.scenes import SCENES
from tests.crash.stage import Stage, Standing
from tests.faults.checker import judge
from tests.faults.course import Ran
from tests.sweep.sweep import Outcome, Sweep

SLICES = 4
ROWS = {2: 20, 3: 40, 6: 30}
"""How many rows of how many kills each seed has besides its singles."""


@dataclass(slots=True, kw_only=True)
class Hall:
    """One world, and what came of its rows of kills so far."""

    stage: Stage
    name: str
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)

    @property
    def verb(self) -> str:
        return SCENES[self.name].verb

    def prepare(self) -> tuple[Standing, int]:
        """Where each row of kills begins, and how many moments the run has that is to be killed."""
        stage = self.stage
        stage.order = {"warm": True}
        SCENES[self.name].prepare(stage)
        standing = stage.standing()
        self._run()
        stage.order = {}
        self.finish()
        self._judge("no kill")
        stage.take_back(standing)
        self._run()
        moments = stage.met
        stage.take_back(standing)
        return standing, moments

    def row(self, standing: Standing, moments: Sequence[int]) -> None:
        """Kill the run and those that recover at these moments, then let one come to its end, and judge."""
        killed: list[str] = []
        for at in moments:
            self.stage.order = {"kill_at": at}
            if self._run()["killed"] is None:
                break
            killed.append(f"{at} ({self.stage.where})")
        self.stage.order = {}
        self.finish()
        self._judge(", ".join(killed))
        self.counts["kills"] += len(killed)
        self.shapes += [f"{self.stage.script.seed} {self.name} {killed[: n + 1]}" for n in range(len(killed))]
        self.stage.take_back(standing)

    def _run(self) -> Ran:
        return self.stage.check(due=self.verb == "due") if self.verb != "deliver" else self.stage.deliver()

    def finish(self) -> None:
        """A whole run, what is left of the script's days, and passes until nothing waits."""
        stage = self.stage
        stage.order = {"verify": True}
        stage.check()
        while stage.clock.read().day < stage.script.days:
            stage.next_day()
            stage.check()
        stage.settle()

    def _judge(self, killed: str) -> None:
        evidence = self.stage.evidence()
        found = [str(each)[:300] for each in judge(evidence)]
        found += [f"VERIFY: {each[-1500:]}" for each in self.stage.complaints]
        self.stage.complaints.clear()
        self.faults += [f"{each} [{self.name}, world {self.stage.script.seed}, killed at {killed}]" for each in found]
        names = {(message["alert"], message["recipient"]) for message in evidence.delivered}
        self.counts.update({"alerts": len(names), "repeats in the window": len(evidence.delivered) - len(names)})


def rows(moments: int, part: int, chance: Random) -> Iterator[list[int]]:
    """Every fourth moment by itself, from the `part`-th on; then rows of several, the first anywhere in the run."""
    yield from ([at] for at in range(part + 1, moments + 1, SLICES))
    for kills, times in ROWS.items():
        for _ in range(times):
            yield [chance.randint(1, moments) for _ in range(kills)]


Choose: TypeAlias = Callable[[int], Iterable[Sequence[int]]]
"""Of a run that meets so many moments: the rows of those at which it and its successors are to be killed."""


def play(name: str, world: int, folder: Path, choose: Choose) -> Outcome:
    """The rows of kills in one scene of one world, each from the same state of everything."""
    with Stage(SCENES[name].script(world), folder) as stage:
        hall = Hall(stage=stage, name=name)
        standing, moments = hall.prepare()
        for row in choose(moments):
            hall.row(standing, row)
    return Outcome(counts=hall.counts, faults=hall.faults, shapes=hall.shapes)


def run(seed: int, folder: Path) -> Outcome:
    """The scene is the seed's turn; four seeds of a scene share a world."""
    name = list(SCENES)[seed % len(SCENES)]
    turn = seed // len(SCENES)
    return play(name, turn // SLICES, folder, lambda moments: rows(moments, turn % SLICES, Random(seed)))


SWEEP = Sweep(
    name="kills",
    what="kill -9 before and after every statement, commit, file write, send and sleep, in recovery too",
    seeds=400,
    goal={"kills": 100_000},
    run=run,
)
