"""Each labelled fact of the two recorded pages, and the other words that a page may use."""

from __future__ import annotations

import pytest

from monitor.model.people import Contact, Locations, Site
from monitor.model.sections import (
    Agency,
    Arm,
    Enrollment,
    Intervention,
    StudyDate,
)
from tests.sources_ctv.pages import plain_record, record_of, record_with, texts, with_facts
from tests.sources_ctv.skins import WITH_NUMBER, WITHOUT_NUMBER, headings, text_of

GROUPS = "20 participants in 1 patient group"


def test_the_page_with_a_number_is_read_whole() -> None:
    record = plain_record(WITH_NUMBER)
    assert record.registry_id == record.identification.registry_id == "NCT04762485"
    assert record.identification.other_ids == ("PGSDFYY 202101",)
    assert record.identification.brief_title == "Humanized CD7 CAR T-cell Therapy for r/r CD7+ Acute Leukemia"
    assert record.sponsor.lead == "Soochow University"
    assert record.sponsor.lead_class is None  # two kinds of funder: which is the sponsor's is not said
    assert record.status.overall == "UNKNOWN"
    assert record.design.phases == ("PHASE1", "PHASE2")
    assert record.conditions.conditions == (
        "Mixed Phenotype Acute Leukemia",
        "T Lymphoblastic Leukemia/Lymphoma",
        "Acute Myeloid Leukemia",
    )
    assert record.enrollment == Enrollment(count=20, type="ESTIMATED")
    assert (record.eligibility.minimum_age, record.eligibility.maximum_age) == ("12 Years", "65 Years")
    assert (record.eligibility.sex, record.eligibility.healthy_volunteers) == ("ALL", False)
    assert (len(record.eligibility.inclusion), len(record.eligibility.exclusion)) == (6, 9)
    assert record.eligibility.inclusion[3].text.startswith("CD7 on leukemia is >30% positive")
    assert [each.name for each in record.contacts.central] == ["Lin Yang, Ph.D", "xiaowen tang, Ph.D"]
    assert record.locations == Locations(count=1)
    assert record.unavailable["locations"] == "loaded later"
    assert record.unknown == ()


def test_the_page_without_a_number_is_read_whole() -> None:
    record = plain_record(WITHOUT_NUMBER)
    assert record.registry_id is None
    assert record.identification.other_ids == ()
    assert record.sponsor.lead == "Capital Medical University"
    assert record.sponsor.lead_class == "OTHER"
    assert record.status.overall == "RECRUITING"
    assert record.design.phases == ("PHASE1",)
    assert (record.eligibility.minimum_age, record.eligibility.maximum_age) == ("1 Year", "18 Years")
    assert (len(record.eligibility.inclusion), len(record.eligibility.exclusion)) == (8, 14)
    assert texts(record.eligibility.exclusion)[1] == "Has an active GvHD;"
    assert record.arms.interventions == (Intervention(type="BIOLOGICAL", name="CD5 CAR-T"),)
    assert record.arms.arms == (
        Arm(
            label="CD5 CAR-T",
            type="EXPERIMENTAL",
            description="This cohort will be administrated with T cells transduced with lentivirus vectors"
            " expressing CD5 CAR.",
            interventions=("Biological: CD5 CAR-T",),
        ),
    )


@pytest.mark.parametrize("slug", [WITH_NUMBER, WITHOUT_NUMBER])
def test_the_design_is_in_the_codes_of_the_registry(slug: str) -> None:
    design = plain_record(slug).design
    assert (design.study_type, design.allocation, design.intervention_model) == ("INTERVENTIONAL", "NA", "SINGLE_GROUP")
    assert (design.masking, design.who_masked, design.primary_purpose) == ("NONE", (), "TREATMENT")


def test_what_a_page_never_shows_is_unavailable() -> None:
    unavailable = plain_record(WITH_NUMBER).unavailable
    expected = {"dates", "documents", "locations", "outcomes", "oversight", "references", "results", "sharing"}
    assert set(unavailable) == expected


def test_the_address_is_that_of_the_caller_or_the_canonical_one() -> None:
    page = headings(with_facts())
    assert record_of(page, url="https://ctv.veeva.com/study/x").url == "https://ctv.veeva.com/study/x"
    linked = page.replace("<head>", '<head><link rel="canonical" href="https://ctv.veeva.com/study/y">')
    assert record_of(linked).url == "https://ctv.veeva.com/study/y"


