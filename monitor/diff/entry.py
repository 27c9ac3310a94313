"""The structured half of who can join: ages, sex, healthy volunteers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.diff.criteria import item_changes
from monitor.diff.fields import text_change, value_change
from monitor.diff.found import Found, kind_of
from monitor.diff.sameness import same
from monitor.model.change import Category
from monitor.model.json import Json
from monitor.model.record import TrialRecord
from monitor.model.sections import Eligibility

_AGE = re.compile(r"(\d+)\s*(year|month|week|day|hour|minute)", re.IGNORECASE)
_DAYS = {"year": 365.25, "month": 30.4375, "week": 7.0, "day": 1.0, "hour": 1 / 24, "minute": 1 / 1440}


def criteria_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """Every difference in who can join, the raw text's layout aside."""
    old, new = before.eligibility, after.eligibility
    yield from _ages(old, new)
    yield from _sex(old, new)
    yield from _volunteers(old, new)
    for name in ("gender_based", "gender_description", "study_population", "sampling_method"):
        path, values = f"eligibility.{name}", (getattr(old, name), getattr(new, name))
        worded = all(isinstance(value, str) for value in values)
        change = (
            text_change(path, Category.CRITERIA, *values) if worded else value_change(path, Category.CRITERIA, *values)
        )
        for found in change:
            yield _structured(path, found.before, found.after, "reworded" if found.event != path else "unclear")
    yield from item_changes(old, new)


def age_in_days(age: str | None) -> float | None:
    """ "18 Years" in days; None for no limit or what is no age."""
    found = _AGE.search(age or "")
    return int(found[1]) * _DAYS[found[2].lower()] if found else None


def _ages(old: Eligibility, new: Eligibility) -> Iterator[Found]:
    for name, sign in (("minimum_age", -1), ("maximum_age", 1)):
        was, now = getattr(old, name), getattr(new, name)
        if not same(was, now):
            first, second = age_in_days(was), age_in_days(now)
            grows = sign * _step(first, second, endless=sign)
            direction = "reworded" if grows == 0 else ("looser" if grows > 0 else "tighter")
            bounds: list[Json] = [{"what": name.replace("_", " "), "before": was, "after": now, "unit": None}]
            yield _structured(f"eligibility.{name}", was or None, now or None, direction, bounds)


def _step(first: float | None, second: float | None, *, endless: int) -> int:
    """-1, 0 or 1 as the limit moves down, not at all or up; no limit lies beyond all numbers on its side."""
    far = endless * float("inf")
    low, high = (far if first is None else first), (far if second is None else second)
    return (high > low) - (high < low)


def _sex(old: Eligibility, new: Eligibility) -> Iterator[Found]:
    if same(old.sex, new.sex):
        return
    direction = "unclear"
    if new.sex == "ALL" and old.sex:
        direction = "looser"
    elif old.sex == "ALL" and new.sex:
        direction = "tighter"
    yield _structured("eligibility.sex", old.sex, new.sex, direction)


def _volunteers(old: Eligibility, new: Eligibility) -> Iterator[Found]:
    was, now = old.healthy_volunteers, new.healthy_volunteers
    if was != now:
        direction = "unclear" if None in (was, now) else ("looser" if now else "tighter")
        yield _structured("eligibility.healthy_volunteers", was, now, direction)


def _structured(path: str, before: Json, after: Json, direction: str, bounds: list[Json] | None = None) -> Found:
    return Found(
        event=f"criteria.{direction}",
        category=Category.CRITERIA,
        path=path,
        kind=kind_of(before, after),
        before=before,
        after=after,
        detail={"section": "other", "cohort": None, "direction": direction, "bounds": bounds or [], "pieces": []},
    )
