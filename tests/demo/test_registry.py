"""The recorded registry answers as FACTS of the real one say: batches, absences, aliases, malformed questions."""

from __future__ import annotations

import httpx
import pytest

from monitor.demo.faults import Fault
from monitor.demo.registry import RecordedRegistry
from tests.demo.small import study


def numbers(page: httpx.Response) -> list[str]:
    return [one["protocolSection"]["identificationModule"]["nctId"] for one in page.json()["studies"]]


def test_the_version_moves_with_the_day(registry: RecordedRegistry, client: httpx.Client) -> None:
    def build() -> str:
        return str(client.get(f"{registry.ctgov_url}/version").json()["dataTimestamp"])

    first = build()
    assert build() == first
    registry.set_day(2)
    assert build() > first
    registry.set_day(3, data_timestamp="2026-11-20T09:00:05")
    assert build() == "2026-11-20T09:00:05"


def test_a_study_holds_from_its_day_until_a_newer_one(registry: RecordedRegistry, client: httpx.Client) -> None:
    registry.add_study(study("NCT00000001", "Old title"))
    registry.add_study(study("NCT00000001", "New title"), day=3)
    registry.withdraw_study("NCT00000001", day=5)
    url = f"{registry.ctgov_url}/studies/NCT00000001"
    seen = []
    for day in range(1, 6):
        registry.set_day(day)
        answer = client.get(url)
        seen.append(answer.json()["protocolSection"]["identificationModule"]["briefTitle"] if answer.is_success else "")
    assert seen == ["Old title", "Old title", "New title", "New title", ""]


def test_a_batch_leaves_out_unknown_numbers_and_joins_doubles(registry: RecordedRegistry, client: httpx.Client) -> None:
    for n in (1, 2, 3):
        registry.add_study(study(f"NCT0000000{n}"))
    asked = {"filter.ids": "NCT00000003,NCT00000001|NCT00000003,NCT99999999"}
    assert numbers(client.get(f"{registry.ctgov_url}/studies", params=asked)) == ["NCT00000001", "NCT00000003"]


@pytest.mark.parametrize("bad", ["NCT123", "NCT00000000", "", "nonsense"])
def test_one_malformed_number_spoils_the_batch(registry: RecordedRegistry, client: httpx.Client, bad: str) -> None:
    registry.add_study(study("NCT00000001"))
    answer = client.get(f"{registry.ctgov_url}/studies", params={"filter.ids": f"NCT00000001,{bad}"})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")


def test_pages_are_small_unless_asked_and_their_tokens_die_with_the_build(
    registry: RecordedRegistry, client: httpx.Client
) -> None:
    for n in range(1, 26):
        registry.add_study(study(f"NCT000000{n:02}"))
    url = f"{registry.ctgov_url}/studies"
    first = client.get(url)
    assert len(numbers(first)) == 10
    token = first.json()["nextPageToken"]
    assert numbers(client.get(url, params={"pageToken": token}))[0] == "NCT00000011"
    whole = client.get(url, params={"pageSize": 5000, "countTotal": "true"}).json()
    assert (whole["totalCount"], "nextPageToken" in whole) == (25, False)
    registry.set_day(2)
    assert client.get(url, params={"pageToken": token}).status_code == 400
    assert client.get(url, params={"pageToken": "rubbish"}).status_code == 400


def test_an_alias_sends_on_and_an_absence_names_its_number(registry: RecordedRegistry, client: httpx.Client) -> None:
    registry.add_study(study("NCT00000001"))
    registry.add_alias("NCT00000009", "NCT00000001")
    alias = client.get(f"{registry.ctgov_url}/studies/NCT00000009?fields=NCTId")
    assert (alias.status_code, alias.headers["location"]) == (301, "/api/v2/studies/NCT00000001")
    absent = client.get(f"{registry.ctgov_url}/studies/NCT00000008")
    assert absent.status_code == 404
    assert "NCT00000008" in absent.text
    assert absent.headers["content-type"].startswith("text/plain")
    assert client.get(f"{registry.ctgov_url}/studies/NCT8").status_code == 400
    wrong_path = client.get(f"{registry.ctgov_url}/study/NCT00000001")
    assert (wrong_path.status_code, wrong_path.headers["content-type"]) == (404, "text/html")


