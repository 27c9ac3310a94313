"""What is said where the record says little, much, or the same in other words."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.diff.compare import compare
from monitor.model.change import Cause
from monitor.model.papers import Reference, References
from monitor.model.sections import (
    Arm,
    Arms,
    Conditions,
    Dates,
    Description,
    Design,
    Enrollment,
    Identification,
    Intervention,
    Outcome,
    Outcomes,
    Oversight,
    Status,
    StudyDate,
)
from tests.diff.conftest import Make, Told

LONG = "A Phase 2 Study of a Drug in Adults With a Disease That Nobody Wants to Have in Any"


def people(count: int | None, kind: str | None = None) -> Enrollment:
    return Enrollment(count=count, type=kind)


def ends(date: str | None, kind: str | None = "ESTIMATED") -> Dates:
    return Dates(primary_completion=StudyDate(date=date, type=kind) if date else None)


def masked(*who: str) -> Design:
    return Design(who_masked=who)


def measured(**outcome: Any) -> Outcomes:
    return Outcomes(secondary=(Outcome(**({"measure": "Pain"} | outcome)),))


SAID: list[tuple[str, Any, Any, str]] = [
    ("enrollment", people(12), people(0), "The number of people is now 0. It was 12 (100% fewer)."),
    ("enrollment", people(40), people(7, "ACTUAL"), "Enrolled 7 people (final count). The number given before was 40."),
    (
        "enrollment",
        people(40),
        people(60, "ESTIMATED"),
        "Now plans 60 people. The number given before was 40 (50% more).",
    ),
    ("enrollment", people(20, "ESTIMATED"), people(0, "ACTUAL"), "Enrolled 0 people (final count) of 20 planned, 0%."),
    (
        "enrollment",
        people(99, "ACTUAL"),
        people(120, "ESTIMATED"),
        "Now plans 120 people. Before, 99 was given as the final count.",
    ),
    ("dates", ends(None), ends("2026-07"), "Primary completion is now expected Jul 2026. No date was given before."),
    (
        "dates",
        ends(None),
        ends("2026-07-01", "ACTUAL"),
        "Primary completion was reached on 1 Jul 2026. No date was given before.",
    ),
    ("dates", ends("2026-07"), ends("2026-07", "ACTUAL"), "Primary completion was reached in Jul 2026, as expected."),
    (
        "dates",
        ends("2026-07"),
        ends("2026-08-09"),
        "Primary completion now expected 9 Aug 2026, somewhat later (was Jul 2026).",
    ),
    (
        "dates",
        ends("2026-07"),
        ends("2026-08"),
        "Primary completion now expected Aug 2026, 1 month later (was Jul 2026).",
    ),
    (
        "design",
        masked(),
        masked("PARTICIPANT", "OUTCOMES_ASSESSOR"),
        "Those kept blind are now given: participant and outcomes assessor.",
    ),
    (
        "design",
        masked("PARTICIPANT"),
        masked("PARTICIPANT", "INVESTIGATOR"),
        "Those kept blind now include investigator.",
    ),
    ("design", Design(phases=("NA",)), Design(phases=("PHASE1",)), "Now Phase 1. It was not applicable."),
    (
        "oversight",
        Oversight(has_dmc=True),
        Oversight(has_dmc=False),
        "The record now says that no data monitoring committee watches over the trial. It said the opposite.",
    ),
    (
        "conditions",
        Conditions(keywords=("a",)),
        Conditions(keywords=("b",)),
        "The keywords now include b, and no longer a.",
    ),
    ("conditions", Conditions(keywords=("a",)), Conditions(), "The keywords are no longer given (they were a)."),
    ("status", Status(overall="WITHHELD"), Status(overall="RECRUITING"), "Now Recruiting. It was Withheld."),
    ("status", Status(overall="UNKNOWN"), Status(overall="RECRUITING"), "Now Recruiting. It was Unknown."),
    (
        "status",
        Status(overall="UNKNOWN", last_known="RECRUITING"),
        Status(overall="COMPLETED"),
        "Now Completed. It was Unknown, last known as Recruiting.",
    ),
    (
        "status",
        Status(overall="UNKNOWN", last_known="RECRUITING"),
        Status(overall="UNKNOWN"),
        "The last known status is no longer given. It was Recruiting.",
    ),
    (
        "identification",
        Identification(brief_title=f"{LONG} Town"),
        Identification(brief_title=f"{LONG} Place"),
        'The title now says "Any Place". It said "Any Town".',
    ),
    (
        "identification",
        Identification(brief_title="Of MICE"),
        Identification(brief_title="Of Mice"),
        'The title now spells "Of Mice" (was "Of MICE").',
    ),
    (
        "description",
        Description(brief_summary="a phase I"),
        Description(brief_summary="a Phase I"),
        'The summary is now spelled "a Phase I" (was "a phase I").',
    ),
    (
        "outcomes",
        measured(),
        measured(description="By a scale"),
        'Secondary outcome "Pain" now has a description: "By a scale".',
    ),
    (
        "outcomes",
        measured(description="By a scale"),
        measured(),
        'Secondary outcome "Pain" no longer has a description. It said "By a scale".',
    ),
    ("outcomes", measured(), measured(measure="PAIN"), 'The secondary outcome "Pain" is now spelled "PAIN".'),
    (
        "arms",
        Arms(arms=(Arm(label="Arm a"),)),
        Arms(arms=(Arm(label="Arm A"),)),
        'The arm "Arm a" is now spelled "Arm A".',
    ),
    (
        "arms",
        Arms(interventions=(Intervention(name=f"{LONG} Single One, slowly"),)),
        Arms(interventions=(Intervention(name=f"{LONG} Single One"),)),
        f'The name of the treatment "{LONG}…" no longer says "slowly".',
    ),
    (
        "references",
        References(),
        References(references=(Reference(citation="Lee A, Doe BC; ON Group. A Trial. J Med. 2020."),)),
        'A paper is now cited: "A Trial. J Med. 2020".',
    ),
]


@pytest.mark.parametrize("row", SAID, ids=lambda row: row[3][:80])
def test_a_change_is_said_in_these_words(told: Told, row: tuple[str, Any, Any, str]) -> None:
    section, before, after, sentence = row
    (change,) = told(section, before, after)
    assert change.sentence == sentence


def test_a_status_that_the_registry_set_says_who_set_it(make: Make) -> None:
    before, after = (
        make(status=Status(overall="RECRUITING")),
        make(status=Status(overall="UNKNOWN", last_known="RECRUITING")),
    )
    (change,) = compare(before, after)
    assert (change.cause, change.detail["last_known"]) == (Cause.REGISTRY, "RECRUITING")
    assert change.sentence == (
        "Now Unknown; last known as Recruiting. "
        "The registry sets this when a sponsor has not confirmed the record for two years."
    )
