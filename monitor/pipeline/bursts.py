"""Bursts: what many records of a source show at once says that the source changed, not the trials.

A burst is known only when all of a source has been read. Until then a record that may be part of one waits, as its
compressed body; everything else is settled as it comes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from monitor import sources
from monitor.diff.signs import Sign
from monitor.model.json import Json
from monitor.model.reading import Body, Sound, Suspicious
from monitor.model.record import SourceName
from monitor.model.watch import RecordKey
from monitor.pipeline.judge import Verdict
from monitor.sources.references import SITE_NAMES
from monitor.store import conditions, suspects
from monitor.store.conditions import Raised
from monitor.store.transaction import Tx

FEWEST = 5
"""So many records make a burst, and at least one in `SHARE` of those read soundly in the pass."""

SHARE = 5
BURST = "burst"
"""The kind of condition that is about a source, and no single trial."""

_QUICK = 1  # compression of what waits for minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sound reading that waits for the end of its source. Its `fresh` signs were not seen by an earlier pass."""

    record_id: int
    key: RecordKey
    media_type: str
    packed: bytes
    raw_hash: str
    signs: frozenset[Sign]
    fresh: frozenset[Sign]
    unknown: tuple[str, ...]
    data_timestamp: str | None

    @classmethod
    def of(cls, reading: Sound, verdict: Verdict, data_timestamp: str | None) -> Candidate:
        return cls(
            record_id=verdict.row.id,
            key=reading.key,
            unknown=reading.record.unknown,
            media_type=reading.body.media_type,
            packed=zlib.compress(reading.body.content, _QUICK),
            raw_hash=reading.raw_hash,
            signs=verdict.signs,
            fresh=verdict.fresh,
            data_timestamp=data_timestamp,
        )

    def reading(self, bursts: Sequence[Burst]) -> Sound | Suspicious:
        """The reading again: as it was, or held if it is part of a burst."""
        body = Body(content=zlib.decompress(self.packed), media_type=self.media_type)
        shown = [burst for burst in bursts if burst.sign in self.signs]
        if shown:
            return Suspicious(key=self.key, body=body, reasons=(_reason(shown),), held=True)
        record = sources.normalise(self.key, body, complete=False)  # it proved itself when it was read
        return Sound(key=self.key, body=body, raw_hash=self.raw_hash, record=record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """One sign that many records of a source show. `records` are held for it; `of` so many were read soundly."""

    source: SourceName
    sign: Sign
    records: frozenset[int]
    of: int

    @property
    def key(self) -> str:
        """That of its condition."""
        return f"{BURST}:{self.source}:{self.sign.key}"

    @property
    def words(self) -> str:
        """ "12 of 40 trials lost "contacts.central"."""
        sign = self.sign
        many = f"{len(self.records):,} of {max(self.of, len(self.records)):,} trials"
        if not sign.step:
            return f'{many} lost "{sign.path}"'
        if sign.before is None:
            return f'{many} came to say "{sign.after}" under "{sign.path}"'
        return f'{many} went from "{sign.before}" to "{sign.after}" under "{sign.path}"'


def find_bursts(
    source: SourceName, candidates: Sequence[Candidate], sound: int, standing: Mapping[str, AbstractSet[int]]
) -> tuple[Burst, ...]:
    """The signs that enough records show; a part of a section only where more lost it than lost the whole section.

    `standing` are the bursts that an earlier pass found, by key, with the records still held for each and not read
    in this one: these count on, so that a pass over a few of them releases none. A burst that stands goes on while
    `FEWEST` records show it. One that no record shows for the first time is none: it was none when it was first seen.
    """
    shown: dict[Sign, set[int]] = {}
    for candidate in candidates:
        for sign in candidate.signs:
            shown.setdefault(sign, set()).add(candidate.record_id)
    fresh = frozenset[Sign]().union(*(candidate.fresh for candidate in candidates))
    found = (Burst(source=source, sign=sign, records=frozenset(ids), of=sound) for sign, ids in shown.items())
    grown = [_with_unread(burst, standing.get(burst.key, frozenset())) for burst in found]
    many = [each for each in grown if _is_burst(each, stands=each.key in standing, fresh=each.sign in fresh)]
    told = (burst for burst in many if not any(_is_within(burst, other) for other in many))
    return tuple(sorted(told, key=lambda burst: (-len(burst.records), burst.key)))


def _with_unread(burst: Burst, unread: AbstractSet[int]) -> Burst:
    return Burst(source=burst.source, sign=burst.sign, records=burst.records | unread, of=burst.of + len(unread))


def _is_burst(burst: Burst, *, stands: bool, fresh: bool) -> bool:
    count = len(burst.records)
    return count >= FEWEST and (stands or (fresh and count * SHARE >= burst.of))


def _is_within(burst: Burst, other: Burst) -> bool:
    return other.sign.covers(burst.sign) and other.records >= burst.records


def standing(
    tx: Tx, source: SourceName, read: AbstractSet[int], followed: AbstractSet[int]
) -> dict[str, frozenset[int]]:
    """For each burst of the source that an earlier pass found: the records still held for it that were not read."""
    held = {row.record_id for row in suspects.waiting(tx)} & followed
    return {
        condition.key: (_records(condition.facts) & held) - read
        for condition in conditions.open_conditions(tx)
        if condition.kind == BURST and condition.facts.get("source") == source
    }


def ended(tx: Tx, found: Iterable[Burst], followed: AbstractSet[int]) -> list[str]:
    """The keys of the bursts that are over: not found in this pass, and nothing is held for them any more."""
    held = {row.record_id for row in suspects.waiting(tx)} & followed
    now = {burst.key for burst in found}
    return [
        condition.key
        for condition in conditions.open_conditions(tx)
        if condition.kind == BURST and condition.key not in now and not _records(condition.facts) & held
    ]


def held_alike(tx: Tx, record_id: int) -> frozenset[int]:
    """The records held for the same bursts as this one, itself included; none if it is held for no burst."""
    open_now = [condition for condition in conditions.open_conditions(tx) if condition.kind == BURST]
    groups = [_records(condition.facts) for condition in open_now]
    return frozenset().union(*(group for group in groups if record_id in group))


def raised(burst: Burst) -> Raised:
    """The condition that the operator is told of, once."""
    records: list[Json] = [*sorted(burst.records)]
    facts: dict[str, Json] = {
        "watch": SITE_NAMES[burst.source],
        "source": burst.source,
        "field": burst.sign.path,
        "message": burst.words,
        "records": records,
    }
    return Raised(key=burst.key, kind=BURST, facts=facts)


def _records(facts: Mapping[str, Json]) -> frozenset[int]:
    listed = facts.get("records")
    return frozenset(each for each in listed if isinstance(each, int)) if isinstance(listed, list) else frozenset()


def _reason(shown: Sequence[Burst]) -> str:
    said = "; ".join(burst.words for burst in shown)
    return f"{said}, all in the same pass and without a new update date: the source changed, not the trials."
