"""What goes back to a value that stood a few days ago is a correction, and says so."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from monitor.diff.compare import compare
from monitor.diff.correction import Earlier
from monitor.model.change import Cause, Change
from monitor.model.people import Contact, Contacts, Locations, Site
from monitor.model.record import TrialRecord
from monitor.model.sections import Conditions, Dates, Enrollment, Status, StudyDate
from tests.diff.conftest import Make, detail_of
from tests.diff.generated import pairs


def story(*records: TrialRecord, apart: int = 2) -> list[tuple[Change, ...]]:
    """The changes of each step, as a monitor finds them that looks every `apart` days and remembers a week."""
    steps: list[tuple[Change, ...]] = []
    for before, after in pairwise(records):
        past = [
            Earlier(id=100 + n, days=(len(steps) - n) * apart, change=change)
            for n in reversed(range(len(steps)))
            for change in steps[n]
        ]
        steps.append(compare(before, after, earlier=[each for each in past if each.days <= 7]))
    return steps


def seen(make: Make, section: str, *states: Any) -> list[TrialRecord]:
    """A record on several days, updated on each."""
    if section == "dates":
        return [
            make(dates=Dates(primary_completion=state, last_update_posted=StudyDate(date=f"2026-02-0{n}")))
            for n, state in enumerate(states, 1)
        ]
    return [make(posted=f"2026-02-0{n}", **{section: state}) for n, state in enumerate(states, 1)]


def test_a_date_that_goes_back_is_told_as_corrected(make: Make) -> None:
    first, second = StudyDate(date="2024-11-11", type="ACTUAL"), StudyDate(date="2025-11-02", type="ACTUAL")
    _, (change,) = story(*seen(make, "dates", first, second, first))
    assert change.cause is Cause.CORRECTION
    assert change.sentence == (
        "Primary completion date corrected to 11 Nov 2024. Two days earlier it was given as 2 Nov 2025."
    )
    assert change.strong == ("corrected to 11 Nov 2024",)
    assert change.detail["takes_back"] == {"change": 100, "days": 2}


def test_back_and_forth_and_back_are_three_true_changes(make: Make) -> None:
    first, second = StudyDate(date="2026-05-01", type="ESTIMATED"), StudyDate(date="2026-07-01", type="ESTIMATED")
    steps = story(*seen(make, "dates", first, second, first, second))
    assert [[change.cause for change in step] for step in steps] == [
        [Cause.SPONSOR],
        [Cause.CORRECTION],
        [Cause.CORRECTION],
    ]
    assert [step[0].sentence for step in steps[1:]] == [
        "Primary completion date corrected to 1 May 2026. Two days earlier it was given as 1 Jul 2026.",
        "Primary completion date corrected to 1 Jul 2026. Two days earlier it was given as 1 May 2026.",
    ]


def test_going_back_over_several_steps_takes_back_the_last_of_them(make: Make) -> None:
    steps = story(*seen(make, "enrollment", *(Enrollment(count=n, type="ESTIMATED") for n in (40, 60, 80, 40))))
    (change,) = steps[-1]
    assert change.cause is Cause.CORRECTION
    assert change.detail["takes_back"] == {"change": 101, "days": 2}
    assert (
        change.sentence
        == "Now plans 40 people. It planned 80 (50% fewer). This takes back what changed two days earlier."
    )


@pytest.mark.parametrize(
    ("section", "states"),
    [
        ("enrollment", [Enrollment(count=n, type="ESTIMATED") for n in (40, 60, 41)]),
        ("conditions", [Conditions(conditions=("Flu",)), Conditions(conditions=()), Conditions(conditions=("Cold",))]),
        ("status", [Status(overall=word) for word in ("UNKNOWN", "RECRUITING", "UNKNOWN")]),
    ],
)
def test_another_value_and_the_registry_s_own_word_are_no_correction(
    make: Make, section: str, states: list[Any]
) -> None:
    *_, last = story(*seen(make, section, *states))
    assert [change.cause for change in last if change.cause is Cause.CORRECTION] == []


def test_after_the_set_time_it_is_no_correction(make: Make) -> None:
    states = [Enrollment(count=n, type="ESTIMATED") for n in (40, 60, 40)]
    _, (change,) = story(*seen(make, "enrollment", *states), apart=8)
    assert change.cause is Cause.SPONSOR


@pytest.mark.parametrize(
    ("section", "there", "gone"),
    [
        ("conditions", Conditions(conditions=("Flu", "Cold")), Conditions(conditions=("Flu",))),
        ("contacts", Contacts(central=(Contact(name="Ann Lee", phone="1"),)), Contacts()),
        (
            "locations",
            Locations(sites=(Site(facility="A", city="Rome"), Site(facility="B", city="Paris"))),
            Locations(sites=(Site(facility="A", city="Rome"),)),
        ),
    ],
)
def test_an_item_that_comes_back_is_a_correction(make: Make, section: str, there: Any, gone: Any) -> None:
    _, (change,) = story(*seen(make, section, there, gone, there))
    assert change.cause is Cause.CORRECTION
    assert change.sentence.endswith("This takes back what changed two days earlier.")


def test_another_item_that_comes_is_none(make: Make) -> None:
    ann, bob = Contact(name="Ann Lee", phone="1"), Contact(name="Bob Day", phone="2")
    _, (change,) = story(*seen(make, "contacts", Contacts(central=(ann,)), Contacts(), Contacts(central=(bob,))))
    assert change.cause is Cause.SPONSOR


def test_a_mirror_corrects_nothing(make: Make) -> None:
    first, second = make(enrollment=Enrollment(count=1)), make(enrollment=Enrollment(count=2))
    (earlier,) = compare(first, second)
    (change,) = compare(second, first, mirror=True, earlier=[Earlier(id=1, days=1, change=earlier)])
    assert change.cause is Cause.MIRROR


@pytest.mark.parametrize(("days", "words"), [(0, "earlier that day"), (1, "one day earlier"), (30, "30 days earlier")])
def test_how_long_ago_is_said_in_words(make: Make, days: int, words: str) -> None:
    first, second = make(enrollment=Enrollment(count=10)), make(enrollment=Enrollment(count=20))
    (earlier,) = compare(first, second)
    (change,) = compare(second, first, earlier=[Earlier(id=1, days=days, change=earlier)])
    assert change.sentence.endswith(f"This takes back what changed {words}.")


@settings(max_examples=100, deadline=None, suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large))
@given(pairs())
def test_whatever_goes_back_is_told_in_whole_sentences_with_the_change_that_it_takes_back(
    both: tuple[TrialRecord, TrialRecord],
) -> None:
    there = [Earlier(id=n, days=3, change=change) for n, change in enumerate(compare(*both), 1)]
    for change in compare(both[1], both[0], earlier=there):
        assert change.sentence.endswith((".", "?"))
        assert all(word in change.sentence for word in change.strong)
        undone = detail_of(change).get("takes_back")
        assert (undone is not None) is (change.cause is Cause.CORRECTION)
        assert undone is None or there[undone["change"] - 1].change.path == change.path
