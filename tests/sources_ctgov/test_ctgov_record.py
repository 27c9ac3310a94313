"""Study documents of the registry become records, whole and clean."""

from __future__ import annotations

import copy
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from monitor.errors import NotARecord
from monitor.model.record import (
    SECTIONS,
    Contact,
    Criterion,
    OtherId,
    Outcome,
    Reference,
    Site,
    StudyDate,
    TrialRecord,
)
from monitor.sources.ctgov import normalise, raw_hash
from monitor.text.canonical import content_hash

PAYLOADS = Path(__file__).parents[1] / "payloads" / "ctgov"


def payload(number: str) -> Any:
    return orjson.loads((PAYLOADS / f"{number}.json").read_bytes())


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
    assert record.results.annotations["unpostedAnnotation"]["unpostedEvents"]  # type: ignore[index,call-overload]


def test_an_older_number_is_an_alias_and_proves_the_record() -> None:
    document = payload("NCT00231166")
    (alias,) = document["protocolSection"]["identificationModule"]["nctIdAliases"]
    assert normalise(document, asked=alias).identification.aliases == (alias,)


def whole_model() -> dict[str, Any]:
    """A document with every key of the published data model."""
    date, dated = "2026-01-02", {"date": "2026-01", "type": "ESTIMATED"}
    person = {"name": "A B", "role": "CONTACT", "phone": "1", "phoneExt": "2", "email": "a@example.org"}
    outcome = {"measure": "m", "description": "d", "timeFrame": "t"}
    protocol = {
        "identificationModule": {
            "nctId": "NCT00000001",
            "nctIdAliases": ["NCT00000002"],
            "orgStudyIdInfo": {"id": "X-1", "type": "NIH", "link": "https://example.org/?a=1&copy=2"},
            "secondaryIdInfos": [{"id": "X-2", "type": "OTHER", "domain": "D", "link": "https://example.org"}],
            "briefTitle": "B",
            "officialTitle": "O",
            "acronym": "A",
            "organization": {"fullName": "Org", "class": "INDUSTRY"},
        },
        "statusModule": {
            "statusVerifiedDate": "2026-01",
            "overallStatus": "UNKNOWN",
            "lastKnownStatus": "RECRUITING",
            "delayedPosting": True,
            "whyStopped": "W",
            "expandedAccessInfo": {
                "hasExpandedAccess": True,
                "nctId": "NCT00000003",
                "statusForNctId": "APPROVED_FOR_MARKETING",
            },
            "startDateStruct": dated,
            "primaryCompletionDateStruct": dated,
            "completionDateStruct": dated,
            "studyFirstSubmitDate": date,
            "studyFirstSubmitQcDate": date,
            "studyFirstPostDateStruct": dated,
            "resultsWaived": True,
            "resultsFirstSubmitDate": date,
            "resultsFirstSubmitQcDate": date,
            "resultsFirstPostDateStruct": dated,
            "dispFirstSubmitDate": date,
            "dispFirstSubmitQcDate": date,
            "dispFirstPostDateStruct": dated,
            "lastUpdateSubmitDate": date,
            "lastUpdatePostDateStruct": dated,
        },
        "sponsorCollaboratorsModule": {
            "responsibleParty": {
                "type": "SPONSOR",
                "investigatorFullName": "I",
                "investigatorTitle": "T",
                "investigatorAffiliation": "A",
                "oldNameTitle": "N",
                "oldOrganization": "O",
            },
            "leadSponsor": {"name": "L", "class": "NIH"},
            "collaborators": [{"name": "C", "class": "OTHER_GOV"}],
        },
        "oversightModule": {
            "oversightHasDmc": True,
            "isFdaRegulatedDrug": True,
            "isFdaRegulatedDevice": True,
            "isUnapprovedDevice": True,
            "isPpsd": True,
            "isUsExport": True,
            "fdaaa801Violation": True,
        },
        "descriptionModule": {"briefSummary": "S", "detailedDescription": "D"},
        "conditionsModule": {"conditions": ["C"], "keywords": ["K"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "nPtrsToThisExpAccNctId": 1,
            "expandedAccessTypes": {"individual": True, "intermediate": False, "treatment": True},
            "patientRegistry": False,
            "targetDuration": "5 Years",
            "phases": ["EARLY_PHASE1"],
            "designInfo": {
                "allocation": "NA",
                "interventionModel": "SEQUENTIAL",
                "interventionModelDescription": "I",
                "primaryPurpose": "ECT",
                "observationalModel": "NATURAL_HISTORY",
                "timePerspective": "CROSS_SECTIONAL",
                "maskingInfo": {"masking": "SINGLE", "maskingDescription": "M", "whoMasked": ["PARTICIPANT"]},
            },
            "bioSpec": {"retention": "SAMPLES_WITH_DNA", "description": "B"},
            "enrollmentInfo": {"count": 1, "type": "ACTUAL"},
        },
        "armsInterventionsModule": {
            "armGroups": [{"label": "L", "type": "OTHER", "description": "D", "interventionNames": ["Drug: X"]}],
            "interventions": [
                {"type": "GENETIC", "name": "X", "description": "D", "armGroupLabels": ["L"], "otherNames": ["Y"]}
            ],
        },
        "outcomesModule": {
            "primaryOutcomes": [outcome],
            "secondaryOutcomes": [outcome],
            "otherOutcomes": [outcome],
        },
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n* Age\n\nExclusion Criteria:\n\n* None",
            "healthyVolunteers": False,
            "sex": "FEMALE",
            "genderBased": True,
            "genderDescription": "G",
            "minimumAge": "12 Years",
            "maximumAge": "65 Years",
            "stdAges": ["CHILD"],
            "studyPopulation": "P",
            "samplingMethod": "PROBABILITY_SAMPLE",
        },
        "contactsLocationsModule": {
            "centralContacts": [person],
            "overallOfficials": [{"name": "N", "affiliation": "A", "role": "STUDY_CHAIR"}],
            "locations": [
                {
                    "facility": "F",
                    "status": "RECRUITING",
                    "city": "C",
                    "state": "S",
                    "zip": "01234",
                    "country": "Spain",
                    "contacts": [person],
                    "geoPoint": {"lat": 1.0, "lon": 2.0},
                }
            ],
        },
        "referencesModule": {
            "references": [
                {
                    "pmid": "1",
                    "type": "RESULT",
                    "citation": "C",
                    "retractions": [{"pmid": "2", "source": "J. 2018"}],
                },
                {"pmid": "3", "type": "DERIVED", "citation": "found by the registry", "retractions": [{"pmid": "4"}]},
            ],
            "seeAlsoLinks": [{"label": "L", "url": "https://example.org"}],
            "availIpds": [{"id": "I", "type": "T", "url": "https://example.org", "comment": "C"}],
        },
        "ipdSharingStatementModule": {
            "ipdSharing": "YES",
            "description": "D",
            "infoTypes": ["CSR"],
            "timeFrame": "T",
            "accessCriteria": "A",
            "url": "https://example.org",
        },
    }
    return {
        "protocolSection": protocol,
        "resultsSection": {
            "participantFlowModule": {"groups": []},
            "baselineCharacteristicsModule": {},
            "outcomeMeasuresModule": {},
            "adverseEventsModule": {},
            "moreInfoModule": {"pointOfContact": {"title": "T"}},
        },
        "annotationSection": {
            "annotationModule": {
                "unpostedAnnotation": {"unpostedResponsibleParty": "U", "unpostedEvents": [{"type": "RESET"}]},
                "violationAnnotation": {"violationEvents": [{"type": "VIOLATION_IDENTIFIED"}]},
            }
        },
        "documentSection": {
            "largeDocumentModule": {
                "noSap": True,
                "largeDocs": [
                    {
                        "typeAbbrev": "Prot_SAP",
                        "hasProtocol": True,
                        "hasSap": True,
                        "hasIcf": False,
                        "label": "L",
                        "date": "2016-03-17",
                        "uploadDate": "2019-12-13T18:01",
                        "filename": "Prot_SAP_000.pdf",
                        "size": 3,
                    }
                ],
            }
        },
        "derivedSection": {"miscInfoModule": {"versionHolder": "2026-11-20"}},
        "hasResults": True,
    }


