"""Teams and Slack within their limits, read back from the bytes that arrive: what is folded is counted by kind."""

from __future__ import annotations

import json
import re
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from apprise.plugins.slack import NotifySlack
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.deliver.channels import open_channel
from monitor.deliver.destinations import read_destination
from monitor.deliver.render import brief, slack, teams
from monitor.deliver.render.folds import most_that_fit
from monitor.egress.policy import Network
from monitor.model.message import Message, NoticeItem, NoticeMessage, WelcomeMessage
from tests.deliver.large import COMPARE, CRITERIA, SITES, criterion, large
from tests.deliver.sinks import HttpSink
from tests.deliver.told import EVERY, HEADER, STATUS, backlog, change, message, of_changes
from tests.settings.written import SLACK

NOW = datetime(2026, 2, 20, 1, 5, tzinfo=UTC)
TEAMS_TAKES = 28_000  # bytes of a whole request
SLACK_TAKES, TITLE_TAKES = 2_900, 140  # characters
FOLD = re.compile(r"(?:…|○) (?:and )?(\d[\d,]*) more: (?:<[^|]*\|)?([^>.]*)")


def sent(web: HttpSink, url: str, told: Message, network: Network) -> tuple[bytes, Any]:
    parsed = read_destination("team", url)
    open_channel(parsed, parsed.recipients[0], network=network, allow_private=True, clock=lambda: NOW).write(told)()
    body = web.posts[-1][2]
    return body, json.loads(body)


def on_card(posted: Any) -> tuple[str, str]:
    """Heading and text of the card, as Teams would show them: without backslashes."""
    heading, text = posted["attachments"][0]["content"]["body"]
    return heading["text"].replace("\\", ""), text["text"].replace("\\", "")


@pytest.fixture
def over_tls(certificate: Path) -> Network:
    return Network(ca_bundle=str(certificate))


def card(told: Message, server_tls: ssl.SSLContext, network: Network) -> tuple[bytes, str]:
    with HttpSink(tls=server_tls) as web:
        url = f"workflows://localhost:{web.port}/0123456789abcdef/sig-0123456789"
        body, posted = sent(web, url, told, network)
    title, text = on_card(posted)
    return body, f"{title}\n{text}"


