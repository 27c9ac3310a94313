"""The structured half of who can join: ages, sex, healthy volunteers."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.diff.bounds import Bound
from monitor.diff.criteria import item_changes
from monitor.diff.directions import Direction, named
from monitor.diff.fields import text_change, value_change
from monitor.diff.found import Found, kind_of
from monitor.diff.judging.intervals import End, Interval, growth
from monitor.diff.judging.moves import limit_json
from monitor.diff.judging.quantities import quantity_at
from monitor.diff.sameness import same
from monitor.model.change import Category
from monitor.model.json import Json
from monitor.model.record import TrialRecord
from monitor.model.sections import Eligibility


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


def _ages(old: Eligibility, new: Eligibility) -> Iterator[Found]:
    for name in ("minimum_age", "maximum_age"):
        was, now = getattr(old, name), getattr(new, name)
        if not same(was, now):
            limits = [_age_limit(age, lowest=name == "minimum_age") for age in (was, now)]
            direction = _direction(*limits)
            told = list(limit_json("", "", *limits, what="age"))
            yield _structured(f"eligibility.{name}", was or None, now or None, direction, told)


def _age_limit(age: str | None, *, lowest: bool) -> Bound | None:
    """ "18 Years" as a limit; None for no limit and for what is no age."""
    quantity = quantity_at(age.strip(), 0) if age else None
    if not quantity or quantity.kind != "time":
        return None
    ends = Interval(End(quantity), None) if lowest else Interval(None, End(quantity))
    return Bound(ends, ends, 0, quantity.end)


def _direction(old: Bound | None, new: Bound | None) -> Direction:
    grown = growth(*(bound.interval if bound else Interval(None, None) for bound in (old, new)))
    return "unclear" if grown is None else named(grown, same="reworded")


def _sex(old: Eligibility, new: Eligibility) -> Iterator[Found]:
    if same(old.sex, new.sex):
        return
    direction: Direction = "unclear"
    if new.sex == "ALL" and old.sex:
        direction = "looser"
    elif old.sex == "ALL" and new.sex:
        direction = "tighter"
    yield _structured("eligibility.sex", old.sex, new.sex, direction)


def _volunteers(old: Eligibility, new: Eligibility) -> Iterator[Found]:
    was, now = old.healthy_volunteers, new.healthy_volunteers
    if was != now:
        direction: Direction = "unclear" if None in (was, now) else ("looser" if now else "tighter")
        yield _structured("eligibility.healthy_volunteers", was, now, direction)


def _structured(path: str, before: Json, after: Json, direction: Direction, bounds: list[Json] | None = None) -> Found:
    return Found(
        event=f"criteria.{direction}",
        category=Category.CRITERIA,
        path=path,
        kind=kind_of(before, after),
        before=before,
        after=after,
        detail={"section": "other", "cohort": None, "direction": direction, "bounds": bounds or [], "pieces": []},
    )
