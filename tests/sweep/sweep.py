"""What a sweep is: very many cases of one kind, made from seeds, each judged from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one seed came to.

    `counts`: how much was done, by counter: {"kills": 312, "alerts": 12}. `faults`: "RULE: evidence"; none is the
    answer one hopes for. `shapes`: a text for each case, equal for equal cases, so that only distinct ones count.
    """

    counts: Mapping[str, int]
    faults: Sequence[str] = ()
    shapes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """One kind of cases. A seed is a batch of them that takes a second or more, the same again from the same seed.

    `run` is a function of a module; it gets the seed and an empty folder, in memory where the machine has one there.
    `goal`: what all seeds together must reach, by counter. `jobs`: seeds at once; None: as many as processors.
    """

    name: str
    what: str
    seeds: int
    goal: Mapping[str, int]
    run: Callable[[int, Path], Outcome]
    jobs: int | None = None
