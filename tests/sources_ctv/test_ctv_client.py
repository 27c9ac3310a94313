"""What each answer to a request for a study page means."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.egress.fetched import Fetched
from monitor.errors import AddressRefused, FetchFailed, HostResting
from monitor.model.reading import Absent, Failed, Merged, Reading, Refused, Sound, Suspicious, Throttled
from monitor.model.record import TrialRecord
from monitor.model.watch import RecordKey
from monitor.sources.ctv.client import read_page
from monitor.text.canonical import content_hash
from tests.sources_ctv.pages import plain_record
from tests.sources_ctv.skins import SKINS, WITH_NUMBER, WITHOUT_NUMBER, content_of, headings, table

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SITE = "https://pages.example.org"
SLUG = WITHOUT_NUMBER
KEY = RecordKey(source="ctv", source_id=SLUG)
Answer = Fetched | Exception


class Site:
    """Answers by path, and remembers what it was asked."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def get(self, url: str, *, accept: str) -> Fetched:
        assert "text/html" in accept
        self.asked.append(url)
        answer = self.answers[url.removeprefix(SITE)]
        if isinstance(answer, Exception):
            raise answer
        return answer


def answer(status: int = 200, body: str = "", **headers: str) -> Fetched:
    named = {"content-type": "text/html; charset=utf-8", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return Fetched(status=status, headers=named, body=body.encode(), url=SITE, fetched_at=NOW)


def read(
    answers: Mapping[str, Answer] | Answer, *, last: TrialRecord | None = None, expected: str | None = None
) -> Reading:
    site = Site(answers if isinstance(answers, Mapping) else {f"/study/{SLUG}": answers})
    return asyncio.run(read_page(site, SITE + "/", SLUG, last=last, expected=expected))


def page_of(slug: str) -> Fetched:
    return answer(body=headings(content_of(slug)))


def test_a_complete_page_is_sound_with_its_public_address() -> None:
    reading = read(page_of(SLUG))
    assert isinstance(reading, Sound)
    assert reading.key == KEY
    assert reading.record.url == f"https://ctv.veeva.com/study/{SLUG}"
    assert reading.raw_hash == content_hash(reading.record)


def test_the_hash_of_a_page_does_not_see_its_markup() -> None:
    readings = [read(answer(body=skin(content_of(SLUG)))) for skin in SKINS]
    assert len({reading.raw_hash for reading in readings if isinstance(reading, Sound)}) == 1
    assert all(isinstance(reading, Sound) for reading in readings)


def test_the_number_expected_is_proof_whatever_the_title() -> None:
    last = replace(plain_record(WITH_NUMBER), url="x")
    assert isinstance(read(page_of(WITH_NUMBER), last=last, expected="NCT04762485"), Sound)


def test_a_page_with_another_number_is_suspicious() -> None:
    reading = read(page_of(WITH_NUMBER), expected="NCT01234567")
    assert isinstance(reading, Suspicious)
    assert reading.reasons == ("The page is of NCT04762485, not of NCT01234567.",)


def test_a_page_that_shows_another_number_than_last_time_is_suspicious() -> None:
    other = replace(plain_record(WITH_NUMBER), registry_id="NCT01234567")
    assert isinstance(read(page_of(WITH_NUMBER), last=other), Suspicious)


def test_at_first_sight_the_address_is_believed() -> None:
    assert isinstance(read(page_of(WITHOUT_NUMBER), expected="NCT01234567"), Sound)


def test_without_a_number_the_title_and_sponsor_last_seen_are_proof_even_of_new_criteria() -> None:
    last = plain_record(SLUG)
    last = replace(last, eligibility=plain_record(WITH_NUMBER).eligibility)
    assert isinstance(read(page_of(SLUG), last=last), Sound)


def test_without_a_number_a_new_title_is_believed_with_the_same_sponsor_and_criteria() -> None:
    last = plain_record(SLUG)
    renamed = replace(last, identification=replace(last.identification, brief_title="An older title"))
    assert isinstance(read(page_of(SLUG), last=renamed), Sound)
    stranger = replace(renamed, eligibility=plain_record(WITH_NUMBER).eligibility)
    assert isinstance(read(page_of(SLUG), last=stranger), Suspicious)


def test_another_trials_page_without_a_number_is_suspicious() -> None:
    page = content_of(WITH_NUMBER)
    page.facts["Identifiers"][:] = []
    reading = read(answer(body=table(page)), last=plain_record(WITHOUT_NUMBER))
    assert isinstance(reading, Suspicious)
    assert "last seen" in reading.reasons[0]


@pytest.mark.parametrize("body", ["<html><body><h1>Verify you are human</h1></body></html>", "{}"])
def test_another_page_with_200_is_suspicious_and_kept(body: str) -> None:
    reading = read(answer(body=body))
    assert isinstance(reading, Suspicious)
    assert reading.body.content == body.encode()
    assert reading.reasons


def test_half_a_page_is_suspicious() -> None:
    page = headings(content_of(SLUG))
    assert isinstance(read(answer(body=page[: len(page) // 2])), Suspicious)


def test_an_empty_answer_is_a_failure() -> None:
    assert isinstance(read(answer(body="")), Failed)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, Absent),
        (410, Absent),
        (401, Refused),
        (403, Refused),
        (429, Throttled),
        (503, Throttled),
        (500, Failed),
        (502, Failed),
        (400, Failed),
        (204, Failed),
    ],
)
def test_each_status_has_its_meaning(status: int, kind: type) -> None:
    reading = read(answer(status, "<html><body>no</body></html>"))
    assert type(reading) is kind
    assert reading.key == KEY


def test_a_site_that_says_when_to_come_back_is_obeyed() -> None:
    reading = read(answer(503, retry_after="120"))
    assert isinstance(reading, Throttled)
    assert reading.until == NOW + timedelta(seconds=120)
    dated = read(answer(429, retry_after="Tue, 24 Nov 2026 10:00:00 GMT"))
    assert isinstance(dated, Throttled)
    assert dated.until == NOW + timedelta(hours=1)


def test_a_rest_that_makes_no_sense_is_left_to_the_schedule() -> None:
    reading = read(answer(503, retry_after="soon"))
    assert isinstance(reading, Throttled)
    assert reading.until is None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (HostResting("pages.example.org", 429, NOW), Throttled),
        (HostResting("pages.example.org", 503, NOW), Throttled),
        (HostResting("pages.example.org", 403, NOW), Refused),
        (AddressRefused("not a public address"), Refused),
        (FetchFailed("timed out"), Failed),
    ],
)
def test_a_request_that_was_not_answered_has_its_meaning(error: Exception, kind: type) -> None:
    assert type(read(error)) is kind


