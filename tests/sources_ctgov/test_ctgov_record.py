"""Study documents of the registry become records, whole and clean."""

from __future__ import annotations

import copy
from typing import Any

import orjson
import pytest

from monitor.errors import NotARecord
from monitor.model.people import Site
from monitor.model.record import TrialRecord
from monitor.model.sections import OtherId, Outcome, StudyDate
from monitor.sources.ctgov import normalise, raw_hash
from monitor.text.canonical import content_hash
from tests.sources_ctgov.documents import payload


@pytest.fixture
def study() -> Any:
    return payload("NCT06926543")


def test_a_recruiting_trial_is_read_section_by_section(study: Any) -> None:
    record = normalise(study, asked="NCT06926543")
    assert (record.source, record.registry_id) == ("ctgov", "NCT06926543")
    assert record.url == "https://clinicaltrials.gov/study/NCT06926543"
    assert record.identification.acronym == "CONCERT"
    assert record.identification.other_ids == ("4131", "CTRI/2023/06/054280")
    assert record.identification.other_id_details[1] == OtherId(
        id="CTRI/2023/06/054280", type="REGISTRY", domain="Clinical Trials Registry - India (ICMR-NIMS)"
    )
    assert record.status.overall == "RECRUITING"
    assert record.dates.start == StudyDate(date="2024-05-14", type="ACTUAL")
    assert record.dates.primary_completion == StudyDate(date="2031-05", type="ESTIMATED")
    assert record.dates.status_verified == StudyDate(date="2025-04")
    assert (record.sponsor.lead, record.sponsor.lead_class) == ("Dr. Tabassum Wadasadawala", "OTHER")
    assert record.design.phases == ("PHASE3",)
    assert (record.enrollment.count, record.enrollment.type) == (858, "ESTIMATED")
    assert [arm.label for arm in record.arms.arms] == ["Arm A: Standard Arm", "Arm B: Experimental arm"]
    assert record.outcomes.primary[0] == Outcome(
        measure="Study the 3-year Disease Free Survival.",
        time_frame="From enrollment to 3 years after treatment at six months intervals.",
    )
    assert record.locations.count == len(record.locations.sites) == 5
    assert record.eligibility.inclusion
    assert record.eligibility.exclusion
    assert (record.other, record.unavailable, record.unknown) == ({}, {}, ())


def test_escapes_leave_the_items_and_stay_in_the_raw_text(study: Any) -> None:
    eligibility = normalise(study).eligibility
    assert eligibility.raw == study["protocolSection"]["eligibilityModule"]["eligibilityCriteria"]
    assert "\\>" in str(eligibility.raw)
    assert "\\" not in "".join(item.text for item in (*eligibility.inclusion, *eligibility.exclusion))


def test_posted_results_and_documents_are_kept_with_clean_text() -> None:
    record = normalise(payload("NCT04520009"))
    assert record.results.has_results is True
    assert set(record.results.modules) == {
        "participantFlowModule",
        "baselineCharacteristicsModule",
        "outcomeMeasuresModule",
        "adverseEventsModule",
        "moreInfoModule",
    }
    assert record.documents.documents[0].filename
    assert record.other == {}


def test_the_mark_of_results_not_yet_posted_is_kept() -> None:
    record = normalise(payload("NCT02284659"))
    mark: Any = record.results.annotations["unpostedAnnotation"]
    assert mark["unpostedEvents"]


def test_an_older_number_is_an_alias_and_proves_the_record() -> None:
    document = payload("NCT00231166")
    (alias,) = document["protocolSection"]["identificationModule"]["nctIdAliases"]
    assert normalise(document, asked=alias).identification.aliases == (alias,)


