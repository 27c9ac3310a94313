"""How much a change matters: one table, the reason in words, and the user's own word before ours."""

from __future__ import annotations

import pytest

from monitor.diff.compare import compare
from monitor.diff.events import is_event, known_events
from monitor.diff.severity import SEVERITIES, row_of
from monitor.diff.telling.phrases import WEIGHTS
from monitor.model.change import Cause, Severity, weight_words
from monitor.model.sections import Enrollment, Outcome, Outcomes, Status
from tests.diff.conftest import Make, Told, recorded_pairs, study_record


@pytest.mark.parametrize("event", SEVERITIES)
def test_every_row_of_the_table_has_its_reason_in_words(event: str) -> None:
    assert row_of(event, WEIGHTS) not in (None, "other") or event == "other"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("Safety concerns", "critical: stopped for safety"),
        ("FDA", "critical: stopped for regulatory reasons"),
        ("Toxicity, and slow accrual", "critical: stopped for safety and slow recruiting"),
        ("The investigator's dog", "critical: the trial was stopped"),
        (None, "critical: the trial was stopped"),
    ],
)
def test_a_stop_names_the_class_of_its_reason(told: Told, reason: str | None, words: str) -> None:
    (change,) = told("status", Status(overall="RECRUITING"), Status(overall="TERMINATED", why_stopped=reason))
    assert weight_words(change) == words


def test_a_swapped_primary_outcome_says_why_it_is_critical(told: Told) -> None:
    old, new = (
        Outcomes(primary=(Outcome(measure=words),)) for words in ("Survival at a year", "Pain as patients rate it")
    )
    assert {weight_words(change) for change in told("outcomes", old, new)} == {
        "critical: a primary outcome was swapped"
    }


def test_what_is_minor_says_no_reason(told: Told) -> None:
    (change,) = told("enrollment", Enrollment(count=4, type="ESTIMATED"), Enrollment(count=4))
    assert (change.severity, weight_words(change)) == (Severity.MINOR, None)


@pytest.mark.parametrize(
    ("given", "severity", "reason"),
    [
        ({}, Severity.MINOR, "nobody said that anything happened"),
        ({"status.unknown": Severity.MAJOR}, Severity.MAJOR, "set by your configuration"),
        ({"status": Severity.ADMINISTRATIVE}, Severity.ADMINISTRATIVE, "set by your configuration"),
        (
            {"status": Severity.MINOR, "status.unknown": Severity.CRITICAL},
            Severity.CRITICAL,
            "set by your configuration",
        ),
        (
            {"status.stopped": Severity.MAJOR, "stat": Severity.MAJOR},
            Severity.MINOR,
            "nobody said that anything happened",
        ),
    ],
)
def test_the_users_own_word_goes_before_ours(
    make: Make, given: dict[str, Severity], severity: Severity, reason: str
) -> None:
    old, new = make(status=Status(overall="RECRUITING")), make(status=Status(overall="UNKNOWN"))
    (change,) = compare(old, new, severities=given)
    assert (change.severity, change.detail["severity_reason"]) == (severity, reason)


def test_an_echo_stays_administrative_whatever_the_user_says(make: Make) -> None:
    old, new = make(enrollment=Enrollment(count=1)), make(enrollment=Enrollment(count=2))
    (change,) = compare(old, new, mirror=True, severities={"enrollment": Severity.CRITICAL})
    assert change.severity is Severity.ADMINISTRATIVE


def test_every_recorded_change_has_an_event_that_can_be_configured() -> None:
    events = {
        str(change.detail["event"])
        for pair in recorded_pairs()
        for change in compare(study_record(pair["before"]), study_record(pair["after"]))
    }
    assert [event for event in events if not is_event(event)] == []
    assert not is_event("status.stoped")
    assert not is_event("")
    assert {"status", "outcomes.primary", "design.masking"} <= known_events()


def test_unknown_is_the_registry_s_own_word_even_on_a_day_of_an_update(make: Make) -> None:
    old = make(status=Status(overall="RECRUITING"), posted="2026-02-01")
    (change,) = compare(old, make(status=Status(overall="UNKNOWN"), posted="2026-02-02"))
    assert change.cause is Cause.REGISTRY
