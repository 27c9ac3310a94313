"""What a mail says, and that both of its parts say it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from monitor.deliver.render.email import compose
from monitor.model.change import Cause
from monitor.model.message import Message
from tests.deliver.told import (
    CRITERION,
    ENROLLMENT,
    EVERY,
    HEADER,
    STATUS,
    SUSPENDED,
    change,
    message,
    of_changes,
    sites_opened,
)


class Words(HTMLParser):
    """The words of a document as a reader sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (the library's)
        self._silent += tag in ("style", "title", "xml")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "title", "xml")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def words_of(html: str) -> str:
    parser = Words()
    parser.feed(html)
    return " ".join("".join(parser.words).split())


def flat(text: str) -> str:
    return " ".join(text.split())


FACTS = (
    "BMS-986340 in colorectal cancer",
    HEADER.title,
    "NCT07011550",
    "M.D. Anderson Cancer Center",
    "Phase 2",
    "1 site, Houston",
    'Reason given: "FDA".',
    "Enrolled 7 people (final count) of 40 planned, 18%.",
    "Kim Ross",
    "713-794-1623",
    "GIClinicalTrials@mdanderson.org",
    "Started on 15 Aug 2025, 107 days before the expected day (30 Nov 2025).",
    "who can join, outcomes",
    "Posted 19 Feb 2026. Seen 20 Feb 2026, 00:58 UTC, in registry data of 19 Feb 2026.",
    'You get this because the rule "stops and starts" sends status changes of tag ccr8 to advocates.',
    "ClinicalTrials.gov, U.S. National Library of Medicine",
    "not medical advice",
    "Alert 7K2M-0412.",
)


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_stands_in_both_parts(fact: str) -> None:
    mail = compose(SUSPENDED)
    assert fact in flat(mail.text)
    assert fact in words_of(mail.html)


def test_why_a_change_is_grave_stands_in_both_parts_at_the_top_and_in_the_list() -> None:
    for told in (SUSPENDED, message(of_changes(ENROLLMENT, STATUS, CRITERION))):
        mail = compose(told)
        assert "[critical: stopped for regulatory reasons]" in flat(mail.text)
        assert "Critical: stopped for regulatory reasons" in words_of(mail.html)


def test_both_parts_link_to_the_record_and_to_the_comparison() -> None:
    mail = compose(SUSPENDED)
    for url in (HEADER.record_url, HEADER.compare_url):
        assert url
        assert url in mail.text
        assert url.replace("&", "&amp;") in mail.html


def test_what_is_new_is_bold() -> None:
    html = compose(SUSPENDED).html
    for strong in ("FDA", "7 people", "Kim Ross", "15 Aug 2025"):
        assert f">{strong}</b>" in html


def test_a_criterion_shows_its_lost_and_its_new_words() -> None:
    html = compose(message(of_changes(STATUS, CRITERION))).html
    assert 'line-through;">that required corticosteroids</span>' in html
    assert 'underline;">irrespective of steroid use</span>' in html
    assert "Tighter" in html


def test_the_subject_starts_with_the_number_and_the_state() -> None:
    assert compose(SUSPENDED).subject == (
        'NCT07011550 now Suspended (was Recruiting), reason "FDA" · BMS-986340 in colorectal cancer'
    )


@pytest.mark.parametrize("told", EVERY)
def test_a_subject_is_one_line_of_at_most_100_characters(told: Message) -> None:
    subject = compose(told).subject
    assert 0 < len(subject) <= 100
    assert subject.isprintable()


def test_a_long_reason_is_cut_but_never_the_state() -> None:
    told = change(
        "status", "status.overall", "RECRUITING", "TERMINATED", "critical", "Now Terminated. It was Recruiting.",
        detail={"reason": "the sponsor's business decision " * 20},
    )  # fmt: skip
    subject = compose(message(of_changes(told))).subject
    assert subject.startswith("NCT07011550 now Terminated (was Recruiting), reason")
    assert len(subject) <= 100


def test_a_page_without_a_number_is_named_by_its_title() -> None:
    subject = compose(message(of_changes(STATUS, registry_id=None, label="CD7 CAR-T"))).subject
    assert subject.startswith("CD7 CAR-T now Suspended")


