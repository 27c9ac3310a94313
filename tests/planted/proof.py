"""The proof: pair after pair from seeds, until so many different edits have been planted and judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson

from monitor.diff.compare import compare
from monitor.model.reading import Body
from monitor.model.record import TrialRecord
from monitor.sources import normalise
from tests.planted.judge import faults
from tests.planted.planting import plant
from tests.planted.plot import Fact
from tests.planted.said import said, stamp


@dataclass(slots=True)
class Tally:
    """What was planted and how it was judged. `edits` counts different ones: the same edit of a trial counts once."""

    pairs: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    kinds: set[str] = field(default_factory=set)
    trials: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    seen: set[bytes] = field(default_factory=set)

    def take(self, trial: str, facts: list[Fact], found: list[str], seed: str) -> None:
        self.pairs += 1
        self.trials.add(trial)
        self.faults += [f"{seed}: {fault}" for fault in found]
        for fact in _by_edit(facts):
            key = sha256(
                stamp([trial, fact.edit, said(fact.before), said(fact.after), said(fact.detail)]).encode()
            ).digest()
            if key not in self.seen:
                self.seen.add(key)
                self.edits[fact.category] += 1
                self.kinds.add(fact.edit)

    @property
    def total(self) -> int:
        return self.edits.total()


def _by_edit(facts: list[Fact]) -> Iterator[Fact]:
    """One fact for each edit: an edit made in many outcomes at once counts once."""
    groups = set()
    for fact in facts:
        if fact.group is None or fact.joined or fact.group not in groups:
            yield fact
        groups.add(fact.group)


def record_of(body: bytes) -> TrialRecord:
    return normalise("ctgov", Body(content=body, media_type="application/json"))


def prove(studies: Mapping[str, dict[str, Any]], wanted: int, *, salt: str = "") -> Iterator[Tally]:
    """The tally after each pair, until `wanted` different edits are planted; the seed of a pair is its name."""
    tally, turn = Tally(), 0
    records: dict[str, TrialRecord] = {}
    while tally.total < wanted:
        for trial, study in studies.items():
            seed = f"{salt}{trial}:{turn}"
            before = records.get(trial) or records.setdefault(trial, record_of(orjson.dumps(study)))
            planted = plant(study, seed)
            found = faults(planted.facts, compare(before, record_of(planted.body)))
            tally.take(trial, planted.facts, found, seed)
            yield tally
            if tally.total >= wanted:
                return
        turn += 1
