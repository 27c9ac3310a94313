"""Asking the registry what it has: existence, titles, the version of its data."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.errors import FetchFailed, HostResting
from monitor.sources.ctgov.client import data_version, exist, find_by_title
from tests.sources_ctgov.registry import (
    BASE,
    SEED,
    UNTIL,
    Answer,
    Registry,
    answer,
    as_json,
    fails,
    number,
    registry_of,
    study,
)


def test_existence_is_asked_in_batches_and_doubts_are_none() -> None:
    registry = registry_of(150)
    registry.studies["NCT00000001"] = study("NCT00000001", aliases=["NCT00000777"])
    registry.instead["/studies/NCT00000888"] = answer(500, b"")
    ids = [*registry_of(150).studies, "NCT00000777", "NCT00000999", "NCT00000888", "NCT12"]
    found = asyncio.run(exist(registry, BASE, ids))
    assert {name: there for name, there in found.items() if there is not True} == {
        "NCT00000999": False,
        "NCT00000888": None,
        "NCT12": False,
    }
    assert list(found) == ids
    assert len(registry.asked) == 6, "an older number costs a second question"


def test_existence_of_all_is_unknown_when_the_registry_is_down() -> None:
    registry = Registry(instead={"": answer(503, b"")})
    assert asyncio.run(exist(registry, BASE, ["NCT00000001", "NCT00000002"])) == {
        "NCT00000001": None,
        "NCT00000002": None,
    }
    assert len(registry.asked) == 1


def find(registry: Registry, title: str, sponsor: str) -> str | None:
    return asyncio.run(find_by_title(registry, BASE, title, sponsor))


def test_a_trial_is_found_by_its_exact_title_and_sponsor() -> None:
    sponsor = SEED["protocolSection"]["sponsorCollaboratorsModule"]["leadSponsor"]["name"]
    registry = Registry(
        studies={
            "NCT00000001": study("NCT00000001", title="CD7 CAR-T (Humanized) AND \u201cchemo\u201d [Part 1]"),
            "NCT00000002": study("NCT00000002", title="CD7 CAR-T (Humanized) AND more"),
        }
    )
    assert find(registry, 'cd7 CAR\u2011T (humanized) AND "chemo"  [Part 1]', sponsor.upper()) == "NCT00000001"
    assert find(registry, "CD7 CAR-T (Humanized)", sponsor) is None
    assert find(registry, "CD7 CAR-T (Humanized) AND more", "Somebody else") is None
    query = parse_qs(urlsplit(registry.asked[0]).query)
    assert query["query.titles"] == ["cd7 CAR\u2011T humanized and chemo Part 1"]
    assert query["fields"] == ["NCTId,BriefTitle,LeadSponsorName"]


def test_a_title_that_two_trials_share_finds_none() -> None:
    sponsor = SEED["protocolSection"]["sponsorCollaboratorsModule"]["leadSponsor"]["name"]
    registry = Registry(studies={number(n): study(number(n), title="The same title") for n in (1, 2)})
    assert find(registry, "The same title", sponsor) is None


def test_without_title_or_sponsor_nothing_is_asked() -> None:
    registry = registry_of(1)
    assert find(registry, "()[]", "Somebody") is None
    assert find(registry, "A title", " ") is None
    assert registry.asked == []


def test_a_search_that_fails_is_not_an_empty_one() -> None:
    for give in (answer(503, b""), as_json({}), fails(FetchFailed("broken"))):
        with pytest.raises(FetchFailed):
            find(Registry(instead={"": give}), "A title", "Somebody")


def test_the_data_version_is_read() -> None:
    version = {"apiVersion": "2.0.5", "dataTimestamp": "2026-11-20T09:00:05"}
    read_version = asyncio.run(data_version(Registry(instead={"/version": as_json(version)}), BASE))
    assert (read_version.api_version, read_version.data_timestamp) == ("2.0.5", "2026-11-20T09:00:05")


@pytest.mark.parametrize(
    "give",
    [
        as_json({"apiVersion": "2.0.5"}),
        as_json({"dataTimestamp": 20261120}),
        as_json([]),
        answer(200, b"<html>", "text/html"),
        answer(404, b"", "text/html"),
        answer(500, b""),
    ],
)
def test_a_data_version_that_is_none_raises(give: Answer) -> None:
    with pytest.raises(FetchFailed):
        asyncio.run(data_version(Registry(instead={"/version": give}), BASE))


@pytest.mark.parametrize("status", [403, 429])
def test_a_host_that_refuses_its_data_version_is_at_rest(status: int) -> None:
    registry = Registry(instead={"/version": answer(status, b"")})
    with pytest.raises(HostResting) as rest:
        asyncio.run(data_version(registry, BASE))
    assert (rest.value.status, rest.value.until) == (status, UNTIL)
    assert len(registry.asked) == 1
