"""A document is a record only if it proves to be the complete one of the trial asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from monitor.errors import NotARecord
from monitor.model.reading import Body
from monitor.model.watch import RecordKey
from monitor.sources import normalise
from monitor.sources.ctgov.gate import prove

PAYLOAD = Path(__file__).parents[1] / "payloads" / "ctgov" / "NCT06926543.json"
NUMBER = "NCT06926543"


@pytest.fixture
def study() -> Any:
    return orjson.loads(PAYLOAD.read_bytes())


def reasons(study: Any, asked: str | None = NUMBER) -> tuple[str, ...]:
    with pytest.raises(NotARecord) as fault:
        prove(study, asked)
    return fault.value.reasons


def test_a_whole_record_passes(study: Any) -> None:
    prove(study, NUMBER)
    prove(study)


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("identificationModule", "The identification module is missing."),
        ("statusModule", "The status module is missing."),
        ("sponsorCollaboratorsModule", "The sponsor module is missing."),
        ("descriptionModule", "The description module is missing."),
        ("conditionsModule", "The conditions module is missing."),
        ("designModule", "The design module is missing."),
        ("eligibilityModule", "The eligibility module is missing."),
    ],
)
@pytest.mark.parametrize("left", [None, {}, "absent"])
def test_a_module_that_is_missing_or_empty_is_named(study: Any, module: str, reason: str, left: Any) -> None:
    study["protocolSection"][module] = left
    if left == "absent":
        del study["protocolSection"][module]
    assert reasons(study) == (reason,)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (("identificationModule", "nctId"), "The NCT number is missing."),
        (("identificationModule", "briefTitle"), "The brief title is missing."),
        (("statusModule", "overallStatus"), "The overall status is missing."),
        (("sponsorCollaboratorsModule", "leadSponsor"), "The lead sponsor is missing."),
        (("designModule", "studyType"), "The study type is missing."),
    ],
)
@pytest.mark.parametrize("left", [None, "", "  \n"])
def test_a_field_that_says_nothing_is_named(study: Any, path: tuple[str, str], reason: str, left: Any) -> None:
    study["protocolSection"][path[0]][path[1]] = left
    assert reasons(study) == (reason,)


@pytest.mark.parametrize(
    "module", ["contactsLocationsModule", "outcomesModule", "armsInterventionsModule", "oversightModule"]
)
def test_other_modules_may_be_missing(study: Any, module: str) -> None:
    del study["protocolSection"][module]
    prove(study, NUMBER)


def test_the_record_of_another_trial_is_refused(study: Any) -> None:
    assert reasons(study, "NCT01234567") == ("The body is the record of NCT06926543, not of NCT01234567.",)


def test_a_record_that_lists_the_number_as_an_older_one_is_the_one_asked_for(study: Any) -> None:
    study["protocolSection"]["identificationModule"]["nctIdAliases"] = ["NCT01234567"]
    prove(study, "NCT01234567")


@pytest.mark.parametrize("study", [{}, {"protocolSection": None}, {"protocolSection": {}}, {"error": "maintenance"}])
def test_a_document_without_protocol_is_refused(study: Any) -> None:
    assert reasons(study) == ("The protocol section is missing.",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The body is not complete JSON (it is empty)."),
        (b'{"protocolSection": {"identificationModule": {"nctId": "NCT0', "The body is not complete JSON"),
        (b"<!doctype html><title>Maintenance</title>", "The body is not complete JSON"),
        (b"null", "The body is not a JSON object."),
        (b'"NCT06926543"', "The body is not a JSON object."),
        (b"[]", "The list holds 0 studies where one is expected."),
        (b'{"studies": []}', "The list holds 0 studies where one is expected."),
        (b'{"studies": [{}, {}]}', "The list holds 2 studies where one is expected."),
        (b'{"studies": [1]}', "The body is not a JSON object."),
        (b"\xff\xfe{}", "The body is not complete JSON"),
    ],
)
def test_bytes_that_hold_no_study_say_why(content: bytes, reason: str) -> None:
    with pytest.raises(NotARecord) as fault:
        normalise("ctgov", Body(content=content, media_type="application/json"))
    assert fault.value.reasons[0].startswith(reason)


@pytest.mark.parametrize("wrap", [b"%b", b'{"studies": [%b], "totalCount": 1}', b"[%b]", b"\xef\xbb\xbf  %b\n"])
def test_a_bare_study_and_a_list_of_one_are_the_same_record(study: Any, wrap: bytes) -> None:
    body = Body(content=wrap % orjson.dumps(study), media_type="application/json")
    assert normalise("ctgov", body).registry_id == NUMBER
    assert normalise(RecordKey(source="ctgov", source_id=NUMBER), body) == normalise("ctgov", body)


def test_every_prefix_of_a_body_is_refused() -> None:
    whole = PAYLOAD.read_bytes().rstrip()
    for end in range(0, len(whole) - 1, 97):
        with pytest.raises(NotARecord):
            normalise("ctgov", Body(content=whole[:end], media_type="application/json"))
