"""From readings to the store: a batch is judged and accepted in one transaction, and the agenda follows.

What nobody foresaw in one record costs that record alone: it is kept aside, the operator is told, the rest goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.egress.fetched import Fetcher
from monitor.errors import ConcurrentChange, NotARecord, StoreError
from monitor.model.change import StoredChange
from monitor.model.coverage import Outcome
from monitor.model.reading import DataVersion, Failed, Reading, Same, Sound, Suspicious
from monitor.model.version import RecordRow
from monitor.pipeline import facts
from monitor.pipeline.accept import Accepted, accept, rehearse
from monitor.pipeline.agenda import Agenda, latest_of
from monitor.pipeline.baseline import load_base
from monitor.pipeline.judge import Circumstance, Known, Verdict, judge
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.ways import Ways
from monitor.sources import NORMALISER_VERSION, normalise
from monitor.store import records, suspects
from monitor.store.transaction import Tx
from monitor.text.canonical import content_hash

OVERTAKEN = "Another command changed what is stored of this trial while it was read; it is read again."

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


async def settle(run: Pass, readings: Sequence[Reading], *, data_timestamp: str | None) -> None:
    """Judge a batch and accept it. Raises StoreError alone; then nothing of the batch is stored."""
    if not readings:
        return
    try:
        await _settle_together(run, readings, data_timestamp)
    except ConcurrentChange:
        await _settle_together(run, await _without_overtaken(run, readings), data_timestamp)
    except StoreError:
        raise
    except Exception as fault:  # noqa: BLE001 (head of the loop over records: one that breaks us stops no other)
        await _settle_apart(run, readings, fault, data_timestamp)


async def _settle_apart(run: Pass, readings: Sequence[Reading], fault: Exception, data_timestamp: str | None) -> None:
    """Find the reading that caused the fault: each of several by itself; a single one is kept aside."""
    if len(readings) > 1:
        for reading in readings:
            await settle(run, [reading], data_timestamp=data_timestamp)
        return
    log.error("a record could not be dealt with", exc_info=fault, extra={"record": str(readings[0].key)})
    await _settle_together(run, [_aside(readings[0], fault)], data_timestamp)


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


async def _settle_together(run: Pass, readings: Sequence[Reading], data_timestamp: str | None) -> None:
    around, agenda = run.around, run.agenda
    now = around.clock()

    def work(tx: Tx) -> tuple[list[Accepted], int]:
        verdicts = [_judge(tx, run, reading, now, data_timestamp) for reading in readings]
        if around.scribe.rehearse:
            return rehearse(verdicts, agenda, run.ways.desk)
        return accept(tx, verdicts, agenda, run.ways.desk, now=now)

    done, planned = await around.scribe.write(work)
    run.planned += planned
    for accepted in done:
        _report(run, accepted)
    around.said(len(agenda.results), len(agenda.results) + len(agenda.todo))


def _judge(tx: Tx, run: Pass, reading: Reading, now: datetime, data_timestamp: str | None) -> Verdict:
    row = run.agenda.row_of(reading.key)
    at = Circumstance(
        now=now,
        every=run.agenda.every(row, run.ways),
        chance=run.around.chance(),
        data_timestamp=data_timestamp,
        mirror=run.agenda.is_mirror(row),
    )
    if isinstance(reading, Suspicious) and _was_accepted(tx, run.agenda, row, reading):
        reading = Same(key=reading.key)
    return judge(row, reading, _known(tx, run.agenda, row, reading), at)


def _known(tx: Tx, agenda: Agenda, row: RecordRow, reading: Reading) -> Known | None:
    """What the reading is to be compared with, if the two can differ at all."""
    latest = latest_of(tx, agenda, row) if isinstance(reading, Sound) else None
    if latest is None or not isinstance(reading, Sound):
        return None
    # The raw hash of a page is that of its content; one of the registry's documents was compared when it was read.
    # A version with sections carried from an older one says more than its own page did: that is compared always.
    same = reading.raw_hash == latest.content_hash and latest.normaliser_version == NORMALISER_VERSION
    if same and not row.losses and not latest.carried:
        return None
    return Known(version=latest, base=load_base(tx, row, latest))


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
