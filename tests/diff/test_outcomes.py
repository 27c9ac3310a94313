"""What the trial measures: by identity within a rank, then over ranks; and when it was changed."""

from __future__ import annotations

import pytest

from monitor.diff.compare import compare
from monitor.model.change import Kind, Severity
from monitor.model.sections import Dates, Outcome, Outcomes, Status, StudyDate
from tests.diff.conftest import Make, Told, detail_of

SURVIVAL = Outcome(measure="Overall survival", time_frame="5 years")
PAIN = Outcome(measure="Pain on a scale of 0 to 10", time_frame="12 weeks")


def changed_on(make: Make, start: StudyDate | None, end: StudyDate | None, status: str | None) -> object:
    """What is said of the time at which a primary outcome came, in a record posted in March 2026."""
    dates = Dates(start=start, primary_completion=end, last_update_posted=StudyDate(date="2026-03-15"))
    same = {"dates": dates, "status": Status(overall=status)}
    (change,) = compare(make(**same), make(outcomes=Outcomes(primary=(PAIN,)), **same))
    return change.detail["when"]


@pytest.mark.parametrize(
    ("start", "end", "status", "when"),
    [
        (StudyDate(date="2026-02", type="ACTUAL"), None, None, "running"),
        (StudyDate(date="2004-05"), None, None, "running"),
        (StudyDate(date="2026-02", type="ESTIMATED"), None, "RECRUITING", "running"),
        (StudyDate(date="2026-02", type="ESTIMATED"), None, None, None),
        (StudyDate(date="2026-02", type="ESTIMATED"), None, "NOT_YET_RECRUITING", "before_start"),
        (StudyDate(date="2026-09", type="ESTIMATED"), None, None, "before_start"),
        (StudyDate(date="2025-02", type="ACTUAL"), StudyDate(date="2026-03-15", type="ACTUAL"), None, "after"),
        (StudyDate(date="2025-02", type="ACTUAL"), StudyDate(date="2026-03-14", type="ESTIMATED"), None, "running"),
        (None, None, "COMPLETED", "after"),
        (None, None, "WITHDRAWN", None),
        (None, None, None, None),
    ],
)
def test_a_change_of_outcomes_says_where_the_trial_stood(
    make: Make, start: StudyDate | None, end: StudyDate | None, status: str | None, when: str | None
) -> None:
    said = changed_on(make, start, end, status)
    assert said == ("after_primary_completion" if when == "after" else when)


def test_a_secondary_outcome_that_becomes_primary_is_promoted_once(told: Told) -> None:
    (change,) = told("outcomes", Outcomes(secondary=(PAIN,)), Outcomes(primary=(PAIN,)))
    assert (change.kind, change.severity, change.path) == (Kind.MOVED, Severity.CRITICAL, "outcomes.primary")
    assert (change.detail["step"], change.detail["from_rank"]) == ("promoted", "secondary")


def test_two_outcomes_that_change_ranks_are_two_moves_and_nothing_is_dropped(told: Told) -> None:
    changes = told(
        "outcomes",
        Outcomes(primary=(SURVIVAL,), secondary=(PAIN,)),
        Outcomes(primary=(PAIN,), secondary=(SURVIVAL,)),
    )
    assert sorted(str(change.detail["step"]) for change in changes) == ["demoted", "promoted"]


def test_the_same_word_exchanged_in_two_descriptions_is_one_change_whatever_the_dashes(told: Told) -> None:
    def described(drug: str, dash: str) -> Outcomes:
        texts = (f"Rash after beta{dash}lactam {drug} within a day", f"Any reaction to beta-lactam {drug} by mouth")
        return Outcomes(secondary=tuple(Outcome(measure=f"Outcome {n}", description=t) for n, t in enumerate(texts)))

    (change,) = told("outcomes", described("amoxicillin", "-"), described("ampicillin", "–"))
    assert [each["measure"] for each in detail_of(change)["outcomes"]] == ["Outcome 0", "Outcome 1"]