def silent(value: Any, place: str) -> list[str]:
    """The fields of a record in which nothing arrived."""
    if is_dataclass(value):
        return [name for f in fields(value) for name in silent(getattr(value, f.name), f"{place}.{f.name}")]
    if isinstance(value, tuple) and value and is_dataclass(value[0]):
        return [name for each in value for name in silent(each, place)]
    return [place] if value in (None, (), {}) else []


def test_every_key_of_the_data_model_has_its_field_and_nothing_is_left_over() -> None:
    record = normalise(whole_model())
    assert record.other == {}
    assert record.unknown == ()
    empty = {name for section in SECTIONS for name in silent(getattr(record, section), section)}
    untyped = {name for name in empty if name.startswith("dates.") and name.endswith(".type")}
    leaves = {"eligibility.inclusion.children", "eligibility.exclusion.children"}
    assert empty - untyped - leaves == {"other", "eligibility.other", "identification.other_id_details.domain"}
    assert {name.split(".")[1].removesuffix("_qc") for name in untyped} == {
        "status_verified",
        "first_submitted",
        "last_update_submitted",
        "results_first_submitted",
        "disposition_first_submitted",
    }
    assert record.design.expanded_access_types == ("INDIVIDUAL", "TREATMENT")
    assert record.references.references == (
        Reference(pmid="1", type="RESULT", citation="C", retractions=("J. 2018 (PMID 2)",)),
    )
    assert record.identification.other_id_details[0].link == "https://example.org/?a=1&copy=2"
    assert record.eligibility.inclusion == (Criterion(text="Age"),)