@pytest.mark.parametrize(
    ("lines", "overall", "phases"),
    [
        (["Enrolling", "Phase 1"], "RECRUITING", ("PHASE1",)),
        (["Not yet enrolling", "Phase 3"], "NOT_YET_RECRUITING", ("PHASE3",)),
        (["Active, not enrolling", "Phase 2", "Phase 1"], "ACTIVE_NOT_RECRUITING", ("PHASE1", "PHASE2")),
        (["Enrolling by invitation", "N/A"], "ENROLLING_BY_INVITATION", ("NA",)),
        (["Invitation-only"], "ENROLLING_BY_INVITATION", ()),
        (["Completed", "Early Phase 1"], "COMPLETED", ("EARLY_PHASE1",)),
        (["Terminated", "Phase 1/Phase 2"], "TERMINATED", ("PHASE1", "PHASE2")),
        (["Withdrawn", "Phase II/III"], "WITHDRAWN", ("PHASE2", "PHASE3")),
        (["Suspended, Phase 4"], "SUSPENDED", ("PHASE4",)),
        (["Recruiting | Phase 1/2"], "RECRUITING", ("PHASE1", "PHASE2")),
        (["ENROLLING", "PHASE 1"], "RECRUITING", ("PHASE1",)),
        (["Status: Enrolling", "Phase: Phase 1"], "RECRUITING", ("PHASE1",)),
    ],
)
def test_status_and_phases_are_read_in_any_order(lines: list[str], overall: str, phases: tuple[str, ...]) -> None:
    record = record_with(Status_and_phase=lines)
    assert (record.status.overall, record.design.phases, record.unknown) == (overall, phases, ())


def test_the_reason_of_a_stop_is_read_where_it_stands_in_brackets() -> None:
    status = record_with(Status_and_phase=["Terminated (Slow accrual (see notes))", "Phase 1"]).status
    assert (status.overall, status.why_stopped) == ("TERMINATED", "Slow accrual (see notes)")


def test_a_status_never_met_before_is_kept_and_named() -> None:
    record = record_with(Status_and_phase=["Resting", "Phase 1"])
    assert record.status.overall == "Resting"
    assert record.unknown == ("status.overall: Resting",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20 estimated patients", Enrollment(count=20, type="ESTIMATED")),
        ("1,216 actual participants", Enrollment(count=1216, type="ACTUAL")),
        ("20 participants", Enrollment(count=20)),
        ("Actual: 7", Enrollment(count=7, type="ACTUAL")),
        ("0 actual patients", Enrollment(count=0, type="ACTUAL")),
        ("99999999 estimated patients", Enrollment(type="ESTIMATED")),
        ("Unknown", Enrollment()),
    ],
)
def test_enrollment_is_a_count_and_its_type(text: str, expected: Enrollment) -> None:
    assert record_with(Enrollment=[text]).enrollment == expected


@pytest.mark.parametrize(
    ("text", "minimum", "maximum"),
    [
        ("12 to 65 years old", "12 Years", "65 Years"),
        ("1 to 18 years old", "1 Year", "18 Years"),
        ("18-75 years", "18 Years", "75 Years"),
        ("6 months to 5 years", "6 Months", "5 Years"),
        ("0 to 28 days old", "0 Days", "28 Days"),
        ("18+ years old", "18 Years", None),
        ("18 years and older", "18 Years", None),
        ("18 years or older", "18 Years", None),
        ("Over 18 years", "18 Years", None),
        ("≥ 18 years", "18 Years", None),
        ("up to 17 years old", None, "17 Years"),
        ("Under 18 years old", None, "18 Years"),
        ("17 years and younger", None, "17 Years"),
        ("N/A", None, None),
        ("All ages", None, None),
    ],
)
def test_ages_are_bounds_as_the_registry_writes_them(text: str, minimum: str | None, maximum: str | None) -> None:
    record = record_with(Ages=[text])
    assert (record.eligibility.minimum_age, record.eligibility.maximum_age, record.unknown) == (minimum, maximum, ())


def test_ages_that_cannot_be_read_are_named_and_not_guessed() -> None:
    record = record_with(Ages=["grown-ups of any kind"])
    assert (record.eligibility.minimum_age, record.eligibility.maximum_age) == (None, None)
    assert record.unknown == ("eligibility.ages: grown-ups of any kind",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No Healthy Volunteers", False),
        ("Accepts Healthy Volunteers", True),
        ("Healthy volunteers", True),
        ("Yes", True),
        ("No", False),
    ],
)
def test_volunteers_are_a_yes_or_a_no(text: str, expected: bool) -> None:  # noqa: FBT001 (a row of the table)
    assert record_with(Volunteers=[text]).eligibility.healthy_volunteers is expected


@pytest.mark.parametrize(
    ("text", "masking", "masked"),
    [
        ("None (Open label)", "NONE", ()),
        ("Single Blind", "SINGLE", ()),
        ("Double (Participant, Investigator)", "DOUBLE", ("PARTICIPANT", "INVESTIGATOR")),
        (
            "Quadruple Blind (Participant, Care Provider, Investigator, Outcomes Assessor)",
            "QUADRUPLE",
            ("PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR"),
        ),
    ],
)
def test_masking_tells_who_is_masked(text: str, masking: str, masked: tuple[str, ...]) -> None:
    design = record_with(Masking=[text]).design
    assert (design.masking, design.who_masked) == (masking, masked)


