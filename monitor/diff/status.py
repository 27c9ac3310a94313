"""Is the trial open, closed, stopped: one change for what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.diff.fields import value_change
from monitor.diff.found import Found, kind_of
from monitor.diff.reasons import reason_classes
from monitor.diff.sameness import as_json, same
from monitor.model.change import Category, Kind
from monitor.model.json import Json
from monitor.model.record import TrialRecord
from monitor.model.sections import ExpandedAccess, Status

STOPPED = frozenset({"SUSPENDED", "TERMINATED", "WITHDRAWN"})
OPEN = frozenset({"RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"})
SOON = frozenset({"NOT_YET_RECRUITING"})


def status_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """The overall status with its reason and last known state as one change, or what else of the section changed."""
    old, new = before.status, after.status
    if same(old.overall, new.overall):
        yield from _reason(old, new)
        yield from value_change("status.last_known", Category.STATUS, old.last_known, new.last_known)
    else:
        yield _overall(old, new)
    yield from value_change("status.delayed_posting", Category.STATUS, old.delayed_posting, new.delayed_posting)
    yield from _expanded_access(old.expanded_access, new.expanded_access)


def recruits(status: str | None) -> bool:
    """True if people can join now or are to be able to."""
    return status in OPEN or status in SOON


def _overall(old: Status, new: Status) -> Found:
    detail: dict[str, Json] = {"last_known": new.last_known}
    if new.why_stopped or old.why_stopped:
        detail["why_stopped"] = {"before": old.why_stopped, "after": new.why_stopped}
    if new.overall in STOPPED:
        detail["reason"] = new.why_stopped
        detail["reason_classes"] = reason_classes(new.why_stopped)
    if old.last_known:
        detail["was_last_known"] = old.last_known
    return Found(
        event=f"status.{_event(old, new)}",
        category=Category.STATUS,
        path="status.overall",
        kind=kind_of(old.overall, new.overall),
        before=old.overall,
        after=new.overall,
        detail=detail,
    )


def _event(old: Status, new: Status) -> str:
    """What the step from one status to the other means for people."""
    was, now = old.overall, new.overall
    if now == "UNKNOWN":
        return "unknown"
    if now in STOPPED:
        return "stopped"
    if now in OPEN:
        return _opening(old)
    if was in STOPPED:
        return "resumed"
    if now == "COMPLETED":
        return "completed"
    return "closed" if was in OPEN else "changed"


def _opening(old: Status) -> str:
    if old.overall in STOPPED:
        return "resumed"
    if old.overall in SOON or old.overall is None or (old.overall == "UNKNOWN" and old.last_known in SOON):
        return "opened"
    return "switched" if old.overall in OPEN else "reopened"


def _reason(old: Status, new: Status) -> Iterator[Found]:
    if same(old.why_stopped, new.why_stopped):
        return
    before, after = old.why_stopped or None, new.why_stopped or None
    yield Found(
        event="status.reason",
        category=Category.STATUS,
        path="status.why_stopped",
        kind=kind_of(before, after),
        before=before,
        after=after,
        detail={"reason": after, "reason_classes": reason_classes(after), "overall": new.overall},
    )


def _expanded_access(old: ExpandedAccess, new: ExpandedAccess) -> Iterator[Found]:
    """A statement that there is none, made or taken back, is bookkeeping; access that comes or goes is news."""
    if old == new:
        return
    silent = not any((old.has_expanded_access, new.has_expanded_access, old.registry_id, new.registry_id))
    yield Found(
        event="status.expanded_access.silent" if silent else "status.expanded_access",
        category=Category.ADMINISTRATIVE if silent else Category.STATUS,
        path="status.expanded_access",
        kind=Kind.CHANGED if as_json(old) and as_json(new) else kind_of(as_json(old) or None, as_json(new) or None),
        before=as_json(old) or None,
        after=as_json(new) or None,
    )
