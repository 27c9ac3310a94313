"""kill -9 of the program itself as it enters a system call that writes, removes or sends: no hooks of ours are needed.

strace counts the calls of each thread and kills at the first n-th one. Imports make none of these calls, so that 1, 2,
3, ... are those of the run. What recovers from each kill is judged as in `kills`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from tests.crash.ordeal import Ordeal
from tests.crash.scenes import AT_ONCE
from tests.crash.stage import Stage
from tests.sweep.sweep import Outcome, Sweep

CALLS: Final = ("write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "ftruncate", "sendto", "connect")
SLICES: Final = 4
STRACE: Final = shutil.which("strace")
_QUIET: Final = ("-f", "-qq", "-E", "PYTHONDONTWRITEBYTECODE=1")
_CALL: Final = re.compile(r"^(\d+) +(\w+)\(")

Death: TypeAlias = tuple[str, int]
"""A system call, and the how-manyeth of a thread it is."""


def deaths(trace: Iterable[str]) -> list[Death]:
    """All that can be had in a run with this trace."""
    found = Counter(match.groups() for line in trace if (match := _CALL.match(line)))
    return [
        (call, n)
        for call in CALLS
        for n in range(1, max((found[key] for key in found if key[1] == call), default=0) + 1)
    ]


def play(name: str, world: int, folder: Path, choose: Callable[[Sequence[Death]], Iterable[Death]]) -> Outcome:
    """Those of the possible deaths that are chosen, in one scene of one world."""
    if STRACE is None:
        return Outcome(counts={}, faults=["NOT RUN: there is no strace here"])
    scene = AT_ONCE[name]
    with Stage(scene.script(world), folder) as stage:
        stage.still = True
        ordeal = Ordeal(stage=stage, name=name, scene=scene)
        ordeal.prepare()
        for call, n in choose(_all_deaths(ordeal, folder / "trace", STRACE)):
            _kill(ordeal, STRACE, call, n)
        return ordeal.outcome()


def _all_deaths(ordeal: Ordeal, trace: Path, strace: str) -> list[Death]:
    stage = ordeal.stage
    stage.prefix = (strace, *_QUIET, "-o", str(trace), "-e", f"trace={','.join(CALLS)}")
    ordeal.run()
    stage.prefix = ()
    stage.take_back(ordeal.standing)
    return deaths(trace.read_text(encoding="utf-8", errors="replace").splitlines())


def _kill(ordeal: Ordeal, strace: str, call: str, n: int) -> None:
    stage = ordeal.stage
    inject = f"inject={call}:signal=SIGKILL:when={n}"
    stage.prefix = (strace, *_QUIET, "-o", os.devnull, "-e", f"trace={call}", "-e", inject)
    died = ordeal.run()["killed"] is not None
    stage.prefix = ()
    ordeal.end([f"{call} {n}"] if died else [])


def run(seed: int, folder: Path) -> Outcome:
    """The scene is the seed's turn; four seeds of a scene share a world, each with a quarter of its deaths."""
    name = list(AT_ONCE)[seed % len(AT_ONCE)]
    turn = seed // len(AT_ONCE)
    return play(name, turn // SLICES, folder, lambda all_of_them: all_of_them[turn % SLICES :: SLICES])


SWEEP = Sweep(
    name="syscalls",
    what="kill -9 of the program itself at its system calls that write, remove or send",
    seeds=80,
    goal={"kills": 2_000},
    run=run,
)
