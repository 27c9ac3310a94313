"""What is kept of persons, put into force where a reading comes in and where a body is read again."""

from __future__ import annotations

from dataclasses import replace

from monitor.model.privacy import Level, strictest
from monitor.model.reading import Body, Reading, Sound, Suspicious
from monitor.model.record import TrialRecord
from monitor.model.version import Version
from monitor.model.watch import RecordKey
from monitor.sources import normalise
from monitor.sources.guarding import guard_body
from monitor.store import forgotten
from monitor.store.bodies import body_states
from monitor.store.transaction import Tx
from monitor.text.canonical import content_hash
from monitor.text.guard import Guard


def keep_persons(tx: Tx, reading: Reading, latest: Version | None) -> Reading:
    """The reading with what is kept of persons: no more than of the version it will be compared with.

    So a looser setting tells no change by itself; it holds for records that are seen for the first time afterwards.
    """
    guard = forgotten.read_guard(tx)
    if not guard.key or not isinstance(reading, Sound | Suspicious):
        return reading
    if latest:
        guard = guard.at(strictest(guard.level, level_of(tx, latest)))
    if isinstance(reading, Suspicious):
        body = guard_body(reading.key, reading.body, None, guard)
        return replace(reading, body=body, reasons=tuple(map(guard.text, reading.reasons)))
    body, record = read_guarded(reading.key, reading.body, guard)
    # That of a page is its record's; a document of the registry was compared by it before, and is recognised by it.
    raw_hash = content_hash(record) if reading.key.source == "ctv" else reading.raw_hash
    return replace(reading, body=body, record=replace(record, unknown=reading.record.unknown), raw_hash=raw_hash)


def read_guarded(key: RecordKey, body: Body, guard: Guard) -> tuple[Body, TrialRecord]:
    """A body as it is kept, and the record that it states then."""
    record = normalise(key, body, complete=False)
    kept = guard_body(key, body, record, guard)
    return kept, record if kept.content == body.content else normalise(key, kept, complete=False)


def level_of(tx: Tx, *several: Version) -> Level:
    """How little is left of persons in the bodies of these versions."""
    states = body_states(tx, [version.body_digest for version in several])
    return strictest(Level.FULL, *(state.level for state in states.values()))
