"""The end of a pass: welcomes, the mirror's echoes that outlasted our patience, the operator's notice, coverage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from monitor.errors import NotARecord
from monitor.model.alert import AlertKind, PlannedAlert, Recipient
from monitor.model.coverage import Coverage
from monitor.model.json import Json
from monitor.model.message import TrialHeader
from monitor.model.version import RecordRow
from monitor.pipeline import facts
from monitor.pipeline.accept import ECHO_PATIENCE, followers
from monitor.pipeline.agenda import Agenda, latest_of
from monitor.pipeline.baseline import load_record
from monitor.pipeline.echoes import plan_echoes
from monitor.pipeline.lateness import note_late
from monitor.pipeline.notices import plan_notice
from monitor.pipeline.ways import Desk, Ways
from monitor.route.plan import all_addressed
from monitor.store import alerts, passes, plans, records, waits
from monitor.store.transaction import Tx


def close_pass(tx: Tx, agenda: Agenda, ways: Ways, coverage: Coverage, *, now: datetime) -> int:
    """Store what a pass as a whole has to say; how many alerts that planned."""
    desk = ways.desk
    waits.bound(tx, now, echoes=ECHO_PATIENCE)
    note_late(tx, agenda, ways, now)
    echoes = plan_echoes(tx, agenda, desk, now)
    plans.expect(tx, echoes, late=True)
    planned = [
        *plan_welcomes(tx, agenda, desk, now),
        *echoes,
        *plan_notice(tx, agenda, desk, coverage, now),
    ]
    if coverage.due:  # a look at what is due that finds nothing is no pass
        passes.add(tx, coverage)
    return len(alerts.plan(tx, planned, now)) if planned else 0


def plan_welcomes(tx: Tx, agenda: Agenda, desk: Desk, now: datetime) -> list[PlannedAlert]:
    """One message for each recipient, naming the new watches and the state of each.

    What is new is read from the store, so that a pass that died after first sight is made up for by the next one.
    """
    fresh = [row for row in records.unwelcomed(tx) if agenda.watches_of(row.id)]
    if not fresh:
        return []
    by_recipient: dict[Recipient, dict[int, RecordRow]] = {}
    for row in _one_for_each_trial(fresh, agenda):
        for recipient in all_addressed(followers(row, agenda, desk)[1], desk.recipients):
            by_recipient.setdefault(recipient, {})[row.id] = row
    headers = {row.id: _header(tx, row, agenda, desk) for rows in by_recipient.values() for row in rows.values()}
    records.mark_welcomed(tx, [row.id for row in fresh], now)
    return [_welcome(recipient, rows, headers, now) for recipient, rows in by_recipient.items()]


def _one_for_each_trial(fresh: Iterable[RecordRow], agenda: Agenda) -> list[RecordRow]:
    """A page that is watched together with the registry's record is welcomed as that record."""
    return [row for row in fresh if not agenda.is_mirror(row)]


def _header(tx: Tx, row: RecordRow, agenda: Agenda, desk: Desk) -> TrialHeader:
    """As it was seen in this pass; a record that an earlier, broken-off pass saw first is parsed again."""
    if row.id in agenda.headers:
        return agenda.headers[row.id]
    watching = agenda.watches_of(row.id)
    version = latest_of(tx, agenda, row)
    try:
        record = load_record(tx, row, version) if version else None
    except NotARecord:  # by a newer parser: what is known of the trial beside it will do
        record = None
    if record is None:
        return facts.bare_header(row, watching, desk)
    return facts.trial_header(row, record, watching, desk)


def _welcome(
    recipient: Recipient, rows: Mapping[int, RecordRow], headers: Mapping[int, TrialHeader], now: datetime
) -> PlannedAlert:
    trials: list[Json] = [facts.header_json(headers[number]) for number in sorted(rows)]
    return PlannedAlert(
        kind=AlertKind.WELCOME,
        recipient=recipient,
        facts={"trials": trials},
        condition=f"welcome:{now.isoformat()}",
    )
