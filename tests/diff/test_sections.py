"""Each section in its own terms: what is found, how it is judged, what is said."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.diff.compare import compare
from monitor.model.change import Cause, Kind, Severity
from monitor.model.papers import Link, Reference, References, Results
from monitor.model.people import (
    Contact,
    Contacts,
    Locations,
    Official,
    Site,
)
from monitor.model.sections import (
    Arm,
    Arms,
    Conditions,
    Criterion,
    Dates,
    Design,
    Eligibility,
    Enrollment,
    Identification,
    Intervention,
    Outcome,
    Outcomes,
    Oversight,
    Sharing,
    Sponsor,
    Status,
    StudyDate,
)
from tests.diff.conftest import Make, Told, detail_of

Row = tuple[str, Any, Any, str, str]
OPEN = Status(overall="RECRUITING")
ANN = Contact(name="Ann Lee", role="CONTACT", phone="555-1", email="ann@example.org")
ROME = Site(facility="Policlinico", city="Rome", zip="00161", country="Italy", status="RECRUITING", contacts=(ANN,))


def day(date: str, kind: str | None = "ESTIMATED") -> StudyDate:
    return StudyDate(date=date, type=kind)


def dated(**dates: Any) -> Dates:
    return Dates(**dates)


def count(number: int | None, kind: str | None = "ESTIMATED") -> Enrollment:
    return Enrollment(count=number, type=kind)


ONE_CHANGE: list[Row] = [
    ("status", OPEN, Status(overall="TERMINATED"), "critical",
     "Now Terminated. It was Recruiting. No reason is given."),
    ("status", Status(overall="SUSPENDED"), OPEN, "critical", "Recruiting again. It was Suspended."),
    ("status", Status(overall="ACTIVE_NOT_RECRUITING"), OPEN, "major",
     "Recruiting again. It was Active, not recruiting."),
    ("status", OPEN, Status(overall="COMPLETED"), "major", "Now Completed. It was Recruiting."),
    ("status", Status(overall="UNKNOWN", last_known="RECRUITING"), OPEN, "major",
     "Now Recruiting. It was Unknown, last known as Recruiting."),
    ("status", Status(overall="TERMINATED", why_stopped="Slow accrual"),
     Status(overall="TERMINATED", why_stopped="Toxicity"), "major",
     'The reason for stopping is now given as "Toxicity". It was "Slow accrual".'),
    ("enrollment", count(300), count(420), "major", "Now plans 420 people. It planned 300 (40% more)."),
    ("enrollment", count(263), count(99, "ACTUAL"), "major", "Enrolled 99 people (final count) of 263 planned, 38%."),
    ("enrollment", count(40), count(40, "ACTUAL"), "major", "Enrolled 40 people (final count), as planned."),
    ("enrollment", count(98, "ACTUAL"), count(99, "ACTUAL"), "major", "The final count is now 99 people. It was 98."),
    ("enrollment", count(None, None), count(1), "major", "Now plans 1 person. No number was given before."),
    ("enrollment", count(1200), count(None, None), "major",
     "The number of people is no longer given. It was 1,200."),
    ("dates", dated(primary_completion=day("2026-09-02")), dated(primary_completion=day("2027-10-29")), "major",
     "Primary completion now expected 29 Oct 2027, 14 months later (was 2 Sep 2026)."),
    ("dates", dated(completion=day("2026-07")), dated(completion=day("2026-06")), "minor",
     "Study end now expected Jun 2026, 1 month earlier (was Jul 2026)."),
    ("dates", dated(start=day("2025-11-30")), dated(start=day("2025-08-15", "ACTUAL")), "minor",
     "Started on 15 Aug 2025, 107 days before the expected day (30 Nov 2025)."),
    ("dates", dated(start=day("2026-01")), dated(start=day("2026-02-11", "ACTUAL")), "minor",
     "Started on 11 Feb 2026 (was expected in Jan 2026)."),
    ("dates", dated(start=day("2026-03")), dated(start=day("2026-03-15")), "administrative",
     "Start is now given as 15 Mar 2026; the record said Mar 2026. This is not a delay."),
    ("dates", dated(completion=day("2026-03-01", "ACTUAL")), dated(completion=day("2026-03-05", "ACTUAL")), "minor",
     "Study end date corrected to 5 Mar 2026, 4 days later (was 1 Mar 2026)."),
    ("contacts", Contacts(), Contacts(central=(ANN,)), "minor",
     "Contact now listed: Ann Lee, 555-1, ann@example.org. None was listed before."),
    ("contacts", Contacts(central=(ANN,)),
     Contacts(central=(Contact(name="Ann Lee", role="CONTACT", phone="555-2", email="ann@example.org"),)), "minor",
     "The contact Ann Lee has a new phone number: 555-2 (was 555-1)."),
    ("contacts", Contacts(central=(ANN,)),
     Contacts(central=(Contact(name="Anne Lee", role="CONTACT", phone="555-1", email="ann@example.org"),)),
     "administrative", "The contact Ann Lee is now spelled Anne Lee."),
    ("contacts", Contacts(central=(ANN,)),
     Contacts(central=(Contact(name="Bo Ray", role="CONTACT", phone="555-9"),)), "minor",
     "The contact is now Bo Ray, 555-9. It was Ann Lee."),
    ("contacts", Contacts(officials=(Official(name="C. Doe", role="PRINCIPAL_INVESTIGATOR"),)),
     Contacts(officials=(Official(name="E. Fox", role="PRINCIPAL_INVESTIGATOR", affiliation="Clinic"),)), "minor",
     "The principal investigator is now E. Fox, Clinic. It was C. Doe."),
    ("outcomes", Outcomes(primary=(Outcome(measure="Survival"),)),
     Outcomes(secondary=(Outcome(measure="Survival"),)), "critical",
     '"Survival" is now only listed among the secondary outcomes. It was a primary outcome.'),
    ("outcomes", Outcomes(), Outcomes(secondary=(Outcome(measure="Pain", time_frame="1 year"),)), "major",
     'New secondary outcome: "Pain", 1 year.'),
    ("outcomes", Outcomes(primary=(Outcome(measure="Pain", time_frame="1 year"),)),
     Outcomes(primary=(Outcome(measure="Pain", time_frame="2 years"),)), "major",
     'Primary outcome "Pain": time frame now "2 years". It was "1 year".'),
    ("arms", Arms(), Arms(arms=(Arm(label="Control", type="PLACEBO_COMPARATOR"),)), "major",
     'New arm: "Control", with placebo.'),
    ("design", Design(phases=("PHASE2",)), Design(phases=("PHASE2", "PHASE3")), "major",
     "Now Phase 2/3. It was Phase 2."),
    ("design", Design(masking="NONE"), Design(masking="DOUBLE"), "major",
     "The blinding is now Double blind. It was None (open label)."),
    ("sponsor", Sponsor(lead="A"), Sponsor(lead="B"), "major", "The lead sponsor is now B. It was A."),
    ("sponsor", Sponsor(collaborators=("A",)), Sponsor(collaborators=("A", "B")), "minor",
     "B joined as a collaborator."),
    ("identification", Identification(brief_title="Old"), Identification(brief_title="New"), "minor",
     'Now called "New". It was "Old".'),
    ("identification", Identification(), Identification(acronym="GLIOMAX-101"), "minor",
     'The short name is now given: "GLIOMAX-101".'),
    ("conditions", Conditions(conditions=("Asthma",)), Conditions(conditions=("Asthma", "COPD")), "minor",
     "The conditions now include COPD."),
    ("results", Results(has_results=False), Results(has_results=True, modules={"outcomeMeasuresModule": {}}), "major",
     "Results were posted."),
    ("references", References(), References(references=(Reference(pmid="1", citation="Lee A. On X."),)),
     "administrative", 'A paper is now cited: "On X".'),
    ("references", References(see_also=(Link(label="Site", url="https://a.org"),)),
     References(see_also=(Link(label="Site", url="https://b.org"),)), "administrative", 'A link changed: "Site".'),
    ("oversight", Oversight(), Oversight(has_dmc=True), "minor",
     "The record now says that a data monitoring committee watches over the trial. It said nothing before."),
    ("sharing", Sharing(plan="YES"), Sharing(plan="NO"), "minor",
     "Now says that participant data will not be shared. It said that they will be."),
    ("eligibility", Eligibility(minimum_age="18 Years"), Eligibility(minimum_age="16 Years"), "major",
     "People now have to be at least 16 years old. It was 18 years. Looser."),
    ("eligibility", Eligibility(maximum_age="75 Years"), Eligibility(), "major",
     "There is no upper age limit any more. It was 75 years. Looser."),
    ("eligibility", Eligibility(sex="ALL"), Eligibility(sex="FEMALE"), "major",
     "Now open to women and girls only. It was open to all sexes. Tighter."),
    ("eligibility", Eligibility(healthy_volunteers=False), Eligibility(healthy_volunteers=True), "major",
     "Healthy volunteers can now join. Looser."),
    ("locations", Locations(sites=()), Locations(sites=(ROME,)), "minor",
     "1 site opened: Policlinico, Rome, Italy. It is the first."),
]  # fmt: skip


@pytest.mark.parametrize("row", ONE_CHANGE, ids=lambda row: f"{row[0]}: {row[4]}"[:80])
def test_one_difference_is_one_change_with_its_sentence(told: Told, row: Row) -> None:
    section, before, after, severity, sentence = row
    (change,) = told(section, before, after)
    assert (change.sentence, change.severity.value) == (sentence, severity)


def test_bookkeeping_is_told_only_when_nothing_else_is(make: Make) -> None:
    old = dated(last_update_posted=day("2026-01-01"), status_verified=day("2026-01"))
    new = dated(last_update_posted=day("2026-02-02"), status_verified=day("2026-02"))
    (alone,) = compare(make(dates=old), make(dates=new))
    assert alone.sentence == "Verified again in Feb 2026. Nothing else in the record changed."
    (change,) = compare(make(dates=old, enrollment=count(1)), make(dates=new, enrollment=count(2)))
    assert change.category.value == "enrollment"


@pytest.mark.parametrize(("posted", "cause"), [("2026-02-01", Cause.REGISTRY), ("2026-02-02", Cause.SPONSOR)])
def test_without_a_new_update_date_the_registry_did_it(make: Make, posted: str, cause: Cause) -> None:
    (change,) = compare(make(enrollment=count(1)), make(posted=posted, enrollment=count(2)))
    assert change.cause is cause


def test_a_record_without_update_dates_does_not_say_who_did_it(make: Make) -> None:
    (change,) = compare(make(dates=Dates(), enrollment=count(1)), make(dates=Dates(), enrollment=count(2)))
    assert change.cause is Cause.UNKNOWN


def test_a_primary_outcome_swapped_for_another_is_critical(told: Told) -> None:
    changes = told(
        "outcomes",
        Outcomes(primary=(Outcome(measure="Overall survival"),)),
        Outcomes(primary=(Outcome(measure="Tumour shrinkage on imaging"),)),
    )
    assert [(change.kind, change.severity) for change in changes] == [
        (Kind.REMOVED, Severity.CRITICAL),
        (Kind.ADDED, Severity.CRITICAL),
    ]


def test_a_renamed_arm_does_not_echo_in_its_treatments(told: Told) -> None:
    def arms(label: str) -> Arms:
        return Arms(
            arms=(Arm(label=label, interventions=("Drug: X",)),),
            interventions=(Intervention(name="X", arm_labels=(label,)),),
        )

    (change,) = told("arms", arms("Arm A of the trial"), arms("Arm B of the trial"))
    assert change.sentence == 'The arm "Arm A of the trial" is now called "Arm B of the trial".'


def criteria(*items: str, exclusion: tuple[str, ...] = ()) -> Eligibility:
    return Eligibility(
        inclusion=tuple(Criterion(text=item) for item in items),
        exclusion=tuple(Criterion(text=item) for item in exclusion),
    )


def test_an_inserted_item_is_one_addition(told: Told) -> None:
    changes = told(
        "eligibility", criteria("Age 18 or older", "Diabetes"), criteria("Asthma", "Age 18 or older", "Diabetes")
    )
    (change,) = changes
    assert change.detail["direction"] == "tighter"
    assert (change.kind, change.before, change.after) == (Kind.ADDED, None, "Asthma")
    assert change.sentence == 'New inclusion 1: "Asthma". Tighter.'


def test_reordering_and_renumbering_items_is_nothing(told: Told) -> None:
    assert told("eligibility", criteria("1. Age", "2. Sex"), criteria("Sex.", "• Age")) == []


@pytest.mark.parametrize(
    ("section", "make_of", "items"),
    [
        ("conditions", lambda items: Conditions(conditions=items, keywords=items), ("Asthma", "COPD", "Cough")),
        ("sponsor", lambda items: Sponsor(lead="A", collaborators=items), ("NIH", "University of Rome")),
        ("contacts", lambda items: Contacts(central=items), (ANN, Contact(name="Bo Ek", phone="555-2"))),
        ("locations", lambda items: Locations(sites=items), (ROME, Site(facility="Charité", city="Berlin"))),
        ("outcomes", lambda items: Outcomes(primary=items), (Outcome(measure="Pain"), Outcome(measure="Death"))),
    ],
)
def test_the_order_of_a_list_is_no_difference(told: Told, section: str, make_of: Any, items: tuple[Any, ...]) -> None:
    assert told(section, make_of(items), make_of(items[::-1])) == []


def test_an_item_in_another_section_has_moved(told: Told) -> None:
    (change,) = told("eligibility", criteria("Pregnancy"), criteria(exclusion=("Pregnancy",)))
    assert (change.kind, change.detail["from_section"], change.detail["section"]) == (
        Kind.MOVED,
        "inclusion",
        "exclusion",
    )
    assert change.before == change.after == "Pregnancy"


def test_a_changed_bound_is_told_with_both_values(told: Told) -> None:
    (change,) = told("eligibility", criteria("ALT ≤ 2.5 x ULN"), criteria("ALT ≤ 3 x ULN"))
    assert change.detail["bounds"] == [{"what": "ALT", "side": "upper", "before": 2.5, "after": 3, "unit": "x ULN"}]
    assert change.sentence == 'Inclusion 1 now says "≤ 3 x ULN". It said "≤ 2.5 x ULN". Looser.'
    assert [sign for sign, _ in detail_of(change)["pieces"]] == ["=", "-", "+", "="]


def test_what_is_not_modelled_is_told_by_its_path(make: Make) -> None:
    old, new = make(other={"protocolSection.newModule.level": 1}), make(other={"protocolSection.newModule.level": 2})
    (change,) = compare(old, new)
    assert (change.path, change.before, change.after) == ("other.protocolSection.newModule.level", 1, 2)
    assert change.sentence == 'The part "new / level" of the record is now "2". It was "1".'


def test_a_value_deep_in_posted_results_is_told_once(make: Make) -> None:
    def posted(value: str) -> Results:
        groups = [{"id": "B", "value": "2"}, {"id": "A", "value": value}]
        return Results(has_results=True, modules={"adverseEventsModule": {"groups": groups}})

    (change,) = compare(make(results=posted("1")), make(results=posted("9")))
    assert change.detail["values"] == [{"path": "groups.A.value", "before": "1", "after": "9"}]


def test_an_item_cut_in_two_makes_nothing_tighter(told: Told) -> None:
    whole = "Adequate bone marrow function and no active infection with hepatitis B virus"
    parts = ("Adequate bone marrow function", "No active infection with hepatitis B virus")
    for before, after in ((criteria("Age", whole), criteria("Age", *parts)), (criteria(*parts), criteria(whole))):
        assert {change.detail["direction"] for change in told("eligibility", before, after)} == {"reworded"}


def test_a_full_stop_at_the_end_of_a_changed_item_is_not_told(told: Told) -> None:
    before = criteria("Response within 12 months from initiation of induction therapy")
    after = criteria("Response within 12 months or 15 months from initiation of induction therapy.")
    (change,) = told("eligibility", before, after)
    assert change.sentence.startswith('Inclusion 1 now says "or 15 months".')