def test_what_the_model_does_not_name_is_kept_under_its_path_and_told() -> None:
    study = whole_model()
    study["newSection"] = {"a": 1}
    study["protocolSection"]["newModule"] = ["x"]
    study["protocolSection"]["designModule"]["colour"] = "a \\> b"
    study["protocolSection"]["contactsLocationsModule"]["locations"][0]["beds"] = 3
    study["resultsSection"]["newModule"] = "kept"
    study["annotationSection"]["annotationModule"]["newAnnotation"] = {}
    record = normalise(study)
    assert record.other == {
        "newSection": {"a": 1},
        "protocolSection.newModule": ["x"],
        "protocolSection.designModule.colour": "a > b",
        "protocolSection.contactsLocationsModule.locations[].beds": [3],
        "resultsSection.newModule": "kept",
        "annotationSection.annotationModule.newAnnotation": {},
    }
    assert record.unknown == (
        "module newSection",
        "module protocolSection.newModule",
        "module resultsSection.newModule",
    )


def test_a_word_that_the_registry_never_used_is_kept_and_told_once() -> None:
    study = whole_model()
    study["protocolSection"]["statusModule"]["overallStatus"] = "PAUSED"
    site = study["protocolSection"]["contactsLocationsModule"]["locations"][0]
    site["status"] = "FULL"
    study["protocolSection"]["contactsLocationsModule"]["locations"] = [site, copy.deepcopy(site)]
    study["protocolSection"]["designModule"]["phases"] = ["PHASE2", "PHASE5"]
    record = normalise(study)
    assert record.status.overall == "PAUSED"
    assert record.design.phases == ("PHASE2", "PHASE5")
    assert set(record.unknown) == {"status.overall: PAUSED", "locations.sites.status: FULL", "design.phases: PHASE5"}
    assert len(record.unknown) == 3


def test_what_is_volatile_is_nowhere_in_the_record(study: Any) -> None:
    before = normalise(study)
    study["derivedSection"] = {"miscInfoModule": {"versionHolder": "2099-01-01"}}
    for site in study["protocolSection"]["contactsLocationsModule"]["locations"]:
        site["geoPoint"] = {"lat": 0.0, "lon": 0.0}
    study["protocolSection"]["eligibilityModule"]["stdAges"] = []
    study["protocolSection"]["referencesModule"].setdefault("references", []).append(
        {"pmid": "99", "type": "DERIVED", "citation": "new"}
    )
    assert normalise(study) == before


def test_an_unknown_number_of_people_is_no_number() -> None:
    study = whole_model()
    study["protocolSection"]["designModule"]["enrollmentInfo"] = {"count": 99999999, "type": "ESTIMATED"}
    assert normalise(study).enrollment.count is None
    study["protocolSection"]["designModule"]["enrollmentInfo"] = {"count": 0, "type": "ACTUAL"}
    assert normalise(study).enrollment.count == 0


def test_ids_that_stand_twice_are_listed_once() -> None:
    study = whole_model()
    study["protocolSection"]["identificationModule"]["secondaryIdInfos"] = [
        {"id": "X-1", "type": "OTHER"},
        {"id": " X-3 "},
        {"id": "X-3", "type": "CTIS"},
    ]
    identification = normalise(study).identification
    assert identification.other_ids == ("X-1", "X-3")
    assert len(identification.other_id_details) == 4


def test_addresses_are_not_taken_for_markup() -> None:
    study = whole_model()
    contact = {"name": "A", "email": "a_b\\c@example.org", "phone": "+1 (2)\n3"}
    study["protocolSection"]["contactsLocationsModule"]["centralContacts"] = [contact]
    assert normalise(study).contacts.central == (Contact(name="A", phone="+1 (2) 3", email="a_b\\c@example.org"),)


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