def test_what_is_volatile_is_nowhere_in_the_record(study: Any) -> None:
    before = normalise(study)
    study["derivedSection"] = {"miscInfoModule": {"versionHolder": "2099-01-01"}}
    for site in study["protocolSection"]["contactsLocationsModule"]["locations"]:
        site["geoPoint"] = {"lat": 0.0, "lon": 0.0}
    study["protocolSection"]["eligibilityModule"]["stdAges"] = []
    assert normalise(study) == before


def test_a_paper_that_the_registry_found_is_a_reference_like_any_other(study: Any) -> None:
    derived = {"pmid": "99", "type": "DERIVED", "citation": "new"}
    study["protocolSection"]["referencesModule"].setdefault("references", []).append(derived)
    assert normalise(study).references.references[-1].type == "DERIVED"


def test_a_record_without_a_list_of_sites_has_none(study: Any) -> None:
    del study["protocolSection"]["contactsLocationsModule"]
    record = normalise(study)
    assert record.locations.count == 0
    assert record.locations.sites == ()


def test_criteria_may_be_missing(study: Any) -> None:
    del study["protocolSection"]["eligibilityModule"]["eligibilityCriteria"]
    eligibility = normalise(study).eligibility
    assert eligibility.raw is None
    assert (eligibility.inclusion, eligibility.exclusion, eligibility.other) == ((), (), ())


@pytest.mark.parametrize("date", ["2026", "2026-02", "2026-02-28"])
def test_dates_are_kept_as_given(study: Any, date: str) -> None:
    study["protocolSection"]["statusModule"]["startDateStruct"] = {"date": date}
    assert normalise(study).dates.start == StudyDate(date=date)


@pytest.mark.parametrize(
    "date", ["2026-02-30", "2026-13", "May 2026", "20260101", "2026-1-1", "0000", "٢٠٢٦", "2026-W1"]
)
def test_what_is_no_date_makes_no_record(study: Any, date: str) -> None:
    study["protocolSection"]["statusModule"]["startDateStruct"] = {"date": date}
    with pytest.raises(NotARecord, match=r"statusModule\.startDateStruct\.date is .*, which is no date\."):
        normalise(study)


def test_every_value_of_a_wrong_type_is_named_with_its_place(study: Any) -> None:
    protocol = study["protocolSection"]
    protocol["conditionsModule"]["conditions"] = "Cancer"
    protocol["designModule"]["enrollmentInfo"]["count"] = "858"
    protocol["oversightModule"]["oversightHasDmc"] = "yes"
    protocol["armsInterventionsModule"]["armGroups"] = [["Arm A"]]
    protocol["descriptionModule"]["briefSummary"] = {"text": "x"}
    with pytest.raises(NotARecord) as fault:
        normalise(study)
    assert set(fault.value.reasons) == {
        "protocolSection.conditionsModule.conditions is text where a list is expected.",
        "protocolSection.designModule.enrollmentInfo.count is text where a whole number is expected.",
        "protocolSection.oversightModule.oversightHasDmc is text where true or false is expected.",
        "protocolSection.armsInterventionsModule.armGroups[] is a list where an object is expected.",
        "protocolSection.descriptionModule.briefSummary is an object where text is expected.",
    }


def test_a_document_is_not_changed_by_reading_it(study: Any) -> None:
    kept = copy.deepcopy(study)
    normalise(study)
    raw_hash(study)
    assert study == kept


def test_reading_what_was_written_down_gives_the_same_record(study: Any) -> None:
    record = normalise(study)
    again = normalise(orjson.loads(orjson.dumps(study)))
    assert again == record
    assert content_hash(again) == content_hash(record)


def test_a_site_reads_as_it_is_spelled(study: Any) -> None:
    study["protocolSection"]["contactsLocationsModule"]["locations"] = [
        {"facility": "Tata  Memorial\u00a0Centre", "city": "Mumbai", "zip": " 400012 ", "country": "India"}
    ]
    record: TrialRecord = normalise(study)
    assert record.locations.sites == (
        Site(facility="Tata Memorial Centre", city="Mumbai", zip="400012", country="India"),
    )
