"""The registry's answers, good and bad, become one reading for each trial asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import orjson
import pytest

from monitor.errors import AddressRefused, FetchFailed, HostResting
from monitor.model.reading import Absent, Failed, Merged, Reading, Refused, Same, Sound, Suspicious, Throttled
from monitor.model.watch import RecordKey
from monitor.sources import normalise
from monitor.sources.ctgov.client import read_studies
from monitor.sources.ctgov.raw import raw_hash
from tests.sources_ctgov.registry import (
    BASE,
    NOW,
    SEED,
    UNTIL,
    Answer,
    Registry,
    answer,
    as_json,
    fails,
    registry_of,
    study,
)


def read(registry: Registry, ids: Sequence[str], known: dict[str, str] | None = None) -> dict[str, Reading]:
    async def collect() -> list[Reading]:
        return [each async for batch in read_studies(registry, BASE, ids, known or {}) for each in batch]

    readings = asyncio.run(collect())
    assert [each.key.source_id for each in readings] == list(dict.fromkeys(ids))
    return {each.key.source_id: each for each in readings}


def read_one(registry: Registry, name: str = "NCT00000001") -> Reading:
    return read(registry, [name])[name]


def test_a_thousand_known_trials_cost_ten_requests() -> None:
    registry = registry_of(1000)
    known = {name: raw_hash(document) for name, document in registry.studies.items()}
    readings = read(registry, list(registry.studies), known)
    assert set(map(type, readings.values())) == {Same}
    assert len(registry.asked) == 10


def test_a_sound_reading_carries_the_body_that_it_was_read_from() -> None:
    reading = read_one(registry_of(1))
    assert isinstance(reading, Sound)
    assert reading.body.media_type == "application/json"
    assert normalise(reading.key, reading.body) == reading.record
    assert reading.raw_hash == raw_hash(orjson.loads(reading.body.content))


def test_only_what_changed_is_normalised() -> None:
    registry = registry_of(3)
    known = {name: raw_hash(document) for name, document in registry.studies.items()}
    registry.studies["NCT00000002"]["protocolSection"]["statusModule"]["overallStatus"] = "TERMINATED"
    registry.studies["NCT00000003"]["derivedSection"] = {"miscInfoModule": {"versionHolder": "2026-11-23"}}
    readings = read(registry, list(registry.studies), known)
    assert [type(each) for each in readings.values()] == [Same, Sound, Same]


def test_an_id_named_twice_is_read_once() -> None:
    registry = registry_of(2)
    assert len(read(registry, ["NCT00000001", "NCT00000002", "NCT00000001"])) == 2


def test_an_unknown_trial_is_absent_in_the_registry_s_words() -> None:
    registry = registry_of(2)
    readings = read(registry, ["NCT00000001", "NCT09999999", "NCT00000002"])
    assert readings["NCT09999999"] == Absent(
        key=RecordKey(source="ctgov", source_id="NCT09999999"),
        message='ClinicalTrials.gov says: "NCT number NCT09999999 not found"',
    )
    assert isinstance(readings["NCT00000002"], Sound)
    assert len(registry.asked) == 2


def test_an_older_number_is_merged_into_the_surviving_record() -> None:
    registry = Registry(studies={"NCT00000001": study("NCT00000001", aliases=["NCT00000009"])})
    reading = read_one(registry, "NCT00000009")
    assert isinstance(reading, Merged)
    assert reading.into == RecordKey(source="ctgov", source_id="NCT00000001")


def test_an_older_number_answered_in_the_list_is_merged_too() -> None:
    survivor = study("NCT00000001", aliases=["NCT00000009"])
    registry = Registry(instead={"filter.ids": as_json({"studies": [survivor]})})
    readings = read(registry, ["NCT00000009", "NCT00000001"])
    assert isinstance(readings["NCT00000009"], Merged)
    assert isinstance(readings["NCT00000001"], Sound)
    assert len(registry.asked) == 1


@pytest.mark.parametrize(
    "location",
    [
        "https://login.example.org/?next=/api/v2/studies/NCT00000001",
        "https://evil.example.org/api/v2/studies/NCT00000001",
        "/api/v2/studies/NCT00000009",
        "/maintenance",
        "https://[::1/api/v2/studies/NCT00000001",
        "/api/v2/studies/NCT00000000",
        "",
    ],
)
def test_a_redirect_elsewhere_is_no_merge(location: str) -> None:
    registry = Registry(instead={"/studies/": answer(301, b"", location=location)})
    assert isinstance(read_one(registry, "NCT00000009"), Failed)


@pytest.mark.parametrize("survivor", [study("NCT00000001"), study("NCT00000002", aliases=["NCT00000009"]), {}, []])
def test_a_redirect_to_a_record_that_does_not_name_the_older_number_is_no_merge(survivor: object) -> None:
    sends_on = answer(301, b"", location="/api/v2/studies/NCT00000001")
    registry = Registry(instead={"/studies/NCT00000009": sends_on, "/studies/NCT00000001": as_json(survivor)})
    assert isinstance(read_one(registry, "NCT00000009"), Failed)


def test_a_passing_redirect_is_no_merge() -> None:
    registry = Registry(instead={"/studies/": answer(302, b"", location="/api/v2/studies/NCT00000001")})
    assert isinstance(read_one(registry, "NCT00000009"), Failed)


@pytest.mark.parametrize(
    ("give", "kind", "told"),
    [
        (answer(200, b"<!DOCTYPE html><p>Maintenance", "text/html"), Failed, "a web page instead of data"),
        (answer(200, b"  <html>", "application/json"), Failed, "a web page instead of data"),
        (answer(200, b"", "application/json"), Failed, "an empty answer"),
        (answer(200, b'{"studies": [{"protocolSec', "application/json"), Failed, "cut or garbled"),
        (answer(200, b"[]", "application/json"), Failed, "data of another kind"),
        (as_json({"message": "ok"}), Failed, "without the list of studies"),
        (as_json({"studies": None}), Failed, "without the list of studies"),
        (as_json({"studies": {"NCT00000001": {}}}), Failed, "without the list of studies"),
        (answer(204, b""), Failed, "answered 204"),
        (answer(400, b"`filter.ids` has\x1b[31m a bad id"), Failed, 'malformed (400): "`filter.ids` has[31m a bad id"'),
        (answer(404, b"<h1>Not found</h1>", "text/html"), Failed, "Check base_url"),
        (answer(404, b"<h1>NCT00000001 not found</h1>", "text/html"), Failed, "Check base_url"),
        (answer(401, b""), Refused, "answered 401; it is not asked again before 2026-11-23T10:00:00Z"),
        (answer(403, b"<html>denied"), Refused, "answered 403; it is not asked again before 2026-11-23T10:00:00Z"),
        (answer(429, b"slow down"), Throttled, "answered 429; it is not asked again before 2026-11-23T10:00:00Z"),
        (answer(503, b""), Throttled, "answered 503; it is not asked again before 2026-11-23T10:00:00Z"),
        (answer(500, b"oops"), Failed, "a fault of its own (500)"),
        (answer(302, b"", location="https://login.example.org"), Failed, "login.example.org"),
        (fails(FetchFailed("The connection broke off.")), Failed, "The connection broke off."),
        (fails(AddressRefused("127.0.0.1 is a private address.")), Refused, "private address"),
        (fails(HostResting("clinicaltrials.gov", 429, NOW)), Throttled, "answered 429"),
        (fails(HostResting("clinicaltrials.gov", 403, NOW)), Refused, "answered 403"),
    ],
)
def test_a_list_that_fails_says_so_of_every_trial_and_is_not_pressed(
    give: Answer, kind: type[Reading], told: str
) -> None:
    registry = Registry(instead={"": give})
    readings = read(registry, ["NCT00000001", "NCT00000002"])
    assert set(map(type, readings.values())) == {kind}
    assert all(told in each.message for each in readings.values() if isinstance(each, Failed | Refused | Throttled))
    assert len(registry.asked) == 1


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_a_host_that_refuses_is_asked_once_and_says_until_when(status: int) -> None:
    registry = Registry(instead={"": answer(status, b"")})
    reading = read_one(registry)
    assert isinstance(reading, Refused | Throttled)
    assert reading.until == UNTIL
    assert len(registry.asked) == 1


@pytest.mark.parametrize(
    ("give", "kind"),
    [
        (answer(404, b"Not found"), Failed),
        (answer(404, b"<p>NCT00000009</p>", "text/html"), Failed),
        (answer(410, b"NCT00000009 was taken down"), Absent),
        (answer(200, b"<html>", "text/html"), Failed),
        (answer(403, b""), Refused),
        (answer(429, b""), Throttled),
        (answer(502, b""), Failed),
        (as_json({}), Suspicious),
        (as_json(SEED), Suspicious),
        (fails(FetchFailed("The connection broke off.")), Failed),
    ],
)
def test_a_single_look_up_that_fails_is_told_of_that_trial_alone(give: Answer, kind: type[Reading]) -> None:
    registry = registry_of(2)
    registry.instead["/studies/NCT00000009"] = give
    readings = read(registry, ["NCT00000001", "NCT00000009", "NCT00000002"])
    assert [type(each) for each in readings.values()] == [Sound, kind, Sound]


def test_a_garbled_study_is_suspicious_alone() -> None:
    registry = registry_of(3)
    del registry.studies["NCT00000002"]["protocolSection"]["eligibilityModule"]
    readings = read(registry, list(registry.studies))
    assert [type(each) for each in readings.values()] == [Sound, Suspicious, Sound]
    suspicious = readings["NCT00000002"]
    assert isinstance(suspicious, Suspicious)
    assert suspicious.reasons == ("The eligibility module is missing.",)
    assert orjson.loads(suspicious.body.content) == registry.studies["NCT00000002"]


def test_a_known_hash_does_not_vouch_for_another_trial() -> None:
    registry = Registry(instead={"": as_json({"studies": [study("NCT00000002")]})})
    registry.instead = {"filter.ids": registry.instead[""], "/studies/NCT00000001": as_json(study("NCT00000002"))}
    reading = read_one(registry)
    assert isinstance(reading, Suspicious)
    assert reading.reasons == ("The body is the record of NCT00000002, not of NCT00000001.",)


def test_items_of_a_list_that_are_no_studies_are_looked_up() -> None:
    registry = registry_of(2)
    registry.instead["filter.ids"] = as_json({"studies": [None, 7, {}, {"protocolSection": []}]})
    assert set(map(type, read(registry, list(registry.studies)).values())) == {Sound}


def test_a_list_that_is_cut_into_pages_is_followed() -> None:
    registry = registry_of(25)
    registry.page = 10
    assert set(map(type, read(registry, list(registry.studies)).values())) == {Sound}
    assert len(registry.asked) == 3
    assert registry.asked[1].startswith(f"{registry.asked[0]}&pageToken=")


def test_a_list_without_end_is_left() -> None:
    registry = registry_of(2)
    same = {"studies": [registry.studies["NCT00000001"]], "nextPageToken": "again"}
    registry.instead["filter.ids"] = as_json(same)
    assert set(map(type, read(registry, list(registry.studies)).values())) == {Sound}
    assert len(registry.asked) == 3


def test_a_page_that_fails_spares_what_was_read_before() -> None:
    registry = registry_of(15)
    registry.page = 10
    registry.instead["pageToken"] = answer(400, b"token is not valid")
    kinds = [type(each) for each in read(registry, list(registry.studies)).values()]
    assert (kinds.count(Sound), kinds.count(Failed)) == (10, 5)


def test_a_list_that_leaves_out_what_is_there_is_not_made_good_one_by_one() -> None:
    registry = registry_of(100)
    registry.hidden = set(registry.studies)
    kinds = [type(each) for each in read(registry, list(registry.studies)).values()]
    assert (kinds.count(Sound), kinds.count(Failed)) == (10, 90)
    assert len(registry.asked) == 11


def test_an_outage_is_given_up_after_three_failures() -> None:
    registry = registry_of(1000)
    registry.instead[""] = fails(FetchFailed("The connection broke off."))
    readings = read(registry, list(registry.studies))
    assert set(map(type, readings.values())) == {Failed}
    assert len(registry.asked) == 3


def test_a_resting_host_is_named_for_every_batch() -> None:
    registry = registry_of(1000)
    registry.instead[""] = fails(HostResting("clinicaltrials.gov", 429, NOW))
    assert set(map(type, read(registry, list(registry.studies)).values())) == {Throttled}


def test_what_is_no_number_never_reaches_the_registry() -> None:
    registry = registry_of(1)
    readings = read(registry, ["NCT00000001", "NCT123", "NCT00000000", "x&y=1"])
    assert [type(each) for each in readings.values()] == [Sound, Failed, Failed, Failed]
    assert len(registry.asked) == 1


def test_a_record_nested_without_end_is_a_failure() -> None:
    raw = orjson.dumps({"studies": [study("NCT00000001")]})
    nested = raw[:-3] + b',"x":' + b"[" * 300 + b"]" * 300 + b"}]}"
    reading = read_one(Registry(instead={"": answer(200, nested, "application/json")}))
    assert isinstance(reading, Failed)
    assert "nested more deeply" in reading.message
