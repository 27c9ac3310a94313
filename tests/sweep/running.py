"""Runs the seeds of a sweep in processes of their own, and adds up what they came to."""

from __future__ import annotations

import multiprocessing
import os
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.sweep.listed import sweep_of
from tests.sweep.sweep import Outcome, Sweep

MEMORY: Final = Path("/dev/shm")  # noqa: S108 (a folder in it is made with a random name and closed to others)


ROOT: Final = Path(__file__).parents[2]


@dataclass(slots=True, kw_only=True)
class Sum:
    """What the seeds from `first` on, so many of them, came to. `faults` start with the seed that shows them again."""

    first: int
    done: int = 0
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    shapes: set[int] = field(default_factory=set)

    def add(self, seed: int, outcome: Outcome) -> None:
        self.done += 1
        self.counts.update(outcome.counts)
        self.faults += [f"seed {seed}: {fault}" for fault in outcome.faults]
        self.shapes.update(map(hash, outcome.shapes))


def run_seed(sweep: Sweep, seed: int) -> Outcome:
    """One seed in a folder of its own. What it raises is a fault of that seed."""
    with TemporaryDirectory(prefix="sweep-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        try:
            return sweep.run(seed, Path(folder))
        except Exception:  # noqa: BLE001 (whatever ends a case early is what the sweep looks for)
            told = traceback.format_exc().replace(f"{ROOT}{os.sep}", "")
            return Outcome(counts={}, faults=[f"CRASH: {told}"])


def _run_named(name: str, seed: int) -> Outcome:
    return run_seed(sweep_of(name), seed)


def run_all(sweep: Sweep, seeds: Sequence[int], *, minutes: float) -> Iterator[Sum]:
    """The sum so far, after each seed. After so many minutes no seed is begun any more; begun ones are finished."""
    total, began = Sum(first=seeds[0]), time.monotonic()
    for seed, outcome in _outcomes(sweep, seeds, until=began + 60 * minutes):
        total.add(seed, outcome)
        total.seconds = time.monotonic() - began
        yield total


def _outcomes(sweep: Sweep, seeds: Sequence[int], *, until: float) -> Iterator[tuple[int, Outcome]]:
    jobs = sweep.jobs or os.cpu_count() or 1
    coming = iter(seeds)
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        running: dict[Future[Outcome], int] = {}
        while True:
            free = jobs - len(running) if time.monotonic() < until else 0
            running |= {pool.submit(_run_named, sweep.name, seed): seed for seed in islice(coming, free)}
            if not running:
                return
            for ended in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(ended), _outcome(ended)


def _outcome(ended: Future[Outcome]) -> Outcome:
    try:
        return ended.result()
    except BrokenProcessPool as exc:
        return Outcome(counts={}, faults=[f"DIED: the process of this seed or its neighbour died: {exc}"])
