"""The sweep of fuzzed answers: each seed damages one registry document and one study page in very many ways."""

from __future__ import annotations

import os
import random
import resource
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from types import FrameType
from typing import Final, TypeVar

from monitor.errors import NotARecord
from monitor.model.reading import Body
from tests.fuzz import of_page, of_registry
from tests.fuzz.bases import contents, documents
from tests.fuzz.case import Asked, Case
from tests.fuzz.desk import NOON, Baseline, Judged, after, first_seen, judged
from tests.fuzz.of_bytes import spoil
from tests.fuzz.verdicts import faults
from tests.sweep.sweep import Outcome, Sweep

EACH: Final = 130  # bodies of one base record in one seed
SECONDS: Final = 5  # a body that takes longer hangs
GROWTH: Final = 256 * 1024  # kB that a seed may take more than was taken before it
_BYTES: Final = 0.12  # of all bodies: those whose bytes are damaged
_THOROUGH: Final = 0.25
_SECOND: Final = 0.2
T = TypeVar("T")


class Hung(BaseException):
    """A body took too long. Not an Exception, so that no parser's own net catches it."""


@dataclass(slots=True)
class Tally:
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)

    def take(self, asked: Asked, case: Case, done: Judged) -> None:
        self.shapes.append(blake2b(case.content, digest_size=8).hexdigest())
        verdict = done.verdict
        self.counts.update(
            {
                "pages": 1,
                asked.source: 1,
                "compared": done.compared,
                "held": verdict.suspect is not None,
                "refused": not done.compared and verdict.suspect is None,
                "baselines moved": done.moved,
                "changes told": len(verdict.changes),
                f"due {case.due.name.lower().replace('_', ' ')}": 1,
            }
        )


def run(seed: int, folder: Path) -> Outcome:
    """Bodies made from one document and one page; the same again from the same seed."""
    del folder
    chance, tally, before = random.Random(f"fuzz {seed}"), Tally(), _memory()
    for source in (_documents(seed, chance), _pages(seed, chance)):
        for asked, base, case in source:
            _judge(asked, base, case, tally, chance)
    if _memory() - before > GROWTH:
        tally.faults.append(f"MEMORY: grew by {(_memory() - before) // 1024} MB")
    tally.counts["base records"] = sum(seed < len(bases) for bases in (documents(), contents()))
    return Outcome(counts=tally.counts, faults=tally.faults, shapes=tally.shapes)


def _judge(asked: Asked, base: Baseline, case: Case, tally: Tally, chance: random.Random) -> None:
    name = f"{asked.number} {asked.source} {case.kind} {case.spot}"
    try:
        with at_most(SECONDS):
            done = judged(asked, base, case.content, case.media_type)
    except Hung:
        tally.faults.append(f"HANG: {name}")
        return
    except Exception as fault:  # noqa: BLE001 (whatever comes out of the product is what is looked for)
        tally.faults.append(f"NOT TOTAL: {name}: {type(fault).__name__}: {fault}")
        return
    tally.take(asked, case, done)
    found = list(faults(asked, base, case, done, thorough=chance.random() < _THOROUGH))
    if asked.source == "ctv" and chance.random() < _SECOND:
        tally.counts["second looks"] += 1
        found += _second_look(asked, base, done, chance)
    tally.faults += [f"{fault} [{name}]" for fault in found]


def _second_look(asked: Asked, base: Baseline, done: Judged, chance: random.Random) -> Iterator[str]:
    """The sound page again after half an hour: if nothing was told of the damage, nothing is told of its end."""
    del chance
    if done.verdict.changes or base.known.body is None:
        return
    body = base.known.body
    again = judged(asked, after(base, done), body.content, body.media_type, now=NOON + timedelta(minutes=31))
    yield from (f"TOLD OF A PAGE THAT CAME BACK: {change.path} {change.kind}" for change in again.verdict.changes)


def _documents(seed: int, chance: random.Random) -> Iterator[tuple[Asked, Baseline, Case]]:
    bases = documents()
    number, content = bases[seed % len(bases)]
    asked = Asked(source="ctgov", source_id=number, number=number)
    base = _baseline(asked, Body(content=content, media_type=of_registry.JSON))
    if base is None:
        return
    for _ in range(EACH):
        if chance.random() < _BYTES:
            yield asked, base, spoil(content, of_registry.JSON, chance)
            continue
        other = next(each for each_number, each in _others(bases, chance) if each_number != number)
        bench = of_registry.Bench(content, other, chance)
        yield asked, base, _drawn(of_registry.WORKS, chance)(bench)


def _pages(seed: int, chance: random.Random) -> Iterator[tuple[Asked, Baseline, Case]]:
    bases = contents()
    number, page = bases[seed % len(bases)]
    asked = Asked(source="ctv", source_id="a-trial", number=number)
    look = chance.choice(of_page.LOOKS)
    content = look(page).encode()
    base = _baseline(asked, Body(content=content, media_type=of_page.HTML))
    if base is None:
        return
    for _ in range(EACH):
        if chance.random() < _BYTES:
            yield asked, base, spoil(content, of_page.HTML, chance)
            continue
        other = next(each for each_number, each in _others(bases, chance) if each_number != number)
        yield asked, base, _drawn(of_page.WORKS, chance)(of_page.Press(page, other, look, chance))


def _others(bases: Sequence[T], chance: random.Random) -> Iterator[T]:
    while True:
        yield chance.choice(bases)


def _drawn(works: Sequence[tuple[int, T]], chance: random.Random) -> T:
    return chance.choices([work for _, work in works], [weight for weight, _ in works])[0]


def _baseline(asked: Asked, body: Body) -> Baseline | None:
    """None for a base that is no sound record itself."""
    try:
        return first_seen(asked, body)
    except NotARecord:
        return None


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises Hung in what takes more processor time: a busy machine hangs nothing."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise Hung

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _memory() -> int:
    """The most memory that this process ever had, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


_WITH_CORPORA: Final = {"base records": 400} if os.environ.get("TRIAL_MONITOR_CORPORA") else {}
SWEEP: Final = Sweep(
    name="fuzz",
    what="Damaged, edited and noisy answers of both sources, from their bytes to the judgement.",
    seeds=2000,
    goal={"pages": 500_000, "compared": 250_000, "ctgov": 100_000, "ctv": 100_000, **_WITH_CORPORA},
    run=run,
)
