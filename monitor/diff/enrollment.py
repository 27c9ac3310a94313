"""How many people: a plan and a final count are two things."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.diff.found import Found, kind_of
from monitor.diff.sameness import as_json
from monitor.model.change import Category
from monitor.model.json import Json
from monitor.model.record import TrialRecord
from monitor.model.sections import Enrollment


def enrollment_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """A new number of people or type: `percent` is the change of a plan, `of_plan` the final count's share."""
    old, new = before.enrollment, after.enrollment
    if old == new:
        return
    detail: dict[str, Json] = {"step": _step(old, new)}
    if old.count and new.count is not None:
        detail |= {"difference": new.count - old.count, "percent": round((new.count - old.count) * 100 / old.count)}
        if detail["step"] == "final":
            detail["of_plan"] = round(new.count * 100 / old.count)
    told_before, told_after = as_json(old) or None, as_json(new) or None
    yield Found(
        event="enrollment.type" if old.count == new.count and detail["step"] != "final" else "enrollment.count",
        category=Category.ENROLLMENT,
        path="enrollment",
        kind=kind_of(told_before, told_after),
        before=told_before,
        after=told_after,
        detail=detail,
    )


def _step(old: Enrollment, new: Enrollment) -> str:
    """given, gone, final (plan to count), recount, replanned (count to plan), plan, number (of no type), or typed."""
    if old.count is None or new.count is None:
        return "typed" if old.count == new.count else ("given" if old.count is None else "gone")
    if new.type == "ACTUAL" and old.type != "ACTUAL":
        return "final" if old.type == "ESTIMATED" else _moved(old, new, "recount")
    if new.type == "ACTUAL":
        return _moved(old, new, "recount")
    if old.type == "ACTUAL" and new.type == "ESTIMATED":
        return "replanned"
    return _moved(old, new, "plan" if new.type == "ESTIMATED" else "number")


def _moved(old: Enrollment, new: Enrollment, step: str) -> str:
    return step if old.count != new.count else "typed"
