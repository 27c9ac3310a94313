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
    return Cause.SPONSOR if is_updated(before.dates, after.dates) else Cause.REGISTRY


def is_updated(before: Dates, after: Dates) -> bool:
    """True if the record names another day of its last update. A day where none was named before is no new one."""
    days = [(getattr(before, name), getattr(after, name)) for name in _UPDATED]
    return any(old and new and old.date != new.date for old, new in days)


def _dated(dates: Dates) -> bool:
    return dates.last_update_posted is not None or dates.last_update_submitted is not None


def own_cause(found: Found, general: Cause, *, takes_back: bool = False) -> Cause:
    """What only the registry does is its own, even on a day on which the sponsor updated the record.

    What `takes_back` an earlier change is a correction, whoever made it.
    """
    if general is Cause.MIRROR:
        return general
    if _is_the_registry_s(found):
        return Cause.REGISTRY
    return Cause.CORRECTION if takes_back else general


def _is_the_registry_s(found: Found) -> bool:
    if found.path == "status.overall":
        return found.after == "UNKNOWN"
    papers = [paper for paper in (found.before, found.after) if isinstance(paper, Mapping)]
    return found.path == "references.references" and all(paper.get("type") == "DERIVED" for paper in papers)
