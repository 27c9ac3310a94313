"""What a person decides about a body kept aside: to accept it as the next version, or to discard it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from monitor import sources
from monitor.errors import UsageError
from monitor.model.reading import Sound
from monitor.model.version import SuspectRow
from monitor.pipeline.accept import Accepted, accept
from monitor.pipeline.agenda import latest_of, open_agenda
from monitor.pipeline.baseline import load_base
from monitor.pipeline.judge import Circumstance, Known, judge
from monitor.pipeline.ways import Ways
from monitor.store import suspects
from monitor.store.transaction import Tx
from monitor.store.versions import read_body
from monitor.text.canonical import content_hash


def accept_suspect(tx: Tx, suspect: SuspectRow, ways: Ways, *, now: datetime, chance: Callable[[], float]) -> Accepted:
    """Make the body kept aside the record's next version, with the changes and alerts that follow.

    Raises NotARecord, with the reasons, if the body cannot be read as a record at all: then no one can accept it.
    """
    body = read_body(tx, suspect.body_digest)
    record = sources.normalise(suspect.key, body, complete=False)
    agenda = open_agenda(tx, ways, only=(), due_only=False, now=now)
    if suspect.record_id not in agenda.rows:
        raise UsageError(f"{suspect.key} is no longer watched; resume the watch first.")
    row = agenda.rows[suspect.record_id]
    latest = latest_of(tx, agenda, row)
    known = Known(version=latest, base=load_base(tx, row, latest)) if latest else None
    reading = Sound(key=row.key, body=body, raw_hash=content_hash(record), record=record)
    at = Circumstance(
        now=now,
        every=agenda.every(row, ways),
        chance=chance(),
        data_timestamp=row.data_timestamp,
        mirror=agenda.is_mirror(row),
        trusted=True,
    )
    suspects.set_state(tx, [suspect.id], suspects.ACCEPTED, now)  # first: what still waits is cleared by the accept
    done, _ = accept(tx, [judge(row, reading, known, at)], agenda, ways.desk, now=now)
    return done[0]