def test_an_observational_page_is_read() -> None:
    page = with_facts(
        Study_type=["Observational [Patient Registry]"],
        Interventional_model=["Cohort"],
        Allocation=["Prospective"],
        Status_and_phase=["Enrolling"],
    )
    html = (
        headings(page)
        .replace("Interventional model", "Observational model")
        .replace(">Allocation", ">Time perspective")
    )
    design = record_of(html).design
    assert (design.study_type, design.patient_registry, design.phases) == ("OBSERVATIONAL", True, ())
    assert (design.observational_model, design.time_perspective) == ("COHORT", "PROSPECTIVE")
    assert (design.allocation, design.intervention_model) == (None, None)


def test_dates_and_collaborators_are_read_where_a_page_shows_them() -> None:
    extra = (
        "<section><h3>Start date</h3><p>Mar 1, 2026 (Actual)</p></section>"
        "<section><h3>Last updated</h3><p>2026-11-20</p></section>"
        "<section><h3>Collaborators</h3><p>Acme Inc.</p></section>"
    )
    record = record_of(headings(with_facts()).replace("<h2>Trial design</h2>", extra + "<h2>Trial design</h2>"))
    assert record.dates.start == StudyDate(date="2026-03-01", type="ACTUAL")
    assert record.dates.last_update_posted == StudyDate(date="2026-11-20")
    assert record.sponsor.collaborators == ("Acme Inc.",)
    assert record.sponsor.collaborator_details == (Agency(name="Acme Inc."),)
    assert "dates" not in record.unavailable


def test_several_groups_are_read_with_their_types_and_treatments() -> None:
    page = with_facts()
    del page.facts[GROUPS]
    page.facts[GROUPS] = [
        *("Arm A", "Experimental group", "Description:", "The new drug.", "Twice a day.", "Treatment:", "Drug: New"),
        *("Drug: Old", "Arm B", "Placebo Comparator group", "Treatment:", "Drug: Placebo"),
        *("Arm C", "No Intervention group", "Description:", "Watched."),
    ]
    record = record_of(headings(page).replace(GROUPS, "60 participants in 3 patient groups"))
    assert record.arms.arms == (
        Arm(
            label="Arm A",
            type="EXPERIMENTAL",
            description="The new drug.\n\nTwice a day.",
            interventions=("Drug: New", "Drug: Old"),
        ),
        Arm(label="Arm B", type="PLACEBO_COMPARATOR", interventions=("Drug: Placebo",)),
        Arm(label="Arm C", type="NO_INTERVENTION", description="Watched."),
    )


def test_groups_that_cannot_all_be_read_are_unavailable() -> None:
    record = record_of(headings(with_facts()).replace(GROUPS, "60 participants in 3 patient groups"))
    assert record.unavailable["arms"] == "1 of 3 groups of patients could be read"
    assert record.arms.arms == ()


def test_sites_are_read_where_each_fact_is_labelled() -> None:
    lines = [
        *("2", "Facility: First Hospital", "City: Suzhou", "Country: China", "Status: Enrolling"),
        *("Facility", "Second Hospital", "City", "Reno", "State", "Nevada", "Zip", "89501", "Country", "United States"),
    ]
    record = record_with(Trial_contacts_and_locations=lines)
    assert record.locations == Locations(
        count=2,
        sites=(
            Site(facility="First Hospital", city="Suzhou", country="China", status="RECRUITING"),
            Site(facility="Second Hospital", city="Reno", state="Nevada", zip="89501", country="United States"),
        ),
    )
    assert "locations" not in record.unavailable


def test_sites_without_labels_are_unavailable_and_not_guessed() -> None:
    record = record_with(Trial_contacts_and_locations=["1", "First Hospital", "Suzhou, China"])
    assert record.locations == Locations(count=1)
    assert record.unavailable["locations"] == "shown without labels"


def test_phones_and_mail_addresses_belong_to_the_person_before_them() -> None:
    record = record_with(
        Central_trial_contact=["Lin Yang, Ph.D; Kim Ross", "+86 512 6778 1856 ext. 12", "E-mail: kim@example.org"]
    )
    assert record.contacts.central == (
        Contact(name="Lin Yang, Ph.D"),
        Contact(name="Kim Ross", phone="+86 512 6778 1856", phone_ext="12", email="kim@example.org"),
    )


def test_a_page_whose_place_for_contacts_names_nobody_has_no_contacts() -> None:
    text = text_of(WITH_NUMBER).replace("Central trial contact\n\nLin Yang, Ph.D; xiaowen tang, Ph.D\n", "")
    record = record_of(text, "text/plain")
    assert record.contacts.central == ()
    assert "contacts" not in record.unavailable
