"""Trials that no pass has looked at for two intervals: quiet about them says nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.model.json import Json
from monitor.model.version import RecordRow, RecordState
from monitor.pipeline.agenda import Agenda
from monitor.pipeline.troubles import LATE
from monitor.pipeline.ways import Ways
from monitor.store import conditions
from monitor.store.conditions import Raised
from monitor.store.transaction import Tx

INTERVALS = 2
SLACK = timedelta(hours=1)  # for a pass that takes its time


def note_late(tx: Tx, agenda: Agenda, ways: Ways, now: datetime) -> None:
    """Raise what is late, and close what is not any more. What was looked at in vain is told by its own fault."""
    standing = [each for each in conditions.open_conditions(tx) if each.kind == LATE]
    unread = [row for row in agenda.rows.values() if row.id not in agenda.results and row.open_reason is None]
    late = [row for row in unread if _is_late(row, agenda, ways, now)]
    raised = [Raised(key=f"{LATE}:{row.id}", kind=LATE, record_id=row.id, facts=_facts(row, agenda)) for row in late]
    conditions.raise_all(tx, raised, now)
    keys = {each.key for each in raised}
    conditions.recover(tx, [each.key for each in standing if each.key not in keys], now)


def _is_late(row: RecordRow, agenda: Agenda, ways: Ways, now: datetime) -> bool:
    watching = agenda.watches_of(row.id)
    if not watching or row.state in (RecordState.GONE, RecordState.MERGED):
        return False
    since = row.verified_at or max(watch.created_at for watch in watching)
    return now - since > INTERVALS * agenda.every(row, ways) + SLACK


def _facts(row: RecordRow, agenda: Agenda) -> dict[str, Json]:
    since = f"{row.verified_at:%d %b %Y %H:%M} UTC" if row.verified_at else "it was first watched"
    return {"watch": agenda.name(row.id), "message": f"It was not verified since {since}."}