def in_slack(told: Message, web: HttpSink, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{web.port}/services")
    _, posted = sent(web, SLACK, told, Network())
    shown = posted["attachments"][0]
    assert len(shown["title"]) <= TITLE_TAKES
    assert len(shown["text"]) <= SLACK_TAKES
    return f"{shown['title']}\n{shown['text']}"


def accounted(text: str, shown: int) -> int:
    """How many changes a text tells or counts beside its headline."""
    folds = FOLD.findall(text)
    assert len(folds) <= 1
    return shown + sum(int(number.replace(",", "")) for number, _ in folds)


def test_the_largest_update_is_whole_in_teams_but_for_its_sites(server_tls: ssl.SSLContext, over_tls: Network) -> None:
    body, text = card(large(), server_tls, over_tls)
    assert len(body) <= TEAMS_TAKES
    shown = [n for n in range(CRITERIA) if f"Exclusion {n} counts “systemic” therapy now." in text]
    assert len(shown) == CRITERIA, "nothing major is folded that fits"
    assert all(f"Was “Has had {n} lines of any therapy" in text for n in range(CRITERIA))
    assert f"1,148 sites opened in 1 country: Israel. ({SITES:,} sites one by one: at the link.)" in text
    assert f"[See it side by side]({COMPARE})" in text
    assert f"[Read the record]({HEADER.record_url})" in text


def test_what_is_major_is_folded_in_teams_only_where_it_does_not_fit_and_then_it_says_so(
    server_tls: ssl.SSLContext, over_tls: Network
) -> None:
    many = message(of_changes(STATUS, *(criterion(n) for n in range(400)), *[small(n) for n in range(60)]))
    body, text = card(many, server_tls, over_tls)
    assert TEAMS_TAKES * 0.9 < len(body) <= TEAMS_TAKES
    shown = len(re.findall(r"▲ Criteria: Exclusion", text))
    assert accounted(text, shown) == 460
    assert f"criteria ({400 - shown}) and outcomes (60)" in text
    assert f"{400 - shown} of them critical or major, which did not fit. All of it stands at the link." in text
    assert "● Outcomes" not in text, "the grave ones go first"


def small(n: int) -> Any:
    return change("outcomes", f"o{n}", "a", "b", "minor", f"Outcome {n} is worded otherwise.")


@pytest.mark.parametrize("letter", ["é", "王", "\U0001f9ec", '"', "\\", "_", "*"])
def test_letters_that_grow_on_the_way_are_counted_as_they_arrive(
    server_tls: ssl.SSLContext, over_tls: Network, letter: str
) -> None:
    long = [change("outcomes", f"o{n}", None, letter * 300, "minor", f"{letter * 120} {n}") for n in range(80)]
    body, text = card(message(of_changes(STATUS, *long, title=letter * 600)), server_tls, over_tls)
    assert len(body) <= TEAMS_TAKES
    assert "Alert 7K2M-0412" in text


def test_slack_shows_every_major_change_that_fits_and_says_which_did_not(
    web: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = in_slack(large(), web, monkeypatch)
    shown = len(re.findall(r"▲ Exclusion \d+", text))
    assert shown > 15, "more than five, since they are major"
    assert accounted(text, shown) == CRITERIA + 1
    left = CRITERIA - shown
    assert f"○ {left + 1} more: <{COMPARE}|criteria ({left}) and sites; {left} of them critical or major" in text
    assert f"<{COMPARE}|Side by side>" in text


def test_slack_shows_five_lesser_changes_with_a_link_to_the_rest(
    web: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = in_slack(large("minor"), web, monkeypatch)
    assert len(re.findall(r"● Exclusion \d+", text)) == 4
    assert f"○ 37 more: <{COMPARE}|criteria (36) and sites>" in text
    assert "critical or major" not in text


@pytest.mark.parametrize("told", [*EVERY, backlog(50, STATUS, criterion(1)), large()])
def test_every_kind_of_message_fits_everywhere(
    told: Message, web: HttpSink, monkeypatch: pytest.MonkeyPatch, server_tls: ssl.SSLContext, over_tls: Network
) -> None:
    assert told.code in in_slack(told, web, monkeypatch)
    body, text = card(told, server_tls, over_tls)
    assert len(body) <= TEAMS_TAKES
    assert f"Alert {told.code}." in text


def test_a_long_welcome_and_a_long_notice_say_what_is_left() -> None:
    welcome = message(WelcomeMessage(trials=(HEADER,) * 900), "welcome")
    items = (NoticeItem(what="A page shows a log-in form. " * 5, trust="Not for it.", todo="Nothing."),) * 80
    notice = message(NoticeMessage(items=items), "notice")
    told = brief.compose(welcome, 2_000).body
    left = re.search(r"… and (\d+) more trials: see trial-monitor watch list\.", told)
    assert left is not None
    assert told.count("Suspended: ") + int(left[1]) == 900
    assert "○ 888 more trials: trial-monitor watch list" in slack.compose(welcome).body
    told = brief.compose(notice, 2_000).body
    left = re.search(r"… and (\d+) more lines: see trial-monitor alerts show 7K2M-0412\.", told)
    assert left is not None
    assert told.count("Can quiet be trusted?") + int(left[1]) == 80
    assert re.search(r"○ \d+ more lines: trial-monitor alerts show 7K2M-0412", slack.compose(notice).body)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.integers(1_200, 6_000))
def test_no_text_of_a_record_formats_itself_or_links_in_teams(text: str, room: int) -> None:
    told = teams.compose(
        message(of_changes(STATUS, small(1), title=text, label=f"[{text}](https://evil.example)")), room
    )
    for shown in (told.title, told.body):
        links = re.findall(r"(?<!\\)\[(.*?)(?<!\\)\]\((.*?)\)", shown)
        assert {url for _, url in links} <= {HEADER.record_url, HEADER.compare_url}
        assert not re.search(r"(?<!\\)(?:\\\\)*[*`~<>|]", re.sub(r"\]\(\S*\)", "", shown))
        assert "<at>" not in shown
        assert not re.search(r"https?://evil", shown)
    assert teams.in_json(told.title) + teams.in_json(told.body) <= room


INLINE = ("<at>Everyone</at>", "<AT>x</AT>", "[x](https://evil.example)", "**bold**", "&lt;b&gt;")
STARTS = ("# big", "- item", "1. one", "+ more", "=== under")


@pytest.mark.parametrize("text", [*INLINE, *STARTS])
def test_teams_sees_no_format_and_no_mention_of_a_record(
    text: str, server_tls: ssl.SSLContext, over_tls: Network
) -> None:
    with HttpSink(tls=server_tls) as web:
        url = f"workflows://localhost:{web.port}/0123456789abcdef/sig-0123456789"
        _, posted = sent(web, url, message(of_changes(STATUS, title=text, label=text)), over_tls)
    content = posted["attachments"][0]["content"]
    assert content["msteams"] == {"width": "full"}, "nobody is called"
    for block in content["body"]:
        assert not re.search(rf"^\s*{re.escape(text)}", block["text"], re.MULTILINE)
        assert text in STARTS or text not in block["text"]


@given(st.integers(0, 300), st.integers(0, 300))
def test_as_many_as_fit_are_found(number: int, room: int) -> None:
    assert most_that_fit(number, lambda n: n <= room) == min(number, room)
