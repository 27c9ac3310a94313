"""When the trial starts and ends: slips told apart from days that became known; and the record's bookkeeping."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.diff.found import Found, kind_of
from monitor.diff.sameness import as_json
from monitor.model.change import Category, Kind
from monitor.model.json import Json
from monitor.model.record import TrialRecord
from monitor.model.sections import BOOKKEEPING_DATES, TRIAL_DATES, Dates, StudyDate
from monitor.text.dates import PartialDate, days_between

LONG_SLIP = 60  # days from which a slip is told in months, and is major


def date_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """One change for each of the trial's own dates that moved, came, went, or became actual."""
    moved = {name: _moved(getattr(before.dates, name), getattr(after.dates, name)) for name in TRIAL_DATES}
    for name, detail in moved.items():
        if detail is not None:
            old, new = as_json(getattr(before.dates, name)), as_json(getattr(after.dates, name))
            yield Found(
                event=f"dates.{_weight(name, moved)}",
                category=Category.DATES,
                path=f"dates.{name}",
                kind=kind_of(old, new),
                before=old,
                after=new,
                detail=detail,
            )


def bookkeeping_change(before: Dates, after: Dates) -> Iterator[Found]:
    """All that moved among the record's own dates, as one change; to be told only when nothing else is."""
    moved = [name for name in BOOKKEEPING_DATES if getattr(before, name) != getattr(after, name)]
    if moved:
        yield Found(
            event="bookkeeping",
            category=Category.ADMINISTRATIVE,
            path="dates",
            kind=Kind.CHANGED,
            before={name: as_json(getattr(before, name)) for name in moved},
            after={name: as_json(getattr(after, name)) for name in moved},
            detail={"fields": moved},
        )


def _moved(old: StudyDate | None, new: StudyDate | None) -> dict[str, Json] | None:
    """What happened to one date, or None: `step` is given, gone, reached, reopened, slipped, corrected or precision."""
    if old == new:
        return None
    if old is None or new is None:
        return {"step": "given" if old is None else "gone", "days": None}
    days, finer = _days(old.date, new.date)
    step = _step(old, new, days)
    return {"step": step, "days": days, "direction": _direction(days), "precision_changed": finer}


def _step(old: StudyDate, new: StudyDate, days: int | None) -> str:
    if old.type == "ESTIMATED" and new.type == "ACTUAL":
        return "reached"
    if old.type == "ACTUAL" and new.type == "ESTIMATED":
        return "reopened"
    if days == 0:
        return "precision" if old.date != new.date else "typed"
    return "corrected" if new.type == "ACTUAL" else "slipped"


def _days(old: str, new: str) -> tuple[int | None, bool]:
    """Days moved, and whether the dates are of unlike precision; None for what is no date."""
    try:
        unlike = PartialDate.parse(old).precision != PartialDate.parse(new).precision
        return days_between(old, new), unlike
    except ValueError:
        return None, False


def _direction(days: int | None) -> str | None:
    if not days:
        return None
    return "later" if days > 0 else "earlier"


def _weight(name: str, moved: dict[str, dict[str, Json] | None]) -> str:
    """A slip of months is grave; that of the study's end only if primary completion does not tell it already."""
    detail = moved[name] or {}
    if detail.get("step") in ("precision", "typed"):
        return "precision"
    if not _long(detail) or detail.get("step") in ("reached", "given", "gone"):
        return "small"
    return "small" if name == "completion" and _long(moved["primary_completion"] or {}) else "slip"


def _long(detail: dict[str, Json]) -> bool:
    days = detail.get("days")
    return isinstance(days, int) and abs(days) >= LONG_SLIP and detail.get("step") != "reached"
