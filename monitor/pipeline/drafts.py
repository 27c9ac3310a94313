"""Alerts about one update of a record: what they share, and what is each recipient's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.model.alert import AlertKind, PlannedAlert
from monitor.model.change import Change, Severity
from monitor.model.json import JsonObject
from monitor.model.message import TrialHeader
from monitor.model.record import TrialRecord
from monitor.model.triage import TriageNote
from monitor.pipeline import facts
from monitor.route.plan import Pick


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What all alerts about an update have in common. `ids` are those of `changes` in the log, in the same order."""

    record_id: int
    before: int
    version: int
    header: TrialHeader
    record: TrialRecord
    origin: JsonObject
    changes: Sequence[Change]
    ids: Sequence[int]
    note: TriageNote | None = None

    def alert(
        self, kind: AlertKind, pick: Pick, slot: tuple[str, datetime] | None = None, *, muted: bool = False
    ) -> PlannedAlert:
        """What one recipient is told: in the digest of this `slot` (its schedule, and when it is due), or at once."""
        told = facts.change_facts(self.header, self.record, self.changes, pick.reasons, self.origin, note=self.note)
        return PlannedAlert(
            kind=kind,
            recipient=pick.recipient,
            facts={**told, "muted": pick.muted} if pick.muted else told,
            record_id=self.record_id,
            from_version=self.before,
            to_version=self.version,
            change_ids=tuple(self.ids[n] for n in pick.changes),
            critical=any(self.changes[n].severity is Severity.CRITICAL for n in pick.changes),
            schedule=slot[0] if slot else None,
            due_at=slot[1] if slot else None,
            muted=muted,
        )
