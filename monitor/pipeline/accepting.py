"""What a person decides about a body kept aside: to accept it as the next version, or to discard it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from monitor import sources
from monitor.errors import MonitorError, UsageError
from monitor.model.reading import Sound
from monitor.model.version import SuspectRow
from monitor.pipeline.accept import Accepted, accept
from monitor.pipeline.agenda import Agenda, latest_of, open_agenda
from monitor.pipeline.baseline import changes_of_late, load_base
from monitor.pipeline.bursts import held_alike
from monitor.pipeline.guards import keep_persons
from monitor.pipeline.judge import Circumstance, Known, judge
from monitor.pipeline.ways import Ways
from monitor.store import suspects
from monitor.store.transaction import Tx
from monitor.store.versions import read_body
from monitor.text.canonical import content_hash


def chosen(tx: Tx, numbers: Sequence[int], *, with_alike: bool = False) -> list[SuspectRow]:
    """The bodies kept aside under these numbers, each once. Raises MonitorError for one that waits for no decision.

    `with_alike` adds to each what `alike` does.
    """
    rows = [_waiting(tx, number) for number in dict.fromkeys(numbers)]
    return alike(tx, rows) if with_alike else rows


def _waiting(tx: Tx, number: int) -> SuspectRow:
    suspect = suspects.get(tx, number)
    if suspect is None:
        raise MonitorError(f"There is nothing kept aside under {number}. To see what is: trial-monitor suspect")
    if suspect.state != suspects.WAITING:
        raise MonitorError(f"{number} is {suspect.state} already; nothing was done.")
    return suspect


def alike(tx: Tx, several: Sequence[SuspectRow]) -> list[SuspectRow]:
    """The bodies, and with each all that waits because of the same burst. Raises UsageError for one held for none."""
    wanted = {row.id: row for row in several}
    waiting = suspects.waiting(tx)
    for row in several:
        held = held_alike(tx, row.record_id)
        if not held:
            raise UsageError(f"{row.id} was kept aside for itself: there is none like it.")
        own = {each.record_id for each in wanted.values()}
        wanted |= {other.id: other for other in waiting if other.record_id in held - own}
    return list(wanted.values())


def accept_suspects(
    tx: Tx, several: Sequence[SuspectRow], ways: Ways, *, now: datetime, chance: Callable[[], float]
) -> list[Accepted]:
    """Make each body kept aside the next version of its record, with the changes and alerts that follow.

    Raises NotARecord, with the reasons, if one cannot be read as a record at all: then no one can accept it.
    """
    agenda = open_agenda(tx, ways, only=(), due_only=False, now=now)
    return [_accept(tx, suspect, agenda, ways, now, chance) for suspect in several]


def _accept(  # noqa: PLR0917 (one suspect in the midst of many)
    tx: Tx, suspect: SuspectRow, agenda: Agenda, ways: Ways, now: datetime, chance: Callable[[], float]
) -> Accepted:
    body = read_body(tx, suspect.body_digest)
    record = sources.normalise(suspect.key, body, complete=False)
    if suspect.record_id not in agenda.rows:
        raise UsageError(f"{suspect.key} is no longer watched; resume the watch first.")
    row = agenda.rows[suspect.record_id]
    latest = latest_of(tx, agenda, row)
    found = Sound(key=row.key, body=body, raw_hash=content_hash(record), record=record)
    reading = keep_persons(tx, found, latest)
    known = None
    if latest and isinstance(reading, Sound):
        earlier = changes_of_late(tx, row, latest, ways.correction_within, now)
        known = Known(version=latest, base=load_base(tx, row, latest, reading.body.level), earlier=earlier)
    at = Circumstance(
        now=now,
        every=agenda.every(row, ways),
        chance=chance(),
        data_timestamp=row.data_timestamp,
        mirror=agenda.is_mirror(row),
        trusted=True,
        severities=ways.severities,
    )
    if not suspects.set_state(tx, [suspect.id], suspects.ACCEPTED, now):  # first: the accept clears what still waits
        raise UsageError(f"{suspect.id} and another body are of the same trial, {suspect.key}: accept one of them.")
    (done,), _ = accept(tx, [judge(row, reading, known, at)], agenda, ways.desk, now=now)
    agenda.add(done.row)
    if done.version:
        agenda.latest[row.id] = done.version
    return done
