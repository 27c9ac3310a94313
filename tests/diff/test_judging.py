"""What a judgement holds beside its direction, and what holds for any two texts."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.diff.bounds import find_bounds
from monitor.diff.directions import judge_change
from monitor.diff.entry import criteria_changes
from monitor.model.record import TrialRecord
from monitor.model.sections import Eligibility

with (Path(__file__).parent / "directions.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t"))
TEXTS = sorted({row[side] for row in ROWS for side in ("before", "after")})
OPPOSITE = {"looser": "tighter", "tighter": "looser"}
FRAGMENTS = (
    *(
        "no",
        "not",
        "unless",
        "except",
        "or",
        "and",
        "must",
        "within",
        "at least",
        "≥",
        "<",
        "18",
        "75",
        "years",
        "weeks",
    ),
    *(
        "x ULN",
        "grade",
        "III",
        "(",
        ")",
        ",",
        ";",
        ".",
        ":",
        "e.g.",
        "are allowed",
        "ALT",
        "ECOG",
        "0-1",
        "1.5 x 10^9/L",
    ),
    *("prior chemotherapy", "\\>", "&lt;", "²", "\u202e", "", "  "),
)
texts = st.one_of(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map(" ".join), st.sampled_from(TEXTS), st.text())


def judged(before: str, after: str, section: str = "inclusion") -> dict[str, Any]:
    (bound,) = judge_change(section, before, after).bounds
    assert isinstance(bound, dict)
    return dict(bound)


@pytest.mark.parametrize(
    ("before", "after", "what", "old", "new", "unit"),
    [
        ("Age 18 to 75 years", "Age 18 to 80 years", "age", 75, 80, "years"),
        ("Patients ≥ 18 years", "Patients ≥ 16 years", "age", 18, 16, "years"),
        ("ALT ≤ 2.5 x ULN", "ALT ≤ 3 x ULN", "ALT", 2.5, 3, "x ULN"),
        ("AST and ALT ≤ 2.5 x ULN", "AST and ALT ≤ 3 x ULN", "AST and ALT", 2.5, 3, "x ULN"),
        ("ECOG 0-1", "ECOG 0-2", "ECOG", 1, 2, None),
        ("Platelets ≥ 75,000/µL", "Platelets ≥ 100 x 10^9/L", "platelets", 75000, 100, "/µL → x 10^9/L"),
        ("Hb > 9 g/dL", "Hb ≥ 9 g/dL", "hemoglobin", "> 9", "≥ 9", "g/dL"),
        ("No chemotherapy within 4 weeks", "No chemotherapy within 2 weeks", "washout", 4, 2, "weeks"),
        ("At least 2 prior lines", "At least one prior line", "prior lines of therapy", 2, 1, None),
        ("Life expectancy > 3 months", "Life expectancy > 6 months", "life expectancy", 3, 6, "months"),
        ("Age ≥ 18 years", "Age 18-75 years", "age", None, 75, "years"),
        ("History of stroke within 6 months", "History of stroke", "History stroke", 6, None, "months"),
        ("CT scan within 28 days", "CT scan within 42 days", "CT scan", 28, 42, "days"),
    ],
)
def test_a_limit_that_moved_is_told_as_it_is_written(  # noqa: PLR0917 (a row)
    before: str, after: str, what: str, old: object, new: object, unit: str | None
) -> None:
    bound = judged(before, after)
    assert (bound["what"], bound["before"], bound["after"], bound["unit"]) == (what, old, new, unit)


@pytest.mark.parametrize(
    "text",
    [
        "CD19 positive disease treated with anti-PD-1 (RECIST 1.1, CTCAE v5.0)",
        "Gleason 7, HER2 3+ disease, Visit 2, Cycle 1 Day 1",
        "Type 2 diabetes, COVID-19 and IL-6 blockade in cohort 2",
        "No longer taking steroids over weeks, up to the investigator",
    ],
)
def test_numbers_that_bound_nothing_are_no_limits(text: str) -> None:
    assert find_bounds(text) == ()


def test_every_limit_of_a_text_is_found() -> None:
    text = (
        "ANC ≥ 1,500/mm3, platelets ≥ 100 × 10⁹/L, BP > 160/100 mmHg, KPS > 60%, NYHA class II-IV, 65+ years, INR ≤ 1.5"
    )
    found = [(bound.what(text), text[bound.start : bound.end]) for bound in find_bounds(text)]
    assert found == [
        ("ANC", "≥ 1,500/mm3"),
        ("platelets", "≥ 100 × 10⁹/L"),
        ("blood pressure", "> 160"),
        ("blood pressure", "/100 mmHg"),
        ("Karnofsky", "> 60%"),
        ("NYHA class", "II-IV"),
        ("age", "65+ years"),
        ("INR", "≤ 1.5"),
    ]


def test_what_stands_under_another_item_is_judged_with_it() -> None:
    change = ("Surgery within 4 weeks", "Surgery within 2 weeks")
    assert judge_change("inclusion", *change).direction == "tighter"
    assert judge_change("inclusion", *change, parent="No history of any of the following:").direction == "looser"


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(["inclusion", "exclusion", "other"]), texts, texts)
def test_any_two_texts_are_judged_and_the_way_back_is_the_opposite(section: str, before: str, after: str) -> None:
    there, back = judge_change(section, before, after), judge_change(section, after, before)
    assert back.direction == OPPOSITE.get(there.direction, there.direction)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_a_text_beside_itself_has_not_changed(text: str) -> None:
    judgement = judge_change("inclusion", text, text)
    assert (judgement.direction, judgement.bounds) == ("reworded", ())


@pytest.mark.parametrize("text", TEXTS)
def test_case_bullets_numbers_and_the_mark_at_the_end_change_nothing(text: str) -> None:
    for other in (text.upper(), text.lower(), f"* {text}", f"1. {text}.", text.replace(" ", "  ")):
        assert judge_change("exclusion", text, other).direction == "reworded", other


@pytest.mark.parametrize("text", ["(" * 100_000, "≥ 18 or " * 12_000, "no, " * 25_000, "ECOG 1, 1" * 10_000])
def test_a_text_that_is_no_criterion_is_not_followed(text: str) -> None:
    assert judge_change("inclusion", text, f"{text} within 4 weeks").direction == "unclear"
    assert judge_change("inclusion", text, text.upper()).direction == "reworded"


@pytest.mark.parametrize(
    ("name", "before", "after", "direction"),
    [
        ("minimum_age", "18 Years", "16 Years", "looser"),
        ("minimum_age", "18 Years", None, "looser"),
        ("minimum_age", "6 Months", "2 Years", "tighter"),
        ("minimum_age", "12 Months", "1 Year", "reworded"),
        ("minimum_age", "4 Weeks", "1 Month", "unclear"),
        ("maximum_age", "75 Years", "70 Years", "tighter"),
        ("maximum_age", None, "70 Years", "tighter"),
    ],
)
def test_structured_ages_are_judged_as_limits(name: str, before: str | None, after: str | None, direction: str) -> None:
    old, new = (
        TrialRecord(source="ctgov", registry_id=None, url="", eligibility=Eligibility(**{name: age}))  # type: ignore[arg-type]  # one of two fields
        for age in (before, after)
    )
    (found,) = criteria_changes(old, new)
    assert (found.before, found.after, found.detail["direction"]) == (before, after, direction)
    bounds = found.detail["bounds"]
    assert isinstance(bounds, list)
    assert [bound["what"] for bound in bounds if isinstance(bound, dict)] == ["age"] * (direction != "reworded")
