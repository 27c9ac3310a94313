"""Every key of the registry's data model has its place in the record; what has none is kept and told."""

from __future__ import annotations

import copy
from dataclasses import fields, is_dataclass
from typing import Any

from monitor.model.papers import Reference
from monitor.model.people import Contact
from monitor.model.record import SECTIONS
from monitor.model.sections import Criterion
from monitor.sources.ctgov import normalise
from tests.sources_ctgov.documents import whole_model


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
        Reference(pmid="3", type="DERIVED", citation="found by the registry", retractions=("PMID 4",)),
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
    assert set(record.unknown) == {
        "module newSection",
        "module protocolSection.newModule",
        "module resultsSection.newModule",
        "key protocolSection.designModule.colour",
        "key protocolSection.contactsLocationsModule.locations[].beds",
        "key annotationSection.annotationModule.newAnnotation",
    }
    assert len(record.unknown) == 6


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