def test_the_text_part_carries_every_change_with_old_and_new_value_however_many() -> None:
    changes = [
        change("outcomes", f"outcomes.o{n}", f"old value {n}.", f"new value {n}.", "minor", f"Outcome {n} changed.")
        for n in range(300)
    ]
    text = flat(compose(message(of_changes(STATUS, *changes, sites_opened(400)))).text)
    assert all(f"was: old value {n}. now: new value {n}." in text for n in range(300))
    assert all(f"+ Hospital {n}, Haifa, Israel: Recruiting" in text for n in range(400))


def test_a_mail_of_many_changes_stays_small_and_says_how_many_it_folds() -> None:
    changes = [
        change("outcomes", f"outcomes.o{n}", "old " * 100, "new " * 100, "minor", f"Outcome {n} changed.")
        for n in range(300)
    ]
    html = compose(message(of_changes(STATUS, *changes))).html
    assert len(html.encode()) < 90_000
    shown = sum(f"Outcome {n} changed." in html for n in range(300))
    assert shown > 5
    assert f"{300 - shown} more: outcomes ({300 - shown}). All of them are in the text part" in html


@pytest.mark.parametrize("filler", ["<&>\"' ", "ж" * 7 + " ", "x" * 8, "\U0001f600 "])
def test_a_mail_stays_under_90_kb_whatever_the_record_holds(filler: str) -> None:
    huge = filler * 5_000
    told = change(
        "other", "other", huge, huge, "major", huge, detail={"pieces": [["=", huge], ["-", huge], ["+", huge]]}
    )
    content = of_changes(told, told, told, title=huge, label=huge, sponsor=huge, single_site_city=huge)
    assert len(compose(message(content)).html.encode()) < 90_000


def test_changes_are_told_gravest_first() -> None:
    text = compose(message(of_changes(CRITERION, sites_opened(1), STATUS))).text
    assert text.index("SUSPENDED") < text.index("[major] Criteria") < text.index("[minor] Sites")


def test_who_caused_a_change_is_said_when_it_was_not_the_sponsor() -> None:
    told = change("status", "status.overall", "RECRUITING", "UNKNOWN", "minor", "Now Unknown.", cause=Cause.REGISTRY)
    mail = compose(message(of_changes(told)))
    assert "(set by the registry)" in mail.text
    assert "(set by the registry)" in words_of(mail.html)


def test_a_possible_repeat_says_so_in_both_parts() -> None:
    mail = compose(message(of_changes(STATUS), maybe_repeat=True))
    for part in (flat(mail.text), words_of(mail.html)):
        assert "may be a repeat of alert 7K2M-0412" in part
    assert "repeat" not in compose(SUSPENDED).text


def test_times_are_the_readers() -> None:
    text = compose(message(of_changes(STATUS), timezone=ZoneInfo("America/New_York"))).text
    assert "Seen 19 Feb 2026, 19:58 EST" in text


def test_a_zone_without_a_name_shows_its_distance_from_utc() -> None:
    text = compose(message(of_changes(STATUS), timezone=ZoneInfo("Asia/Kathmandu"))).text
    assert "06:43 UTC+5:45" in text


@pytest.mark.parametrize("told", EVERY)
def test_every_kind_of_message_names_its_alert_in_both_parts(told: Message) -> None:
    mail = compose(told)
    assert f"Alert {told.code}." in mail.text
    assert not mail.html or f"Alert {told.code}." in words_of(mail.html)


def bad_links() -> Iterator[str]:
    yield from ("javascript:alert(1)", "JAVASCRIPT:alert(1)", " javascript:x", "data:text/html,x", "file:///etc/passwd")
    yield from (
        "source:https://x",
        "file:/etc",
        "https://user@evil.example/",
        "ht\ntps://x",
        "//evil.example",
        "https:///x",
    )
    yield from ('https://x/"onclick="y', "https://x/\u202ey", "https://[", "vbscript:x", "https://x:0/")


@pytest.mark.parametrize("url", list(bad_links()))
def test_only_plain_web_addresses_become_links(url: str) -> None:
    html = compose(message(of_changes(STATUS, record_url=url, compare_url=url))).html
    assert "href=" not in html
