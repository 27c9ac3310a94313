"""The sentences of `only`, read and written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.model.place import Point
from monitor.route.conditions import (
    FORMS,
    BadCondition,
    Condition,
    CriteriaMention,
    DateMoves,
    EnrollmentMoves,
    SitesIn,
    SitesNear,
    parse_condition,
)
from tests.route.changes import conditions


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("enrollment changes by at least 10 %", EnrollmentMoves(Decimal(10), "%")),
        ("Enrolment changes at least 2.50 percent.", EnrollmentMoves(Decimal("2.5"), "%")),
        ("enrollment changes by at least 50 people", EnrollmentMoves(Decimal(50), "people")),
        ("a date slips at least 30 days", DateMoves(None, 30, either_way=False)),
        ("any date moves by at least 1 day", DateMoves(None, 1, either_way=True)),
        ("the primary completion date slips at least 60 days", DateMoves("primary_completion", 60, either_way=False)),
        ("START moves at least 030 days", DateMoves("start", 30, either_way=True)),
        ("completion slips at least 7 days", DateMoves("completion", 7, either_way=False)),
        ("sites in France,  Germany, France", SitesIn(("France", "Germany"))),
        ("sites within 100 km of 48.8566, 2.3522", SitesNear(Decimal(100), "km", Point(48.8566, 2.3522))),
        ("sites within 62.1 mile of -0,-180", SitesNear(Decimal("62.1"), "miles", Point(0.0, -180.0))),
        ("criteria mention pneumonitis, CAR-T", CriteriaMention(("pneumonitis", "CAR-T"))),
        ("criteria mention “lung disease”", CriteriaMention(("“lung disease”",))),
    ],
)
def test_a_sentence_says_what_a_person_reads_in_it(text: str, condition: Condition) -> None:
    assert parse_condition(text) == condition


def test_the_forms_that_a_fault_shows_are_read() -> None:
    assert {type(parse_condition(form)) for form in FORMS} == {*Condition.__args__}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no condition"),
        ("enrollment changes by 10 %", "no condition"),
        ("enrollment changes by at least -10 %", "no condition"),
        ("enrollment changes by at least 1e9 %", "no condition"),
        ("enrollment changes by at least 0.000 %", "above 0"),
        ("a date slips at least 2.5 days", "no condition"),
        ("a date slips at least ٣ days", "no condition"),
        ("a date slips at least 0 days", "above 0"),
        ("last update slips at least 3 days", "no condition"),
        ("sites within 10 km of Paris", "no condition"),
        ("sites within 10 km of 90.1, 0", "90.1 is no latitude"),
        ("sites within 10 km of 0, -181", "-181 is no longitude"),
        ("sites within 0 km of 0, 0", "above 0"),
        ("sites in", "no condition"),
        ("sites in France,", "without a letter"),
        ("criteria mention -, x", "without a letter"),
        ("x" * 500, "…"),
    ],
)
def test_what_is_no_condition_is_said(text: str, said: str) -> None:
    with pytest.raises(BadCondition, match=said) as caught:
        parse_condition(text)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 160


@given(conditions)
def test_a_condition_written_and_read_is_the_same(condition: Condition) -> None:
    assert parse_condition(str(condition)) == condition
    assert hash(parse_condition(str(condition))) == hash(condition)


STARTS = (
    "enrollment changes by at least ",
    "a date slips at least ",
    "sites in ",
    "sites within ",
    "criteria mention ",
)


@given(st.text() | st.builds("".join, st.tuples(st.sampled_from(STARTS), st.text())))
@example("criteria mention b, a., b")
@example("criteria mention ͺ")
@example("ſites in x")
@example("sites within 1 Km of 1, 1")
def test_any_text_is_a_condition_that_can_be_written_or_a_fault(text: str) -> None:
    try:
        condition = parse_condition(text)
    except BadCondition:
        return
    assert parse_condition(str(condition)) == condition
