"""Changes inside posted results: by part, the values that differ, rows known by what names them."""

from __future__ import annotations

from typing import Any

from monitor.diff.compare import compare
from monitor.diff.leaves import differing
from monitor.model.change import Kind
from monitor.model.papers import Results
from tests.diff.conftest import Make, detail_of

EVENTS = "adverseEventsModule"


def posted(**modules: Any) -> Results:
    return Results(has_results=True, modules=modules)


def event(term: str, system: str, **affected: int) -> dict[str, Any]:
    stats = [{"groupId": group, "numAffected": number} for group, number in affected.items()]
    return {"term": term, "organSystem": system, "stats": stats}


def test_a_row_more_at_the_top_does_not_move_the_rows_below(make: Make) -> None:
    rash, fall = event("Rash", "Skin", EG000=3, EG001=4), event("Fall", "Injury", EG000=1)
    before = make(results=posted(**{EVENTS: {"seriousEvents": [rash, fall]}}))
    new, more = event("Cough", "Lung", EG000=9), event("Rash", "Skin", EG001=4, EG000=5)
    (change,) = compare(before, make(results=posted(**{EVENTS: {"seriousEvents": [new, fall, more]}})))
    assert (change.path, change.kind) == (f"results.modules.{EVENTS}", Kind.CHANGED)
    assert detail_of(change)["values"] == [
        {"path": "seriousEvents.Cough", "before": None, "after": new},
        {"path": "seriousEvents.Rash.stats.EG000.numAffected", "before": 3, "after": 5},
    ]


def test_before_and_after_hold_what_differs_and_not_the_whole_part(make: Make) -> None:
    rows = [event(f"Event {n}", "Skin", EG000=n) for n in range(300)]
    changed = [*rows[:-1], event("Event 299", "Skin", EG000=7)]
    old, new = (make(results=posted(**{EVENTS: {"otherEvents": each}})) for each in (rows, changed))
    (change,) = compare(old, new)
    path = "otherEvents.Event 299.stats.EG000.numAffected"
    assert (change.before, change.after) == ({path: 299}, {path: 7})


def test_one_term_in_two_organ_systems_is_two_rows() -> None:
    before = [event("Pain", "Muscle", EG000=1), event("Pain", "Nerves", EG000=2)]
    after = [event("Pain", "Nerves", EG000=2), event("Pain", "Muscle", EG000=8)]
    (leaf,) = differing(before, after)
    assert (leaf.before, leaf.after) == (1, 8)


def test_rows_without_a_name_are_known_by_their_values() -> None:
    first = {"groupIds": ["OG000", "OG001"], "pValue": "0.04", "paramValue": "1.2", "ciPctValue": "95"}
    second = {"groupIds": ["OG000", "OG002"], "pValue": "0.50", "paramValue": "0.9", "ciPctValue": "95"}
    (leaf,) = differing([first, second], [second, {**first, "pValue": "0.05"}])
    assert (leaf.steps[-1], leaf.before, leaf.after) == ("pValue", "0.04", "0.05")


def test_a_row_under_another_title_is_renamed_if_its_values_stayed() -> None:
    values: dict[str, Any] = {
        "unitOfMeasure": "years",
        "paramType": "MEAN",
        "groups": [{"id": "OG000", "value": "61.5"}],
    }
    (leaf,) = differing([{"title": "Age", **values}], [{"title": "Age at entry", **values}])
    assert (leaf.before, leaf.after) == ("Age", "Age at entry")


def test_blanks_repeated_words_and_order_are_no_difference() -> None:
    before: dict[str, Any] = {"groupIds": ["A", "B", "A"], "note": "", "rows": [{"title": "x", "list": []}, {}]}
    assert differing(before, {"groupIds": ["B", "A"], "rows": [{"title": " x "}]}) == []


def test_many_unlike_rows_are_paired_without_holding_each_against_each() -> None:
    old = [{"value": str(n), "spread": str(n * 7)} for n in range(400)]
    new = [{"value": str(n + 1), "spread": str(n * 7)} for n in range(400)]
    assert differing(old, new)


def test_results_that_come_are_told_apart_from_the_notes_that_stood_there(make: Make) -> None:
    notes = {"unpostedAnnotation": {"unpostedEvents": [{"type": "RELEASE", "date": "2025-01-01"}]}}
    before = make(results=Results(has_results=False, annotations=notes))
    after = make(results=Results(has_results=True, modules={EVENTS: {"timeFrame": "1 year"}}, annotations=notes))
    (change,) = compare(before, after)
    assert change.after == {"has_results": True, "modules": {EVENTS: {"timeFrame": "1 year"}}}
