"""kill -9 at chosen moments of a run, and of the runs that recover from it: nothing lost, nothing told for nothing.

Each seed is a small world of its own in one scene. Its run is killed at every fourth of its moments (four seeds have
all of them), then at pairs, triples and longer rows of moments, where each further kill meets the run that recovers.
After each row a whole run follows, what is left of the world's days, and the judgement of `tests.faults.checker`;
`trial-monitor verify` must agree, and the store must be whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import TypeAlias

from tests.crash.ordeal import Ordeal
from tests.crash.scenes import SCENES
from tests.crash.stage import Stage
from tests.sweep.sweep import Outcome, Sweep

SLICES = 4
ROWS = {2: 20, 3: 40, 6: 30}
"""How many rows of how many kills each seed has besides its singles."""


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
        ordeal = Ordeal(stage=stage, name=name, scene=SCENES[name])
        ordeal.prepare()
        for row in choose(ordeal.moments()):
            ordeal.row(row)
        return ordeal.outcome()


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
