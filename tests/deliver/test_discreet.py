"""Which destinations name persons, by default and as they say: read from the bytes that arrive."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from apprise.plugins.slack import NotifySlack

from monitor.deliver.channels import open_channel
from monitor.deliver.destinations import read_destination
from monitor.egress.policy import Network
from monitor.model.alert import Recipient
from monitor.model.message import Message
from monitor.model.privacy import Level
from monitor.settings.post import post_of
from tests.deliver.sinks import HttpSink, MailSink
from tests.deliver.told import DIGEST, SUSPENDED
from tests.settings.written import MAIL, SLACK, read

NOW = datetime(2026, 2, 20, 1, 5, tzinfo=UTC)
HER = (b"Kim Ross", b"794-1623", b"GIClinicalTrials")


def send(url: str, told: Message, contacts: Level | None = None, network: Network | None = None) -> None:
    parsed = read_destination("team", url)
    for address in parsed.recipients:
        open_channel(
            parsed,
            address,
            network=network or Network(),
            allow_private=True,
            clock=lambda: NOW,
            contacts=contacts,
        ).write(told)()


def named(content: bytes) -> set[bytes]:
    return {word for word in HER if word in content}


@pytest.mark.parametrize("told", [SUSPENDED, DIGEST])
@pytest.mark.parametrize("contacts", [None, Level.MASKED])
def test_shared_channels_name_nobody(
    web: HttpSink, monkeypatch: pytest.MonkeyPatch, told: Message, contacts: Level | None
) -> None:
    monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{web.port}/services")
    for url in (
        SLACK,
        f"mmost://localhost:{web.port}/3ccdd113474722377935511fc85d3dd4",
        f"ntfy://localhost:{web.port}/t",
    ):
        send(url, told, contacts)
        assert named(web.posts[-1][2]) == set()
        assert told.code.encode() in web.posts[-1][2]


@pytest.mark.parametrize("told", [SUSPENDED, DIGEST])
def test_teams_names_nobody(certificate: Path, server_tls: ssl.SSLContext, told: Message) -> None:
    with HttpSink(tls=server_tls) as web:
        url = f"workflows://localhost:{web.port}/0123456789abcdef/sig-0123456789"
        send(url, told, network=Network(ca_bundle=str(certificate)))
        assert named(web.posts[0][2]) == set()
        assert told.code.encode() in web.posts[0][2]


def test_mail_and_webhooks_name_persons_unless_they_are_not_to(web: HttpSink, mailbox: MailSink) -> None:
    mail = f"mailto://127.0.0.1:{mailbox.port}/?from=monitor@example.org&to=team@example.org"
    for contacts, her in ((None, {HER[0]}), (Level.FULL, {HER[0]}), (Level.MASKED, set())):
        send(mail, SUSPENDED, contacts)
        send(f"json://localhost:{web.port}/hook", SUSPENDED, contacts)
        assert named(mailbox.mails[-1][2]) & {HER[0]} == her
        assert named(web.posts[-1][2]) & {HER[0]} == her


def test_a_shared_channel_names_persons_if_it_says_so(web: HttpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{web.port}/services")
    send(SLACK, SUSPENDED, Level.FULL)
    assert HER[0] in web.posts[0][2]


def test_the_configuration_says_who_is_named_where(tmp_path: Path) -> None:
    text = (
        f'[destinations.mail]\nurl = "{MAIL}"\n[destinations.discreet]\nurl = "{MAIL}"\ncontacts = "masked"\n'
        f'[destinations.slack]\nurl = "{SLACK}"\n[destinations.open]\nurl = "{SLACK}"\ncontacts = "full"\n'
        '[destinations.hook]\nurl = "json://localhost/hook"\n'
    )
    post = post_of(read(tmp_path, text), lambda: NOW)
    held = {name: post.holds_back(Recipient(destination=name, address="")) for name in
            ("mail", "discreet", "slack", "open", "hook")}  # fmt: skip
    assert held == {"mail": False, "discreet": True, "slack": True, "open": False, "hook": False}
