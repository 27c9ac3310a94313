"""What a mirror's page says otherwise than the registry, for longer than its usual delay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from monitor.diff.mirror import registry_agrees
from monitor.model.alert import AlertKind, PlannedAlert
from monitor.model.change import Cause, Severity, StoredChange
from monitor.model.record import TrialRecord
from monitor.model.version import RecordRow
from monitor.pipeline import facts
from monitor.pipeline.accept import followers
from monitor.pipeline.agenda import Agenda
from monitor.pipeline.baseline import load_base, load_record
from monitor.pipeline.ways import Desk
from monitor.route.plan import pick_changes
from monitor.store import changes, versions
from monitor.store.transaction import Tx

REASON = "the page has said so for three days, and ClinicalTrials.gov does not"


def plan_echoes(tx: Tx, agenda: Agenda, desk: Desk, now: datetime) -> list[PlannedAlert]:
    """Alerts for the changes of pages whose wait is over and which the registry still does not state.

    A page whose watches are paused goes on waiting; one that lost its registry record tells all.
    """
    planned: list[PlannedAlert] = []
    for record_id, waiting in groupby(changes.open_echoes(tx, now), key=lambda stored: stored.record_id):
        row, several = agenda.rows.get(record_id), tuple(waiting)
        if row is None:
            continue
        registry = _registry_of(tx, agenda, row)
        differing = [stored for stored in several if not (registry and registry_agrees(stored.change, registry))]
        planned += _tell(tx, row, differing, agenda, desk)
        changes.close_echo(tx, [stored.id for stored in several])
    return planned


def _registry_of(tx: Tx, agenda: Agenda, page: RecordRow) -> TrialRecord | None:
    for watch in agenda.watches_of(page.id):
        row = agenda.registry_row(watch)
        version = versions.latest(tx, [row.id]).get(row.id) if row else None
        if row and version:
            return load_base(tx, row, version)
    return None


def _tell(tx: Tx, row: RecordRow, differing: Sequence[StoredChange], agenda: Agenda, desk: Desk) -> list[PlannedAlert]:
    planned: list[PlannedAlert] = []
    for to_version, group in groupby(differing, key=lambda stored: stored.to_version):
        several = tuple(group)
        version = versions.get(tx, row.id, to_version)
        if version is None:
            continue
        watching, rules = followers(row, agenda, desk)
        before = several[0].from_version
        # Stored as administrative while it was only an echo; by now it is news of its own.
        news = [replace(stored.change, cause=Cause.UNKNOWN, severity=Severity.MINOR) for stored in several]
        header = facts.trial_header(row, load_record(tx, row, version), watching, desk, compare=(before, to_version))
        planned += [
            PlannedAlert(
                kind=AlertKind.CHANGE,
                recipient=pick.recipient,
                facts=facts.change_facts(
                    header,
                    load_record(tx, row, version),
                    news,
                    (REASON, *pick.reasons),
                    facts.origin_facts(version, before),
                ),
                record_id=row.id,
                from_version=before,
                to_version=to_version,
                change_ids=tuple(several[n].id for n in pick.changes),
            )
            for pick in pick_changes(news, rules, desk.recipients)
        ]
    return planned
