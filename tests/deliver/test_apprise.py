"""Sending through Apprise's own plugins to a real HTTP server: what arrives, and what each failure means."""

from __future__ import annotations

import gc
import json
import logging
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import requests
from apprise.plugins import custom_json
from apprise.plugins.slack import NotifySlack

from monitor.deliver.channels import open_channel
from monitor.deliver.destinations import read_destination
from monitor.deliver.masking import masked
from monitor.deliver.render import plain, slack
from monitor.egress.policy import Network
from monitor.errors import DestinationDown, MessageRefused, SendFailed
from monitor.model.message import Message
from tests.deliver.sinks import Answer, HttpSink
from tests.deliver.told import CRITERION, ENROLLMENT, EVERY, STATUS, SUSPENDED, message, of_changes, sites_opened

NOW = datetime(2026, 2, 20, 1, 5, tzinfo=UTC)
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7/"


@pytest.fixture
def slack_server(web: HttpSink, monkeypatch: pytest.MonkeyPatch) -> HttpSink:
    """Apprise's Slack plugin, pointed at a server of ours by its own class attribute."""
    monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{web.port}/services")
    return web


def send(url: str, told: Message = SUSPENDED, *, network: Network | None = None, private: bool = True) -> None:
    parsed = read_destination("team", url)
    for address in parsed.recipients:
        way = open_channel(parsed, address, network=network or Network(), allow_private=private, clock=lambda: NOW)
        way.write(told)()


def hook(web: HttpSink, rest: str = "") -> str:
    return f"json://localhost:{web.port}/hook{rest}"


def test_a_webhook_gets_every_change_with_old_and_new_value(web: HttpSink) -> None:
    told = message(of_changes(STATUS, ENROLLMENT, CRITERION, sites_opened(60)))
    send(hook(web), told)
    posted = web.json()
    assert posted["title"] == plain.compose(told).title
    assert posted["message"].strip() == plain.compose(told).body.strip()
    flat = " ".join(posted["message"].split())
    assert "was: 40 people (estimated) now: 7 people (actual)" in flat
    assert "was: Has a history of pneumonitis that required corticosteroids." in flat
    assert all(f"+ Hospital {n}, Haifa, Israel: Recruiting" in flat for n in range(60))


def test_slack_gets_our_text_as_it_is(slack_server: HttpSink) -> None:
    send(SLACK)
    path, _, _ = slack_server.posts[0]
    shown = slack_server.json()["attachments"][0]
    assert path == "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7"
    told = slack.compose(masked(SUSPENDED))
    assert (shown["title"], shown["text"]) == (told.title, told.body)
    assert shown["footer"] == "Trial Monitor"
    assert slack_server.json()["mrkdwn"] is True
    assert "icon_url" not in slack_server.json()


def test_slack_gets_no_mention_of_a_record(slack_server: HttpSink) -> None:
    send(SLACK, message(of_changes(STATUS, title="<!channel> & <@U1> <https://evil.example|x> !here>", label=None)))
    text = slack_server.json()["attachments"][0]["text"]
    assert "&lt;!channel&gt; &amp; &lt;@" in text
    assert "<!" not in text
    assert "<@" not in text
    assert "<https://evil" not in text


def test_each_channel_gets_a_message_of_its_own(slack_server: HttpSink) -> None:
    send(f"{SLACK}#trials/#board")
    assert sorted(slack_server.json(n)["channel"] for n in range(2)) == ["#board", "#trials"]


@pytest.mark.parametrize("told", EVERY)
def test_every_kind_of_message_reaches_a_webhook_and_slack(slack_server: HttpSink, told: Message) -> None:
    send(SLACK, told)
    send(hook(slack_server), told)
    assert len(slack_server.posts) == 2


REFUSALS = [
    (429, SendFailed), (500, SendFailed), (502, SendFailed), (503, SendFailed), (408, SendFailed),
    (400, MessageRefused), (413, MessageRefused), (422, MessageRefused),
    (401, DestinationDown), (403, DestinationDown), (404, DestinationDown), (410, DestinationDown),
    (301, DestinationDown), (302, DestinationDown), (307, DestinationDown),
]  # fmt: skip


@pytest.mark.parametrize(("status", "error"), REFUSALS)
def test_the_status_says_whether_trying_again_helps(web: HttpSink, status: int, error: type[Exception]) -> None:
    web.always = Answer(status=status, body=b"no", headers={"Location": f"http://127.0.0.1:{web.port}/other"})
    with pytest.raises(error, match=f"JSON answered {status}") as told:
        send(hook(web))
    assert not getattr(told.value, "unknown", False)
    assert len(web.posts) == 1


def test_a_server_says_when_to_come_back(web: HttpSink) -> None:
    later = format_datetime((NOW + timedelta(seconds=90)).astimezone(UTC), usegmt=True)
    for value, seconds in (("30", 30.0), (later, 90.0), ("-5", None), ("soon", None), ("99999999", None), ("0", None)):
        web.answers.append(Answer(status=429, headers={"Retry-After": value}))
        with pytest.raises(SendFailed) as told:
            send(hook(web))
        assert told.value.retry_after == seconds


