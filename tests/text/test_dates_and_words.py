"""Partial dates, slips, and plain words for codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.dates import PartialDate, days_between, show_date, show_slip
from monitor.text.words import phase_words, plain_word, status_word


@pytest.mark.parametrize(
    ("text", "precision", "shown"),
    [("2026", "year", "2026"), ("2026-07", "month", "Jul 2026"), ("2026-09-02", "day", "2 Sep 2026")],
)
def test_a_date_is_read_and_shown_to_its_precision(text: str, precision: str, shown: str) -> None:
    assert PartialDate.parse(text).precision == precision
    assert str(PartialDate.parse(text)) == text
    assert show_date(text) == shown


@pytest.mark.parametrize("text", ["", "2026-13", "2026-02-31", "26-01", "July 2026", "2026-1-1", "0000", "２０２６"])
def test_what_is_no_date_is_refused_and_shown_as_it_is(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (its words vary)
        PartialDate.parse(text)
    assert show_date(text) == text


@pytest.mark.parametrize(
    ("before", "after", "days"),
    [
        ("2026-09-02", "2027-10-29", 422),
        ("2025-11-02", "2024-11-11", -356),
        ("2026-09", "2026-09-15", 0),
        ("2026-09", "2026-10-15", 30),
        ("2026", "2026-05", 0),
        ("2024", "2025", 366),
    ],
)
def test_days_between_dates_are_counted_at_the_coarser_precision(before: str, after: str, days: int) -> None:
    assert days_between(before, after) == days


@given(st.dates(), st.dates())
def test_a_slip_back_is_the_slip_forth_reversed(one: object, other: object) -> None:
    assert days_between(str(one), str(other)) == -days_between(str(other), str(one))


@pytest.mark.parametrize(
    ("days", "shown"), [(1, "1 day"), (-12, "12 days"), (59, "59 days"), (60, "2 months"), (422, "14 months")]
)
def test_a_slip_is_told_in_days_under_sixty_and_in_months_beyond(days: int, shown: str) -> None:
    assert show_slip(days) == shown


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("ACTIVE_NOT_RECRUITING", "Active, not recruiting"),
        ("NOT_YET_RECRUITING", "Not yet recruiting"),
        ("ENROLLING_BY_INVITATION", "Enrolling by invitation"),
        ("UNKNOWN", "Unknown"),
        ("SOME_NEW", "Some new"),
        ("Resting", "Resting"),
        (None, "not stated"),
    ],
)
def test_a_status_has_the_registrys_own_words(code: str | None, word: str) -> None:
    assert status_word(code) == word


@pytest.mark.parametrize(
    ("phases", "words"),
    [
        (("PHASE2", "PHASE1"), "Phase 1/2"),
        (("PHASE3",), "Phase 3"),
        (("EARLY_PHASE1",), "Early phase 1"),
        (("NA",), "Phase not applicable"),
        ((), ""),
    ],
)
def test_phases_are_told_in_their_order(phases: tuple[str, ...], words: str) -> None:
    assert phase_words(phases) == words


@pytest.mark.parametrize(
    ("code", "word"),
    [("SINGLE_GROUP", "Single group"), ("NA", "Not applicable"), ("SOME_NEW", "Some new"), ("", "not stated")],
)
def test_any_other_code_comes_back_readable(code: str, word: str) -> None:
    assert plain_word(code) == word