def test_a_redirect_to_another_page_of_the_same_trial_is_a_merge() -> None:
    answers = {f"/study/{SLUG}": answer(301, location="/study/a-new-title"), "/study/a-new-title": page_of(SLUG)}
    reading = read(answers, last=plain_record(SLUG))
    assert isinstance(reading, Merged)
    assert reading.into == RecordKey(source="ctv", source_id="a-new-title")


@pytest.mark.parametrize(
    ("there", "kind"),
    [
        (page_of(WITH_NUMBER), Suspicious),
        (answer(body="<html><body><h1>All our trials</h1></body></html>"), Suspicious),
        (answer(404), Absent),
        (answer(302, location="/study/elsewhere"), Failed),
        (FetchFailed("no answer"), Failed),
    ],
    ids=["another trial", "no trial", "nothing", "a further redirect", "no answer"],
)
def test_a_redirect_to_what_is_not_the_same_trial_is_no_merge(there: Answer, kind: type) -> None:
    answers = {f"/study/{SLUG}": answer(301, location="/study/a-new-title"), "/study/a-new-title": there}
    assert isinstance(read(answers, last=plain_record(SLUG)), kind)


@pytest.mark.parametrize("target", ["/login?next=/study/x", "/", "/consent", "/study-search", "", "/study/"])
def test_a_redirect_to_no_study_page_is_a_failure(target: str) -> None:
    reading = read(answer(302, location=target))
    assert isinstance(reading, Failed)
    assert "not followed" in reading.message


@pytest.mark.parametrize("slug", ["other", SLUG])
def test_a_redirect_to_another_host_is_never_followed(slug: str) -> None:
    site = Site({f"/study/{SLUG}": answer(301, location=f"https://evil.example/study/{slug}")})
    reading = asyncio.run(read_page(site, SITE, SLUG, last=None, expected=None))
    assert isinstance(reading, Failed)
    assert len(site.asked) == 1


@pytest.mark.parametrize("target", ["http://[::1/study/x", "//[", "http://[fe80::1%25]x/study/y"])
def test_a_redirect_to_what_is_no_address_is_a_failure(target: str) -> None:
    assert isinstance(read(answer(301, location=target)), Failed)


def test_another_spelling_of_the_same_address_is_followed() -> None:
    answers = {f"/study/{SLUG}": answer(308, location=f"/study/{SLUG}/"), f"/study/{SLUG}/": page_of(SLUG)}
    assert isinstance(read(answers), Sound)


def test_an_address_that_leads_in_circles_is_a_failure() -> None:
    answers = {
        f"/study/{SLUG}": answer(301, location=f"/study/{SLUG}/"),
        f"/study/{SLUG}/": answer(301, location=f"/study/{SLUG}"),
    }
    assert isinstance(read(answers), Failed)
