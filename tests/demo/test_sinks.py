"""The mail server and the webhook sink take, keep and refuse."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

import httpx
import pytest

from monitor.demo.faults import Fault
from monitor.demo.mailbox import Mailbox
from monitor.demo.webhooks import WebhookSink


def letter(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "monitor@example.org", "team@example.org", subject
    message.set_content("Jetzt pausiert: „FDA“\n")
    message.add_alternative("<p>Jetzt pausiert</p>", subtype="html")
    return message


def test_a_mail_is_kept_as_it_arrived() -> None:
    with Mailbox() as mailbox, smtplib.SMTP("127.0.0.1", mailbox.port) as smtp:
        smtp.send_message(letter("Zwei Wörter"))
        (kept,) = mailbox.letters
    assert (kept.sender, kept.recipients) == ("monitor@example.org", ("team@example.org",))
    assert kept.subject == "Zwei Wörter"
    assert "„FDA“" in kept.part("plain")
    assert kept.part("html").strip() == "<p>Jetzt pausiert</p>"


def test_refused_mails_are_not_kept() -> None:
    with Mailbox() as mailbox, smtplib.SMTP("127.0.0.1", mailbox.port) as smtp:
        mailbox.refuse("451 Try later")
        with pytest.raises(smtplib.SMTPDataError, match="451"):
            smtp.send_message(letter("first"))
        smtp.send_message(letter("second"))
        mailbox.refuse_all("550 No such user")
        with pytest.raises(smtplib.SMTPDataError, match="550"):
            smtp.send_message(letter("third"))
        mailbox.refuse_all(None)
        smtp.send_message(letter("fourth"))
        assert [kept.subject for kept in mailbox.letters] == ["second", "fourth"]


def test_a_mailbox_stops_while_a_sender_is_still_connected() -> None:
    with Mailbox() as mailbox:
        smtp = smtplib.SMTP("127.0.0.1", mailbox.port)
    smtp.close()
    with pytest.raises(OSError, match="refused"):
        smtplib.SMTP("127.0.0.1", mailbox.port)


def test_a_webhook_is_kept_with_its_text_in_the_order_shown() -> None:
    payload = {"text": "one", "attachments": [{"title": "two", "text": "three", "color": "#fff"}]}
    with WebhookSink() as sink:
        assert httpx.post(f"{sink.slack_url}/T/B/C", json=payload).text == "ok"
        (hook,) = sink.hooks
    assert (hook.path, hook.text) == ("/services/T/B/C", "one\ntwo\nthree")


def test_a_refused_webhook_is_counted_and_not_kept() -> None:
    with WebhookSink() as sink:
        sink.faults.once("/", Fault(status=429, headers={"Retry-After": "2"}), Fault(status=500), None)
        statuses = [httpx.post(sink.url, json={"text": str(n)}).status_code for n in range(3)]
        assert (statuses, sink.asked) == ([429, 500, 200], 3)
        assert [hook.payload["text"] for hook in sink.hooks] == ["2"]