def test_a_server_that_takes_a_message_and_hangs_up_leaves_it_open(web: HttpSink) -> None:
    web.always = Answer(hang_up=True)
    with pytest.raises(SendFailed) as told:
        send(hook(web))
    assert told.value.unknown


def test_a_server_that_is_down_took_nothing() -> None:
    with HttpSink() as gone:
        url = hook(gone)
    with pytest.raises(SendFailed, match="cannot be reached") as told:
        send(url)
    assert not told.value.unknown


SLACK_WORDS = [
    (200, b"invalid_token", DestinationDown), (404, b"no_service", DestinationDown),
    (403, b"action_prohibited", DestinationDown), (410, b"channel_is_archived", DestinationDown),
    (400, b"invalid_payload", MessageRefused), (429, b"", SendFailed), (500, b"rollup_error", SendFailed),
    (200, b"<html>Log in to the guest network</html>", SendFailed),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "error"), SLACK_WORDS)
def test_slacks_own_words_are_understood(
    slack_server: HttpSink, status: int, body: bytes, error: type[Exception]
) -> None:
    slack_server.always = Answer(status=status, body=body)
    with pytest.raises(error):
        send(SLACK)


@pytest.mark.parametrize(
    ("word", "error"),
    [("ratelimited", SendFailed), ("channel_not_found", DestinationDown), ("msg_too_long", MessageRefused)],
)
def test_a_bots_refusal_with_status_200_is_understood(
    web: HttpSink, monkeypatch: pytest.MonkeyPatch, word: str, error: type[Exception]
) -> None:
    monkeypatch.setattr(NotifySlack, "api_url", f"http://127.0.0.1:{web.port}/api/{{}}")
    web.always = Answer(body=f'{{"ok": false, "error": "{word}"}}'.encode())
    with pytest.raises(error, match=word):
        send("slack://xoxb-1234-1234-4ddbc191d40ee098cbaae6f3523ada2d/#trials")


def test_a_server_on_a_private_address_needs_the_operators_word(web: HttpSink) -> None:
    with pytest.raises(DestinationDown, match="allow_private_addresses = true"):
        send(hook(web), private=False)
    assert not web.posts


def test_a_redirect_to_a_private_address_is_not_followed(web: HttpSink) -> None:
    web.always = Answer(status=302, headers={"Location": f"http://127.0.0.1:{web.port}/inside"})
    with pytest.raises(DestinationDown, match="moved"):
        send(hook(web))
    assert len(web.posts) == 1


def test_certificates_are_checked_against_the_bundle(certificate: Path, server_tls: ssl.SSLContext) -> None:
    with HttpSink(tls=server_tls) as sink:
        url = f"jsons://localhost:{sink.port}/hook"
        send(url, network=Network(ca_bundle=str(certificate)))
        assert sink.json()["title"]
        with pytest.raises(DestinationDown, match="ca_bundle"):
            send(url)
        assert len(sink.posts) == 1


def test_a_proxy_is_used_for_the_outside_and_never_for_this_machine(web: HttpSink) -> None:
    proxied = Network(proxy=f"http://127.0.0.1:{web.port}")
    send("json://hooks.example.org/x", network=proxied)
    assert web.posts[0][0] == "http://hooks.example.org/x"
    send(hook(web), network=proxied)
    assert web.posts[1][0] == "/hook"


def test_the_environment_changes_nothing(web: HttpSink, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    send(hook(web))
    assert "Authorization" not in web.posts[0][1]


def test_the_host_header_names_the_host_though_its_address_is_connected_to(web: HttpSink) -> None:
    send(hook(web))
    assert web.posts[0][1]["Host"] == f"localhost:{web.port}"


def test_outside_our_sends_nothing_goes_out(web: HttpSink) -> None:
    send(hook(web))
    lent = vars(custom_json)["requests"]
    assert lent.codes is requests.codes
    with pytest.raises(requests.exceptions.ConnectionError):
        lent.post(f"http://127.0.0.1:{web.port}/direct", data="{}", timeout=5)
    with pytest.raises(AttributeError):
        lent.Session()
    assert len(web.posts) == 1


def test_matrix_logs_out_within_the_send_and_asks_nothing_when_it_is_thrown_away(web: HttpSink) -> None:
    said = {"access_token": "t", "home_server": "localhost", "user_id": "@u:localhost", "room_id": "!r:localhost"}
    web.always = Answer(body=json.dumps({**said, "event_id": "$e"}).encode())
    send(f"matrix://user:password@localhost:{web.port}/!r:localhost")
    asked = [path.rsplit("/", 1)[-1] for path, _, _ in web.posts]
    assert "login" in asked
    assert asked[-1] == "logout"
    gc.collect()
    assert len(web.posts) == len(asked)


def test_no_log_and_no_error_holds_a_token(
    slack_server: HttpSink, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    slack_server.always = Answer(status=403, body=b"token TIiajkdnlazkcOXrIdevi7 is not known")
    with caplog.at_level(logging.DEBUG), pytest.raises(DestinationDown) as told:
        send(SLACK)
    said = caplog.text + str(told.value) + "".join(capfd.readouterr())
    for secret in ("T1JJ3T3L2", "A1BRTD4JD", "TIiajkdnlazkcOXrIdevi7"):
        assert secret not in said
