"""From readings to the store: a batch is judged and accepted in one transaction, and the agenda follows.

What may be part of a burst waits until all of its source has been read: only then is it known whether it is one.
What nobody foresaw in one record costs that record alone: it is kept aside, the operator is told, the rest goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from monitor.egress.fetched import Fetcher
from monitor.errors import ConcurrentChange, NotARecord, StoreError
from monitor.model.change import StoredChange
from monitor.model.coverage import Outcome
from monitor.model.reading import DataVersion, Failed, Reading, Same, Sound, Suspicious
from monitor.model.record import SourceName
from monitor.model.version import RecordRow
from monitor.pipeline import bursts, facts
from monitor.pipeline.accept import Accepted, accept, rehearse
from monitor.pipeline.agenda import Agenda, latest_of
from monitor.pipeline.baseline import changes_of_late, load_base
from monitor.pipeline.bursts import Candidate
from monitor.pipeline.guards import keep_persons
from monitor.pipeline.judge import Circumstance, Known, Verdict, judge
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.ways import Ways
from monitor.sources import NORMALISER_VERSION, RECORD_TYPE, normalise
from monitor.sources.damaged import may_be_damaged
from monitor.store import records, suspects, versions
from monitor.store.transaction import Tx
from monitor.text.canonical import content_hash

OVERTAKEN = "Another command changed what is stored of this trial while it was read; it is read again."

PORTION = 50
"""So many records that waited for the end of their source are unpacked and settled together."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a pass needs of the outside.

    `chance` gives numbers between 0 and 1; `said` hears how many records are done, and of how many.
    """

    fetcher: Fetcher
    scribe: Scribe
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    requests: Callable[[], dict[str, int]]
    said: Callable[[int, int], None]


@dataclass(slots=True, kw_only=True)
class Pass:
    """A running pass."""

    around: Surroundings
    ways: Ways
    agenda: Agenda
    data: DataVersion | None = None
    changes: list[StoredChange] = field(default_factory=list)
    planned: int = 0
    candidates: list[Candidate] = field(default_factory=list)
    sound: set[int] = field(default_factory=set)  # the records of the source under way that were read soundly


async def settle(
    run: Pass, readings: Sequence[Reading], *, data_timestamp: str | None, source_is_read: bool = False
) -> None:
    """Judge a batch and accept it, but for what may be part of a burst while its source is still being read.

    Raises StoreError alone; then nothing of the batch is stored.
    """
    if not readings:
        return
    batch = _Batch(readings=readings, data_timestamp=data_timestamp, final=source_is_read)
    try:
        await _settle_together(run, batch)
    except ConcurrentChange:
        await _settle_together(run, replace(batch, readings=await _without_overtaken(run, readings)))
    except StoreError:
        raise
    except Exception as fault:  # noqa: BLE001 (head of the loop over records: one that breaks us stops no other)
        await _settle_apart(run, batch, fault)


async def end_source(run: Pass, source: SourceName) -> None:
    """All of a source has been read: hold what shows a burst, settle the rest of what waited."""
    agenda, candidates, sound = run.agenda, run.candidates, frozenset(run.sound)
    run.candidates, run.sound = [], set()
    if not candidates:
        return
    standing = await run.around.scribe.read(lambda tx: bursts.standing(tx, source, sound, agenda.rows.keys()))
    found = bursts.find_bursts(source, candidates, len(sound), standing)
    agenda.bursts += found
    for start in range(0, len(candidates), PORTION):
        for timestamp, several in groupby(candidates[start : start + PORTION], key=lambda each: each.data_timestamp):
            readings = [each.reading(found) for each in several]
            await settle(run, readings, data_timestamp=timestamp, source_is_read=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    readings: Sequence[Reading]
    data_timestamp: str | None
    final: bool


async def _settle_apart(run: Pass, batch: _Batch, fault: Exception) -> None:
    """Find the reading that caused the fault: each of several by itself; a single one is kept aside."""
    if len(batch.readings) > 1:
        for reading in batch.readings:
            await settle(run, [reading], data_timestamp=batch.data_timestamp, source_is_read=batch.final)
        return
    (reading,) = batch.readings
    log.error("a record could not be dealt with", exc_info=fault, extra={"record": str(reading.key)})
    await _settle_together(run, replace(batch, readings=[_aside(reading, fault)]))


def _aside(reading: Reading, fault: Exception) -> Reading:
    why = f"This program met a fault of its own in it ({type(fault).__name__}); its log has the details."
    if isinstance(reading, Sound):
        return Suspicious(key=reading.key, body=reading.body, reasons=(why,))
    return Failed(key=reading.key, message=why)


async def _without_overtaken(run: Pass, readings: Sequence[Reading]) -> list[Reading]:
    """The readings, those aside whose record got a version from elsewhere since it was read (a suspect accepted)."""
    agenda = run.agenda
    ours = [agenda.row_of(reading.key) for reading in readings]
    stored = await run.around.scribe.read(lambda tx: records.by_ids(tx, [row.id for row in ours]))
    overtaken = {row.key for row in ours if stored[row.id].latest != row.latest}
    for row in ours:
        if row.key in overtaken:
            agenda.add(stored[row.id])
            agenda.latest.pop(row.id, None)
    return [Failed(key=each.key, message=OVERTAKEN) if each.key in overtaken else each for each in readings]


async def _settle_together(run: Pass, batch: _Batch) -> None:
    around, agenda = run.around, run.agenda
    now = around.clock()

    def work(tx: Tx) -> tuple[list[Candidate], list[Accepted], int]:
        judged = [(reading, _judge(tx, run, reading, now, batch.data_timestamp)) for reading in batch.readings]
        waiting = [] if batch.final else _candidates(judged, batch.data_timestamp)
        put_off = {candidate.record_id for candidate in waiting}
        verdicts = [verdict for _, verdict in judged if verdict.row.id not in put_off]
        if around.scribe.rehearse:
            return waiting, *rehearse(tx, verdicts, agenda, run.ways.desk)
        return waiting, *accept(tx, verdicts, agenda, run.ways.desk, now=now)

    waiting, done, planned = await around.scribe.write(work)
    run.planned += planned
    _put_off(run, waiting)
    for accepted in done:
        _report(run, accepted)
    around.said(len(agenda.results), len(agenda.results) + len(agenda.todo))


def _candidates(judged: Sequence[tuple[Reading, Verdict]], data_timestamp: str | None) -> list[Candidate]:
    """What may be part of a burst, packed."""
    return [
        Candidate.of(reading, verdict, data_timestamp)
        for reading, verdict in judged
        if isinstance(reading, Sound) and verdict.signs
    ]


def _put_off(run: Pass, waiting: Sequence[Candidate]) -> None:
    run.candidates += waiting
    run.sound |= {candidate.record_id for candidate in waiting}
    run.agenda.unknown |= {candidate.record_id: candidate.unknown for candidate in waiting if candidate.unknown}


def _judge(tx: Tx, run: Pass, reading: Reading, now: datetime, data_timestamp: str | None) -> Verdict:
    row = run.agenda.row_of(reading.key)
    reading = keep_persons(tx, reading, latest_of(tx, run.agenda, row))
    at = Circumstance(
        now=now,
        every=run.agenda.every(row, run.ways),
        chance=run.around.chance(),
        data_timestamp=data_timestamp,
        mirror=run.agenda.is_mirror(row),
        severities=run.ways.severities,
    )
    if isinstance(reading, Suspicious) and _was_accepted(tx, run.agenda, row, reading):
        reading = Same(key=reading.key)
    return judge(row, reading, _known(tx, run, row, reading, now), at)


def _known(tx: Tx, run: Pass, row: RecordRow, reading: Reading, now: datetime) -> Known | None:
    """What the reading is to be compared with, if the two can differ at all."""
    latest = latest_of(tx, run.agenda, row) if isinstance(reading, Sound) else None
    if latest is None or not isinstance(reading, Sound):
        return None
    # The raw hash of a page is that of its content; one of the registry's documents was compared when it was read.
    # A version with sections carried from an older one says more than its own page did: that is compared always.
    same = reading.raw_hash == latest.content_hash and latest.normaliser_version == NORMALISER_VERSION
    if same and not row.losses and not latest.carried:
        return None
    earlier = changes_of_late(tx, row, latest, run.ways.correction_within, now)
    body = versions.read_body(tx, latest.body_digest) if may_be_damaged(reading) else None
    if body and RECORD_TYPE in (body.media_type, reading.body.media_type):
        body = None  # what stands for a body was not damaged on its way
    base = load_base(tx, row, latest, reading.body.level)
    return Known(version=latest, base=base, body=body, earlier=earlier)


def _was_accepted(tx: Tx, agenda: Agenda, row: RecordRow, reading: Suspicious) -> bool:
    """True if a person vouched for a body that said the very same, and nothing else was seen since."""
    latest = latest_of(tx, agenda, row)
    if latest is None or not suspects.is_accepted(tx, row.id, latest.body_digest):
        return False
    try:
        record = normalise(row.key, reading.body, complete=False)
    except NotARecord:
        return False
    return content_hash(record) == latest.content_hash


def _report(run: Pass, accepted: Accepted) -> None:
    verdict, agenda, row = accepted.verdict, run.agenda, accepted.row
    agenda.settle(row, verdict.outcome, verdict.problem)
    if verdict.outcome.verified:
        run.sound.add(row.id)
    if accepted.version:
        agenda.latest[row.id] = accepted.version
    if verdict.record and verdict.record.unknown:
        agenda.unknown[row.id] = verdict.record.unknown
    if verdict.record and verdict.outcome is Outcome.FIRST_SEEN:
        agenda.headers[row.id] = facts.trial_header(row, verdict.record, agenda.watches_of(row.id), run.ways.desk)
    if accepted.survivor:
        for watch in agenda.watches_of(row.id):
            agenda.follow(watch, accepted.survivor)
    run.changes += _found(accepted, agenda)


def _found(accepted: Accepted, agenda: Agenda) -> list[StoredChange]:
    """The changes of one record as the log holds them; of a rehearsal they have no id (0)."""
    row, verdict, before = accepted.row, accepted.verdict, accepted.from_version or 0
    if verdict.version is None:
        return []
    ids = accepted.change_ids or (0,) * len(verdict.changes)
    labels = [watch.label for watch in agenda.watches_of(row.id) if watch.label]
    return [
        StoredChange(
            id=number,
            observed_at=verdict.version.observed_at,
            record_id=row.id,
            source=row.key.source,
            source_id=row.key.source_id,
            registry_id=row.registry_id,
            watch=agenda.name(row.id),
            label=labels[0] if labels else None,
            title=row.title,
            sponsor=row.sponsor,
            posted=verdict.version.posted,
            from_version=before,
            to_version=before + 1,
            change=change,
        )
        for number, change in zip(ids, verdict.changes, strict=True)
    ]
