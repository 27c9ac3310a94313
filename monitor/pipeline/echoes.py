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
from monitor.model.version import RecordRow, RecordState
from monitor.pipeline import facts
from monitor.pipeline.accept import ECHO_PATIENCE, followers
from monitor.pipeline.agenda import Agenda
from monitor.pipeline.baseline import load_base, load_record
from monitor.pipeline.drafts import Draft
from monitor.pipeline.ground import BARE
from monitor.pipeline.triaging import note_on
from monitor.pipeline.ways import Desk
from monitor.route.mutes import Silence, split_muted
from monitor.route.plan import pick_changes
from monitor.store import changes, mutes, versions
from monitor.store.transaction import Tx

REASON = "the page has said so for three days, and ClinicalTrials.gov does not"


def plan_echoes(tx: Tx, agenda: Agenda, desk: Desk, now: datetime) -> list[PlannedAlert]:
    """Alerts for the changes of pages whose wait is over and which the registry still does not state.

    A page whose watches are paused goes on waiting, and so does one whose registry record was not read since the
    wait was over; one that lost its registry record tells all. What the page itself took back is told no more, nor
    what the registry had said meanwhile: its readers heard that, and the page is merely late.
    """
    planned: list[PlannedAlert] = []
    for record_id, waiting in groupby(changes.open_echoes(tx, now), key=lambda stored: stored.record_id):
        page = agenda.rows.get(record_id)
        registry = _registry_row(agenda, page) if page else None
        several = [stored for stored in waiting if page and _is_answered(registry, stored, now)]
        if page is None or not several:
            continue
        planned += _tell(tx, page, _differing(tx, page, registry, several), agenda, desk, now=now)
        changes.close_echo(tx, [stored.id for stored in several])
    return planned


def _registry_row(agenda: Agenda, page: RecordRow) -> RecordRow | None:
    rows = (agenda.registry_row(watch) for watch in agenda.watches_of(page.id))
    return next((row for row in rows if row and row.latest is not None), None)


def _is_answered(registry: RecordRow | None, stored: StoredChange, now: datetime) -> bool:
    """True if the registry was read when the wait was over, or can no longer be.

    A change that was seen in the future was seen by another clock: nobody can say when its wait was over.
    """
    if registry is None or registry.state is not RecordState.LIVE or stored.observed_at > now:
        return True
    return registry.verified_at is not None and registry.verified_at >= stored.observed_at + ECHO_PATIENCE


def _differing(
    tx: Tx, page: RecordRow, registry: RecordRow | None, several: Sequence[StoredChange]
) -> list[StoredChange]:
    left = [stored for stored in several if not (registry and _was_said(tx, registry, stored))]
    shown = _base_of(tx, page) if any(stored.to_version != page.latest for stored in left) else None
    if shown is None:
        return left
    later = changes.history(tx, record_ids=[page.id])
    return [stored for stored in left if not _was_taken_back(stored, later, shown)]


def _was_said(tx: Tx, registry: RecordRow, stored: StoredChange) -> bool:
    """True if the registry says it, or said it after the page was last seen without it and has moved on since."""
    before = versions.get(tx, stored.record_id, stored.from_version)
    for version in reversed(versions.list_versions(tx, registry.id)):
        if registry_agrees(stored.change, load_base(tx, registry, version)):
            return True
        if before is None or version.observed_at <= before.observed_at:
            return False  # older ones were history when the page was last seen without it
    return False


def _was_taken_back(stored: StoredChange, later: Sequence[StoredChange], shown: TrialRecord) -> bool:
    """True if the page has changed the same thing since, and no longer says what it said by this change."""
    again = any(other.to_version > stored.to_version and other.change.path == stored.change.path for other in later)
    return again and not registry_agrees(stored.change, shown)


def _base_of(tx: Tx, row: RecordRow) -> TrialRecord | None:
    version = versions.latest(tx, [row.id]).get(row.id)
    return load_base(tx, row, version) if version else None


def _tell(
    tx: Tx, row: RecordRow, differing: Sequence[StoredChange], agenda: Agenda, desk: Desk, *, now: datetime
) -> list[PlannedAlert]:
    """Like any change: at once or in a digest, unless it is muted."""
    planned: list[PlannedAlert] = []
    note = note_on(tx, row)
    for to_version, group in groupby(differing, key=lambda stored: stored.to_version):
        several = tuple(group)
        version = versions.get(tx, row.id, to_version)
        if version is None:
            continue
        watching, rules = followers(row, agenda, desk)
        before = several[0].from_version
        # Stored as administrative while it was only an echo; by now it is news of its own.
        news = [replace(stored.change, cause=Cause.UNKNOWN, severity=Severity.MINOR) for stored in several]
        record = load_record(tx, row, version)
        draft = Draft(
            record_id=row.id,
            before=before,
            version=to_version,
            header=facts.trial_header(row, record, watching, desk, compare=(before, to_version)),
            record=record,
            origin=facts.origin_facts(version, before),
            changes=news,
            ids=[stored.id for stored in several],
            note=note,
        )
        silence = Silence(mutes=mutes.in_force(tx, now), watches=watching, names=row.names, ground=BARE)
        picks = pick_changes(news, rules, desk.recipients, BARE)
        told, muted = split_muted(picks, news, silence, desk)
        for pick in (*told, *muted):
            why = replace(pick, reasons=(REASON, *pick.reasons))
            planned.append(draft.alert(AlertKind.CHANGE, why, pick.slot(now), muted=pick in muted))
    return planned