def test_titles_are_found_by_their_words_and_brackets_need_quotation_marks(
    registry: RecordedRegistry, client: httpx.Client
) -> None:
    registry.add_study(study("NCT00000001", "CD5 Cells (Part A)"))
    registry.add_study(study("NCT00000002", "CD7 Cells (Part A)"))
    url = f"{registry.ctgov_url}/studies"
    assert numbers(client.get(url, params={"query.titles": '"CD5 Cells (Part A)"'})) == ["NCT00000001"]
    assert numbers(client.get(url, params={"query.titles": "cells part", "query.lead": "university"})) == [
        "NCT00000001",
        "NCT00000002",
    ]
    assert client.get(url, params={"query.titles": "CD5 Cells (Part A)"}).status_code == 400


def test_fields_cut_a_study_down_and_unknown_ones_are_refused(registry: RecordedRegistry, client: httpx.Client) -> None:
    registry.add_study(study("NCT00000001"))
    url = f"{registry.ctgov_url}/studies/NCT00000001"
    cut = client.get(url, params={"fields": "NCTId,LeadSponsorName|StatusModule,hasResults"}).json()
    assert cut == {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "statusModule": {"overallStatus": "RECRUITING"},
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "A University"}},
        },
        "hasResults": False,
    }
    refused = client.get(url, params={"fields": "Nonsense"})
    assert refused.status_code == 400
    assert "Nonsense" in refused.text


def test_pages_of_the_mirror_change_and_go_by_day(registry: RecordedRegistry, client: httpx.Client) -> None:
    registry.add_page("a-trial", "<h1>Ein Stück</h1>")
    registry.add_page("a-trial", "<h1>Newer</h1>", day=2)
    registry.withdraw_page("a-trial", day=3)
    url = f"{registry.ctv_url}/study/a-trial"
    assert client.get(url).text == "<h1>Ein Stück</h1>"
    registry.set_day(2)
    assert client.get(url).text == "<h1>Newer</h1>"
    registry.set_day(3)
    assert client.get(url).status_code == 404
    assert client.get(f"{registry.ctv_url}/study/another").status_code == 404


def test_faults_meet_the_nth_request_and_then_the_truth_returns(
    registry: RecordedRegistry, client: httpx.Client
) -> None:
    registry.add_study(study("NCT00000001"))
    registry.add_study(study("NCT00000002"))
    registry.faults.once("NCT00000001", None, Fault(status=429, headers={"Retry-After": "7"}, body=b"slow down"))
    url = f"{registry.ctgov_url}/studies/NCT0000000"
    answers = [client.get(f"{url}1"), client.get(f"{url}2"), client.get(f"{url}1"), client.get(f"{url}1")]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 200]
    assert (answers[2].headers["retry-after"], answers[2].text) == ("7", "slow down")


def test_a_standing_fault_stays_until_it_is_cleared(registry: RecordedRegistry, client: httpx.Client) -> None:
    url = f"{registry.ctgov_url}/version"
    registry.faults.always("/version", Fault(alter=lambda body: body[:5]))
    assert [len(client.get(url).content) for _ in range(3)] == [5, 5, 5]
    registry.faults.clear()
    assert client.get(url).json()["apiVersion"]


def test_a_cut_body_ends_short_of_its_promise(registry: RecordedRegistry, client: httpx.Client) -> None:
    registry.faults.once("/version", Fault(cut_after=10))
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(f"{registry.ctgov_url}/version")
    assert client.get(f"{registry.ctgov_url}/version").is_success


def test_every_request_is_kept_with_its_headers_and_moment(registry: RecordedRegistry, client: httpx.Client) -> None:
    client.get(f"{registry.ctgov_url}/version", headers={"User-Agent": "someone"})
    client.get(f"{registry.ctv_url}/study/x")
    first, second = registry.requests
    assert (first.target, first.headers["user-agent"]) == ("/api/v2/version", "someone")
    assert second.target == "/study/x"
    assert first.at <= second.at
    assert len(registry.asked_for("/study/")) == 1
    registry.forget_requests()
    assert registry.requests == ()


def test_large_answers_are_packed_for_those_who_can_unpack(registry: RecordedRegistry, client: httpx.Client) -> None:
    registry.add_study(study("NCT00000001", "long " * 1000))
    url = f"{registry.ctgov_url}/studies/NCT00000001"
    packed = client.get(url)
    plain = client.get(url, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()


def test_it_listens_on_loopback_only(registry: RecordedRegistry) -> None:
    assert registry.ctgov_url.startswith("http://127.0.0.1:")
    assert registry.ctv_url.startswith("http://127.0.0.1:")
