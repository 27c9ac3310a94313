"""kill -9 at chosen moments of a run, and of the runs that recover from it: nothing lost, nothing told for nothing.

Each seed is a scene of a small world. Its run is killed at every 16th of its moments (16 seeds have all of them), then
at pairs, triples and longer rows of moments, where each further kill meets the run that recovers.
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

SLICES = 16
ROWS = {2: 10, 3: 20, 12: 40}
"""How many rows of how many kills each seed has besides its singles."""


def rows(last: int, part: int, chance: Random) -> Iterator[list[int]]:
    """Every 16th moment by itself, from the `part`-th on; then rows of several, the first anywhere in the run.

    The runs that recover have less and less to do, so that their moments are drawn from the early ones.
    """
    yield from ([at] for at in range(part + 1, last + 1, SLICES))
    for kills, times in ROWS.items():
        for _ in range(times):
            yield [chance.randint(1, last), *(chance.randint(1, chance.randint(1, last)) for _ in range(kills - 1))]


Choose: TypeAlias = Callable[[Sequence[str]], Iterable[Sequence[int]]]
"""Of a run with these moments: the rows of numbers of those at which it and its successors are to be killed."""


def play(name: str, world: int, folder: Path, choose: Choose) -> Outcome:
    """The rows of kills in one scene of one world, each from the same state of everything."""
    with Stage(SCENES[name].script(world), folder) as stage:
        ordeal = Ordeal(stage=stage, name=name, scene=SCENES[name])
        ordeal.prepare()
        for row in choose(ordeal.moments()):
            ordeal.row(row)
        return ordeal.outcome()


def run(seed: int, folder: Path) -> Outcome:
    """The scene is the seed's turn; 16 seeds of a scene share a world."""
    name = list(SCENES)[seed % len(SCENES)]
    turn = seed // len(SCENES)
    return play(name, turn // SLICES, folder, lambda moments: rows(len(moments), turn % SLICES, Random(seed)))


SWEEP = Sweep(
    name="kills",
    what="kill -9 before and after every statement, commit, file write, send and sleep, in recovery too",
    seeds=240,
    goal={"kills": 100_000},
    run=run,
)
