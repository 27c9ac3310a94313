"""Mail over real SMTP: what arrives, and what each failure means."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.deliver.channels import open_channel
from monitor.deliver.destinations import read_destination
from monitor.deliver.mail import Relay, send_mail, try_log_in
from monitor.deliver.mail_message import build_mail, one_line
from monitor.deliver.render.email import compose
from monitor.egress.policy import Network
from monitor.errors import DestinationDown, MessageRefused, SendFailed
from monitor.model.message import Message
from tests.deliver.sinks import DyingMailServer, MailSink
from tests.deliver.told import STATUS, SUSPENDED, message, of_changes

NOW = datetime(2026, 2, 20, 1, 5, tzinfo=UTC)
READER = "reader@example.org"
OPERATOR = "ops@example.org"


def url_of(port: int, *, scheme: str = "mailto", user: str = "", rest: str = "") -> str:
    return f"{scheme}://{user}localhost:{port}/?from=monitor@example.org&name=Trial%20Monitor&to={READER}{rest}"


def send(url: str, told: Message = SUSPENDED, *, network: Network | None = None, private: bool = True) -> None:
    parsed = read_destination("advocates", url)
    for address in parsed.recipients:
        channel = open_channel(parsed, address, network=network or Network(), allow_private=private, clock=lambda: NOW)
        channel.write(told)()


def test_a_mail_arrives_with_text_and_html_and_its_alerts_message_id(mailbox: MailSink) -> None:
    send(url_of(mailbox.port))
    sender, recipients, _ = mailbox.mails[0]
    letter = mailbox.letter()
    assert (sender, recipients) == ("monitor@example.org", (READER,))
    assert letter["Message-ID"] == "<7K2M-0412@example.org>"
    assert letter["From"] == "Trial Monitor <monitor@example.org>"
    assert letter["Subject"] == compose(SUSPENDED).subject
    assert letter["Date"].datetime == NOW
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Id"] == "<advocates.trial-monitor.example.org>"
    assert letter["List-Unsubscribe"] is None, "there is no operator to write to"
    assert letter.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    text, html = (part.get_content().replace("\r\n", "\n") for part in letter.iter_parts())
    assert text == compose(SUSPENDED).text
    assert html.rstrip("\n") == compose(SUSPENDED).html


def test_a_repeat_has_the_same_message_id_and_thread(mailbox: MailSink) -> None:
    send(url_of(mailbox.port))
    send(url_of(mailbox.port), message(of_changes(STATUS), maybe_repeat=True))
    send(url_of(mailbox.port), message(of_changes(STATUS), code="9QRS-TVWX"))
    first, again, other = (mailbox.letter(n) for n in range(3))
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["References"] == again["References"] == other["In-Reply-To"]


def test_who_wants_no_more_may_write_to_the_operator(mailbox: MailSink) -> None:
    parsed = read_destination("advocates", url_of(mailbox.port, rest=f",{OPERATOR}"))
    for address in parsed.recipients:
        way = open_channel(parsed, address, network=Network(), allow_private=True, clock=lambda: NOW, operator=OPERATOR)
        way.write(SUSPENDED)()
    asked = f"<mailto:{OPERATOR}?subject=Mute%20NCT07011550/advocates%20for%20advocates>"
    assert [mailbox.letter(n)["List-Unsubscribe"] for n in range(2)] == [asked, None]
    assert mailbox.letter()["Thread-Topic"] == "NCT07011550/advocates"
    text, _ = mailbox.letter().iter_parts()
    assert "trial-monitor mute add --watch NCT07011550 --until DAY" in " ".join(text.get_content().split())


def test_each_recipient_gets_a_mail_of_their_own(mailbox: MailSink) -> None:
    send(url_of(mailbox.port, rest=",Kim%20Ross%20%3Ckim@example.org%3E"))
    assert [recipients for _, recipients, _ in mailbox.mails] == [(READER,), ("kim@example.org",)]
    assert mailbox.letter()["To"] == "Kim Ross <kim@example.org>"


def test_a_line_that_begins_with_a_dot_arrives_whole(mailbox: MailSink) -> None:
    send(url_of(mailbox.port), message(of_changes(STATUS, title=".\r\n.\r\n.leading", label=None)))
    text, _ = (part.get_content() for part in mailbox.letter().iter_parts())
    assert ". . .leading" in text


HEADER_NAMES = [
    "From", "To", "Subject", "Date", "Message-ID", "References", "In-Reply-To", "List-Id", "List-Unsubscribe",
    "Thread-Topic", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
]  # fmt: skip
INJECTIONS = (
    "=?utf-8?q?=0d=0aBcc:victim@evil.example?=", "=?utf-8?b?DQpCY2M6IHhAeS56?=", "x\r\nBcc: victim@evil.example",
    "x\nBcc: a@b.c\n\nbody", "x\u2028Bcc: a@b.c", "x\x85Bcc: a@b.c", "x\x0bBcc: a@b.c", "x\x00y", "long " * 400,
    "x" * 2000, "=?x?", "?==?utf-8?q?=0a?=", "=\u200b?utf-8?q?=0d=0aBcc:x?=", "\ud83d", "ж" * 300, "=" * 80 + "?" * 80,
)  # fmt: skip


def headers_of(content: bytes) -> tuple[list[str], list[str]]:
    """Names of headers as two independent parsers find them."""
    modern = message_from_bytes(content, policy=policy.default)
    plain = message_from_bytes(content, policy=policy.compat32)
    return sorted(modern.keys()), sorted(plain.keys())


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.sampled_from(INJECTIONS), st.text(max_size=60)), st.text(max_size=20))
@example(INJECTIONS[0], "")
@example(INJECTIONS[1], "=?")
def test_no_text_adds_a_header_or_a_recipient(text: str, more: str) -> None:
    parsed = read_destination("advocates", url_of(25))
    assert parsed.mail
    told = message(of_changes(STATUS, title=text + more, label=text, registry_id=more or None), thread=text or "t")
    for subject in (compose(told).subject, text + more):
        content = replace(compose(told), subject=subject)
        mail = build_mail(told, content, parsed.mail, recipient=READER, destination=text, now=NOW, operator=OPERATOR)
        for names in headers_of(mail):
            assert names == sorted(HEADER_NAMES)
        read = message_from_bytes(mail, policy=policy.default)
        assert [each.addr_spec for each in read["To"].addresses] == [READER]
        assert not {"\r", "\n"} & set(str(read["Subject"]))
        head = mail.split(b"\r\n\r\n", 1)[0]
        assert max(len(line) for line in head.split(b"\r\n")) < 998
        assert b"\x00" not in head


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_header_line_holds_no_encoded_word_of_a_record(text: str) -> None:
    shown = one_line(text)
    assert "=?" not in shown
    assert "?=" not in shown
    assert shown.isprintable()


def test_starttls_is_used_with_a_checked_certificate(certificate: Path, server_tls: ssl.SSLContext) -> None:
    with MailSink(starttls=server_tls) as sink:
        send(url_of(sink.port, scheme="mailtos"), network=Network(ca_bundle=str(certificate)))
        assert len(sink.mails) == 1


def test_implicit_tls_is_used_when_the_url_says_so(certificate: Path, server_tls: ssl.SSLContext) -> None:
    with MailSink(tls=server_tls) as sink:
        url = url_of(sink.port, scheme="mailtos", rest="&mode=ssl")
        send(url, network=Network(ca_bundle=str(certificate)))
        assert len(sink.mails) == 1


@pytest.mark.parametrize("mode", ["ssl", "starttls"])
def test_a_certificate_that_nobody_vouches_for_stops_the_destination(server_tls: ssl.SSLContext, mode: str) -> None:
    sink = MailSink(tls=server_tls) if mode == "ssl" else MailSink(starttls=server_tls)
    with sink, pytest.raises(DestinationDown, match="ca_bundle"):
        send(url_of(sink.port, scheme="mailtos", rest=f"&mode={mode}"))
    assert not sink.mails


def test_a_server_without_starttls_gets_nothing_in_the_clear(mailbox: MailSink) -> None:
    with pytest.raises(DestinationDown, match="Nothing is sent in the clear"):
        send(url_of(mailbox.port, scheme="mailtos", user="monitor:secret@"))
    assert not mailbox.mails
    assert not mailbox.logins


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
def test_a_log_in_with_the_right_password_sends() -> None:
    with MailSink(word="s3cret@word") as sink:
        send(url_of(sink.port, user="monitor:s3cret%40word@"))
        assert (len(sink.mails), sink.logins) == (1, ["right"])


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
def test_a_refused_log_in_stops_the_destination_and_hides_the_password() -> None:
    with MailSink(word="right-one") as sink, pytest.raises(DestinationDown, match="log-in was refused") as told:
        send(url_of(sink.port, user="monitor:wrong-one@"))
    assert "wrong-one" not in str(told.value)
    assert "app password" in str(told.value)


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
@pytest.mark.parametrize(("word", "right"), [("right-one", True), ("wrong-one", False)])
def test_a_log_in_can_be_tried_without_sending(word: str, *, right: bool) -> None:
    with MailSink(word="right-one") as sink:
        route = read_destination("advocates", url_of(sink.port, user=f"monitor:{word}@")).mail
        assert route
        relay = Relay(route=route, trust=ssl.create_default_context(), allow_private=True, secrets=(word,))
        with nullcontext() if right else pytest.raises(DestinationDown):
            try_log_in(relay)
        assert set(sink.logins) == {"right" if right else "wrong"}  # Python tries each way of logging in
        assert not sink.mails


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
def test_a_relay_that_wants_a_log_in_stops_the_destination() -> None:
    with MailSink(word="right-one") as sink, pytest.raises(DestinationDown):
        send(url_of(sink.port))


@pytest.mark.parametrize(
    ("answer", "error"), [("451 later", SendFailed), ("554 spam", MessageRefused), ("552 too large", MessageRefused)]
)
def test_the_servers_answer_to_a_mail_decides(mailbox: MailSink, answer: str, error: type[Exception]) -> None:
    mailbox.answers.append(answer)
    with pytest.raises(error, match=answer[4:]) as told:
        send(url_of(mailbox.port))
    assert not getattr(told.value, "unknown", False)


@pytest.mark.parametrize(("answer", "error"), [("450 full", SendFailed), ("550 no such mailbox", MessageRefused)])
def test_a_refused_recipient_concerns_that_recipient_only(
    mailbox: MailSink, answer: str, error: type[Exception]
) -> None:
    mailbox.refused_recipients[READER] = answer
    with pytest.raises(error, match=READER):
        send(url_of(mailbox.port))


def test_a_refused_sender_stops_the_destination(mailbox: MailSink) -> None:
    mailbox.sender_answer = "550 not yours"
    with pytest.raises(DestinationDown, match="sender"):
        send(url_of(mailbox.port))


def test_a_server_that_is_down_is_tried_again() -> None:
    with MailSink() as gone:
        port = gone.port
    with pytest.raises(SendFailed, match="cannot be reached") as told:
        send(url_of(port))
    assert not told.value.unknown


def relay_to(port: int, deadline: float = 30.0) -> Relay:
    route = read_destination("advocates", url_of(port)).mail
    assert route
    return Relay(route=route, trust=ssl.create_default_context(), allow_private=True, deadline=deadline)


DEATHS: tuple[tuple[str, Callable[[bytes], bool], bool], ...] = (
    ("before a byte of it", lambda _: True, False),
    ("after the final dot", lambda mail: mail.endswith(b"\r\n.\r\n"), True),
)


@pytest.mark.parametrize(("_when", "dies", "unknown"), DEATHS)
def test_only_a_death_after_the_final_dot_leaves_it_open_whether_a_mail_was_taken(
    _when: str, dies: Callable[[bytes], bool], *, unknown: bool
) -> None:
    more_than_the_sockets_hold = b"a line of a mail\r\n" * 600_000
    with DyingMailServer(dies) as server:
        with pytest.raises(SendFailed) as told:
            send_mail(relay_to(server.port), READER, more_than_the_sockets_hold)
        assert told.value.unknown is unknown


def test_a_server_that_never_answers_is_left_at_the_deadline() -> None:
    with DyingMailServer(lambda mail: mail.endswith(b"\r\n.\r\n"), silent=True) as server:
        with pytest.raises(SendFailed) as told:
            send_mail(relay_to(server.port, deadline=0.5), READER, b"Subject: x\r\n\r\nbody\r\n")
        assert told.value.unknown


def test_a_mail_server_on_a_private_address_needs_the_operators_word(mailbox: MailSink) -> None:
    with pytest.raises(DestinationDown, match="allow_private_addresses = true"):
        send(url_of(mailbox.port), private=False)
    assert not mailbox.mails


def test_a_recipient_that_the_url_no_longer_names_is_not_written_to() -> None:
    parsed = read_destination("advocates", url_of(25))
    with pytest.raises(DestinationDown, match="no longer"):
        open_channel(parsed, "old@example.org", network=Network(), allow_private=True, clock=lambda: NOW)
