"""The sweep over every way to lead the program to an address that nobody allowed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

from tests.ssrf.witness import NAMESPACE, own_network
from tests.sweep.sweep import Outcome, Sweep

ROOT: Final = Path(__file__).parents[2]
SEEDS: Final = 100

_own_network = cache(own_network)


def run(seed: int, folder: Path, every: int = SEEDS) -> Outcome:
    """Each `every`-th case, in a process of its own and, where the machine lets us, in a network of its own."""
    before = _own_network() or []
    command = [*before, sys.executable, "-m", "tests.ssrf.inside", str(seed % every), str(every), str(folder)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **({NAMESPACE: "1"} if before else {})}
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    if ended.returncode:
        return Outcome(counts={}, faults=[f"DIED: {ended.stderr[-2000:]}"])
    return Outcome(**json.loads(ended.stdout.splitlines()[-1]))


SWEEP: Final = Sweep(
    name="ssrf",
    what="Every special range in every notation, and every trick with addresses, at every way out: no connection to an "
    "address that is not public.",
    seeds=SEEDS,
    goal={"cases": 5_000},
    run=run,
)
