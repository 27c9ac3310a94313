"""Criteria: which item became which, and what a cut, a joining, another nesting or another order says."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.diff.compare import compare
from monitor.diff.pieces import pieces
from monitor.diff.rows import flat_rows
from monitor.model.change import Change, Kind
from monitor.model.record import TrialRecord
from monitor.model.sections import Criterion, Eligibility
from monitor.text.criteria import parse_criteria
from tests.diff.conftest import detail_of


def eligibility(raw: str) -> Eligibility:
    tree = parse_criteria(raw)
    return Eligibility(inclusion=tree.inclusion, exclusion=tree.exclusion, other=tree.other, raw=raw)


def changes(before: str, after: str) -> list[Change]:
    old, new = (
        TrialRecord(source="ctgov", registry_id="NCT01234567", url="", eligibility=eligibility(raw))
        for raw in (before, after)
    )
    return list(compare(old, new))


def listed(*items: str, section: str = "Inclusion") -> str:
    return f"{section} Criteria:\n\n" + "\n".join(f"* {item}" for item in items)


CUTS = [
    ("Inclusion", "Adequate marrow function and life expectancy of three months", " and ", "reworded"),
    ("Inclusion", "Adequate marrow function; life expectancy of three months", "; ", "reworded"),
    ("Inclusion", "Failed prior platinum therapy or intolerant of platinum", " or ", "unclear"),
    ("Exclusion", "Active hepatitis B infection or uncontrolled hypertension", " or ", "reworded"),
    ("Exclusion", "Uncontrolled diabetes and proven end-stage renal disease", " and ", "unclear"),
    ("Inclusion", "No history of stroke and recent major abdominal surgery", " and ", "unclear"),
    ("Inclusion", "No history of stroke. Adequate marrow function", ". ", "reworded"),
]


@pytest.mark.parametrize(("section", "whole", "joint", "direction"), CUTS, ids=lambda value: value[:40])
def test_a_cut_and_a_joining_say_only_what_the_joint_says(section: str, whole: str, joint: str, direction: str) -> None:
    first, second = whole.split(joint)
    kept, other = sorted((first, second), key=len, reverse=True)
    one, two = listed("Age", whole, section=section), listed("Age", first, second, section=section)
    cut, joined = changes(one, two), changes(two, one)
    assert [(c.kind, c.before, c.after) for c in cut] == [(Kind.CHANGED, whole, kept), (Kind.ADDED, None, other)]
    assert [(c.kind, c.before, c.after) for c in joined] == [(Kind.CHANGED, kept, whole), (Kind.REMOVED, other, None)]
    assert {c.detail["direction"] for c in (*cut, *joined)} == {direction}


def test_an_item_cut_in_three_is_one_change_and_two_new_items() -> None:
    parts = ("Adequate marrow function", "Adequate renal function of the kidneys", "Adequate liver function")
    told = changes(listed("Age", "; ".join(parts)), listed("Age", *parts))
    assert [c.kind for c in told] == [Kind.CHANGED, Kind.ADDED, Kind.ADDED]
    assert {c.after for c in told} == set(parts)


LAYOUTS = [
    ("* One: first\n* Second item\n* Third item", "1. One: first\n2. Second item\n3. Third item"),
    ("* One: first\n* Second item", "a) One: first\nb) Second item"),
    ("* Parent:\n\n  * Sub one\n  * Sub two\n* Last", "* Parent:\n* Sub one\n* Sub two\n* Last"),
    ("* Age ≥ 18 years\n* ALT ( liver ) / AST", "* Age ≥18 years\n* ALT (liver)/AST"),
    ("* Platelets \\> 5\n* Second item", "* Platelets > 5\n\n\n* Second   item"),
    ("* a. Adults of any age\n* b. Consent", "a. Adults of any age\nb. Consent"),
    ("1. Adults 2. Consent 3. Diagnosis", "* Adults 2. Consent 3. Diagnosis"),
    ("Cohort A:\n\n* Sub one\n* Sub two", "* Cohort A:\n  * Sub one\n  * Sub two"),
]


@pytest.mark.parametrize(("before", "after"), LAYOUTS)
def test_layout_says_nothing(before: str, after: str) -> None:
    assert changes(f"Inclusion Criteria:\n\n{before}", f"Inclusion Criteria:\n\n{after}") == []


NESTED = """Inclusion Criteria:

* Group A has all of:

  * Sub one of A
  * Sub two of A
* Group B has all of:

  * Sub one of B
  * Sub two of B
