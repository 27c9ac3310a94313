"""The sweep of seeded bugs: a harness that misses one of them proves nothing by being green."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.sensitivity.bug import all_bugs
from tests.sensitivity.trial import faults_of
from tests.sweep.sweep import Outcome, Sweep

BUGS: Final = all_bugs()


def seeded(seed: int, folder: Path) -> Outcome:
    """The bug at this place in the order of names."""
    bug = BUGS[seed]
    faults = tuple(faults_of(bug, folder))
    return Outcome(counts={"bugs": 1, "caught": int(not faults)}, faults=faults, shapes=[bug.name])


SWEEP: Final = Sweep(
    name="sensitivity",
    what="Bugs that were planted on purpose, one at a time, in a copy of the program: what is said to catch each of "
    "them is green without it, red with it, and for the reason that was foretold.",
    seeds=len(BUGS),
    goal={"bugs": len(BUGS), "caught": len(BUGS)},
    run=seeded,
)
