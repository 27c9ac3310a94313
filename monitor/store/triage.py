"""What people did about changes. The log is never shortened: a later note takes no earlier one away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import select, update

from monitor.model.triage import Deed, Triage, TriageEntry, TriageNote, TriageState
from monitor.store.tables import changes, triage, triage_log
from monitor.store.transaction import AnyRow, Tx, in_parts
from monitor.store.types import member

_STATES: Final = {Deed.ACKNOWLEDGE: TriageState.ACKNOWLEDGED, Deed.REOPEN: TriageState.OPEN}


def add(tx: Tx, change_ids: Collection[int], entry: TriageEntry) -> None:
    """Do the same about each of these changes, which must be there."""
    known = [{"change_id": number, "state": TriageState.OPEN.value} for number in change_ids]
    tx.insert_new(triage, known, unless=("change_id",))
    values: dict[str, str | None] = {}
    if entry.deed in _STATES:
        values["state"] = _STATES[entry.deed].value
    if entry.deed is Deed.ASSIGN:
        values["assignee"] = entry.text
    for part in in_parts(change_ids) if values else ():
        tx.run(update(triage).where(triage.c.change_id.in_(part)).values(**values))
    row = {"deed": entry.deed.value, "by": entry.by, "at": entry.at, "text": entry.text}
    if change_ids:
        tx.run(triage_log.insert(), [{"change_id": number, **row} for number in change_ids])


def read(tx: Tx, change_ids: Collection[int]) -> Mapping[int, Triage]:
    """How those of these changes stand that somebody did something about."""
    found: dict[int, Triage] = {}
    for part in in_parts(change_ids):
        log: dict[int, list[TriageEntry]] = {}
        for row in tx.run(select(triage_log).where(triage_log.c.change_id.in_(part)).order_by(triage_log.c.id)):
            log.setdefault(row.change_id, []).append(_entry(row))
        for row in tx.run(select(triage).where(triage.c.change_id.in_(part))):
            found[row.change_id] = Triage(
                state=member(TriageState, row.state), assignee=row.assignee, entries=tuple(log.get(row.change_id, ()))
            )
    return found


def newest_note(tx: Tx, record_ids: Collection[int]) -> TriageNote | None:
    """The note that was written last on any change of these records."""
    joined = triage_log.join(changes, changes.c.id == triage_log.c.change_id).join(
        triage, triage.c.change_id == triage_log.c.change_id
    )
    notes = select(triage_log, triage.c.assignee).select_from(joined).where(triage_log.c.deed == Deed.NOTE.value)
    of_records = notes.where(changes.c.record_id.in_(list(record_ids)))
    row = tx.run(of_records.order_by(triage_log.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else TriageNote(text=row.text or "", by=row.by, at=row.at, assignee=row.assignee)


def _entry(row: AnyRow) -> TriageEntry:
    return TriageEntry(deed=member(Deed, row.deed), by=row.by, at=row.at, text=row.text)