"""


def test_a_part_that_goes_to_another_item_has_moved() -> None:
    after = NESTED.replace("  * Sub two of A\n", "") + "  * Sub two of A\n"
    (change,) = changes(NESTED, after)
    assert (change.kind, change.before, change.after) == (Kind.MOVED, "Sub two of A", "Sub two of A")
    assert (change.detail["section"], change.detail["from_section"]) == ("inclusion", "inclusion")


def test_all_parts_of_an_item_under_another_one_are_layout() -> None:
    before = "Inclusion Criteria:\n\n* Group A has all of:\n\n  * Sub one\n  * Sub two\n* Group B has none of:\n"
    after = "Inclusion Criteria:\n\n* Group A has all of:\n* Group B has none of:\n\n  * Sub one\n  * Sub two\n"
    assert changes(before, after) == []


def test_the_detail_of_a_changed_item_is_as_promised() -> None:
    text = "Inclusion Criteria:\n\n* All\n\nCohort A:\n\n* ALT ≤ {} x ULN at screening\n* Measurable disease"
    (change,) = changes(text.format("2.5"), text.format("3"))
    detail = detail_of(change)
    assert (change.before, change.after) == ("ALT ≤ 2.5 x ULN at screening", "ALT ≤ 3 x ULN at screening")
    assert (detail["section"], detail["cohort"], detail["direction"]) == ("inclusion", "Cohort A", "looser")
    assert {key: detail["bounds"][0][key] for key in ("before", "after", "unit")} == {
        "before": 2.5,
        "after": 3,
        "unit": "x ULN",
    }
    assert [sign for sign, _ in detail["pieces"]] == ["=", "-", "+", "="]


def test_one_of_two_equal_items_that_goes_is_told_once() -> None:
    (change,) = changes(listed("Adults", "Consent", "Adults"), listed("Adults", "Consent"))
    assert (change.kind, change.before) == (Kind.REMOVED, "Adults")


def test_a_long_list_in_another_order_with_one_edit_is_one_change() -> None:
    items = [f"Criterion {n} on laboratory value {n * 7} within {n} weeks" for n in range(200)]
    mixed = random.Random(1).sample([*items[:99], "Criterion 99 on laboratory value 693 in a month", *items[100:]], 200)
    (change,) = changes(listed(*items), listed(*mixed))
    assert (change.kind, change.before) == (Kind.CHANGED, items[99])


def test_items_that_exchange_their_halves_are_told_once_each() -> None:
    old = ("History of stroke or heart attack within six months", "Any live vaccine taken four weeks before screening")
    new = ("History of stroke or four weeks before screening", "Any live vaccine taken heart attack within six months")
    told = changes(listed("Age", *old), listed("Age", *new))
    assert Counter(c.before for c in told if c.before) == Counter(old)
    assert Counter(c.after for c in told if c.after) == Counter(new)


WORDS = st.sampled_from(
    ["adults", "consent", "no", "prior", "ALT ≥ 18", "years", "or", "and", "unless", "a", "2.5 x ULN"]
)
ITEMS = st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), max_size=8)
MARKS = st.sampled_from(
    ["* ", "- ", "1. ", "a) ", "  * ", "    1. ", "", "\n", "Cohort A:\n\n", "Exclusion Criteria:\n"]
)
TEXTS = st.lists(st.tuples(MARKS, st.lists(WORDS, max_size=6).map(" ".join)).map("".join), max_size=10).map("\n".join)


@settings(deadline=None)
@given(ITEMS, st.randoms(use_true_random=False))
def test_the_order_of_items_says_nothing(items: list[str], chance: random.Random) -> None:
    assert changes(listed(*items), listed(*chance.sample(items, len(items)))) == []


@settings(deadline=None)
@given(st.one_of(st.text(max_size=80), TEXTS), st.one_of(st.text(max_size=80), TEXTS))
def test_the_changes_of_any_two_texts_turn_the_one_into_the_other(before: str, after: str) -> None:
    def keys(raw: str) -> Counter[str]:
        return Counter(row.key.casefold() for row in flat_rows(eligibility(raw)))

    def told(side: str, found: list[Change]) -> Counter[str]:
        texts = (getattr(change, side) for change in found if "direction" in change.detail)
        return Counter(_key(text) for text in texts if text is not None)

    found = changes(before, after)
    assert keys(before) - told("before", found) + told("after", found) == keys(after) + (
        told("before", found) - keys(before)
    )


def _key(text: str) -> str:
    (row,) = flat_rows(Eligibility(other=(_leaf(text),)))
    return row.key.casefold()


def _leaf(text: str) -> Criterion:
    return Criterion(text=text)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join)), st.lists(WORDS, max_size=40))
def test_pieces_hold_both_texts_but_for_their_spaces(before: str, words: list[str]) -> None:
    after = " ".join(words)

    def without(sign: str) -> str:
        return re.sub(r"\s+", "", "".join(text for each, text in pieces(before, after) if each != sign))

    assert without("+") == re.sub(r"\s+", "", before)
    assert without("-") == re.sub(r"\s+", "", after)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=120), TEXTS))
def test_any_text_says_the_same_as_itself(raw: str) -> None:
    assert changes(raw, raw) == []
    assert changes(raw, f"{raw}\n\n") == []


def test_a_changed_item_is_judged_under_the_sentence_that_it_stands_under() -> None:
    before, after = (
        "Inclusion Criteria:\n\n* Age\n* No history of any of the following:\n"
        f"  * Surgery within {weeks} weeks\n  * Stroke"
        for weeks in (4, 2)
    )
    assert [change.detail["direction"] for change in changes(before, after)] == ["looser"]
