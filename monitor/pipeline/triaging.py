"""What people do about changes: seen, noted, given to somebody. Short transactions, beside any run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from monitor.errors import MonitorError, UsageError
from monitor.model.change import StoredChange
from monitor.model.triage import Deed, TriageEntry, TriageNote
from monitor.model.version import RecordRow
from monitor.store import changes, records, triage
from monitor.store.transaction import Tx
from monitor.text.clean import harmless

LONGEST_NOTE: Final = 1_000  # characters: it stands in a message below the changes
LONGEST_NAME: Final = 80


def do(
    tx: Tx, change_ids: Sequence[int], deed: Deed, *, by: str, now: datetime, text: str | None = None
) -> tuple[StoredChange, ...]:
    """Do the same about each of these changes, or nothing at all; the changes.

    `text` is a note, or the name of whom they are assigned to. Raises UsageError for a text or name that cannot be
    kept, MonitorError where a change is not there.
    """
    entry = TriageEntry(deed=deed, by=name_of(by), at=now, text=_text_of(deed, text))
    found = changes.history(tx, ids=change_ids)
    known = {stored.id for stored in found}
    missing = [str(number) for number in dict.fromkeys(change_ids) if number not in known]
    if missing:
        raise MonitorError(
            f"There is no change {', '.join(missing)}; nothing was done. To see the numbers: trial-monitor triage list"
        )
    triage.add(tx, sorted(known), entry)
    return found


def name_of(text: str) -> str:
    """A person's name as it is kept: one line, no control characters. Raises UsageError for none, or a long one."""
    name = " ".join(harmless(text).split())
    if not name:
        raise UsageError("A name is needed: say who with --by NAME.")
    if len(name) > LONGEST_NAME:
        raise UsageError(f"A name may have {LONGEST_NAME} characters; this has {len(name)}.")
    return name


def _text_of(deed: Deed, text: str | None) -> str | None:
    if deed is Deed.ASSIGN:
        return name_of(text or "")
    if deed is not Deed.NOTE:
        return None
    note = " ".join(harmless(text or "").split())
    if not note:
        raise UsageError("The note is empty.")
    if len(note) > LONGEST_NOTE:
        raise UsageError(f"A note may have {LONGEST_NOTE} characters; this has {len(note)}.")
    return note


def note_on(tx: Tx, row: RecordRow) -> TriageNote | None:
    """The newest note on the trial of a record, on whichever of its sources it was written."""
    several = records.by_registry_id(tx, row.registry_id) if row.registry_id else ()
    return triage.newest_note(tx, {row.id, *(each.id for each in several)})
