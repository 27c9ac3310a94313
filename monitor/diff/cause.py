"""Who caused a change, as far as the record shows it."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.diff.found import Found
from monitor.model.change import Cause
from monitor.model.record import TrialRecord
from monitor.model.sections import Dates

_UPDATED = ("last_update_posted", "last_update_submitted")


def cause_of(before: TrialRecord, after: TrialRecord, *, mirror: bool) -> Cause:
    """The sponsor where the record was updated, the registry where it changed without an update.

    A mirror's page shows only the mirror; a record without update dates does not say.
    """
    if mirror:
        return Cause.MIRROR
    if not _dated(before.dates) or not _dated(after.dates):
        return Cause.UNKNOWN
    moved = any(getattr(before.dates, name) != getattr(after.dates, name) for name in _UPDATED)
    return Cause.SPONSOR if moved else Cause.REGISTRY


def _dated(dates: Dates) -> bool:
    return dates.last_update_posted is not None or dates.last_update_submitted is not None


def own_cause(found: Found, general: Cause) -> Cause:
    """What only the registry does is its own, even on a day on which the sponsor updated the record."""
    papers = [paper for paper in (found.before, found.after) if isinstance(paper, Mapping)]
    by_registry = found.path == "references.references" and all(paper.get("type") == "DERIVED" for paper in papers)
    return Cause.REGISTRY if by_registry and general is not Cause.MIRROR else general
