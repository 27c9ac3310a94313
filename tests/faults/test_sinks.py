"""The sinks refuse, cut, hang and die as the script says, and their ledger holds what the outside has."""

from __future__ import annotations

import json
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.faults.clock import SharedClock
from tests.faults.journal import entries
from tests.faults.ledger import Ledger
from tests.faults.script import SinkFault
from tests.faults.sinks import HookSink, MailSink
from tests.faults.world import build

ROOT = Path(__file__).parents[2]
LETTER = "Subject: Hello\r\nMessage-ID: <1@example.org>\r\n\r\nSomething changed.\r\nAlert 7K2M-0412.\r\n"
TO = "team@example.org"


def ledger(folder: Path, sink: str, *faults: SinkFault) -> Ledger:
    return Ledger(folder / f"{sink}.jsonl", sink, SharedClock(folder / "clock.json"), faults)


@contextmanager
def mail(folder: Path, *faults: SinkFault) -> Iterator[MailSink]:
    with MailSink(ledger(folder, "mail", *faults)) as sink:
        yield sink


def send(port: int, to: str = TO) -> str:
    """Hand over one mail; the code of the answer, or the name of what went wrong."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=0.5) as session:
            session.sendmail("monitor@example.org", [to], LETTER)
    except smtplib.SMTPRecipientsRefused as refused:
        return str(refused.recipients[to][0])
    except smtplib.SMTPResponseException as refused:
        return str(refused.smtp_code)
    except (OSError, smtplib.SMTPException) as failed:
        return type(failed).__name__
    return "250"


def kept(folder: Path, sink: str = "mail") -> list[Mapping[str, Any]]:
    return [entry for entry in entries(folder / f"{sink}.jsonl") if entry["event"] == "message"]


def test_what_arrives_stands_in_the_ledger_word_for_word(tmp_path: Path) -> None:
    with mail(tmp_path) as sink:
        assert send(sink.port) == "250"
    (entry,) = kept(tmp_path)
    told = {name: entry[name] for name in ("recipient", "alert", "message_id", "title", "outcome", "accepted", "cut")}
    assert told == {
        "recipient": TO,
        "alert": "7K2M-0412",
        "message_id": "<1@example.org>",
        "title": "Hello",
        "outcome": "taken",
        "accepted": True,
        "cut": False,
    }
    assert "Something changed." in entry["text"]
    assert entry["began"] <= entry["at"]
    assert len(entry["digest"]) == 64


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("connect", "421 Busy"),
        ("connect", "554 Go away"),
        ("mail", "451 Later"),
        ("mail", "530 Log in first"),
        ("rcpt", "450 Greylisted"),
        ("rcpt", "550 No such user"),
        ("data", "451 Later"),
        ("data", "554 No"),
        ("end", "452 Full"),
        ("end", "554 Spam"),
    ],
)
def test_a_mail_is_refused_at_any_stage_and_the_next_one_is_taken(tmp_path: Path, stage: Any, answer: str) -> None:
    with mail(tmp_path, SinkFault(sink="mail", stage=stage, answer=answer)) as sink:
        assert [send(sink.port), send(sink.port)] == [answer[:3], "250"]
    assert [entry["outcome"] for entry in kept(tmp_path)] == (["refused"] if stage == "end" else []) + ["taken"]


def test_a_greeting_can_be_refused(tmp_path: Path) -> None:
    with mail(tmp_path, SinkFault(sink="mail", stage="helo", answer="550 Not you")) as sink:
        with smtplib.SMTP("127.0.0.1", sink.port) as session:
            assert session.ehlo()[0] == 550
        assert send(sink.port) == "250"


@pytest.mark.parametrize("takes", [True, False])
@pytest.mark.parametrize("ends", ["close", "hang"])
def test_an_end_without_an_answer_is_an_unknown_outcome(tmp_path: Path, ends: Any, *, takes: bool) -> None:
    with mail(tmp_path, SinkFault(sink="mail", ends=ends, takes=takes)) as sink:
        assert send(sink.port) in ("SMTPServerDisconnected", "TimeoutError")
        assert send(sink.port) == "250"
    first, second = kept(tmp_path)
    assert (first["outcome"], first["accepted"], first["cut"]) == ("unknown", takes, True)
    assert (second["outcome"], second["accepted"], second["cut"]) == ("taken", True, False)


def test_a_fault_can_meet_one_recipient_on_some_days(tmp_path: Path) -> None:
    fault = SinkFault(sink="mail", stage="rcpt", recipient=TO, answer="450 Later", last=None, days=(2, 2))
    clock = SharedClock(tmp_path / "clock.json")
    codes = []
    with mail(tmp_path, fault) as sink:
        for _ in range(3):
            codes.append((send(sink.port), send(sink.port, "pi@example.org")))
            clock.pass_time(days=1)
    assert codes == [("250", "250"), ("450", "250"), ("250", "250")]


def test_an_outage_refuses_connections_and_ends_on_the_same_port(tmp_path: Path) -> None:
    with mail(tmp_path) as sink:
        sink.stop()
        assert send(sink.port) == "ConnectionRefusedError"
        sink.start()
        assert send(sink.port) == "250"


def post(port: int, content: str = '{"title": "Hello", "message": "Alert 7K2M-0412."}') -> tuple[int, str]:
    line = HTTPConnection("127.0.0.1", port, timeout=0.5)
    try:
        line.request("POST", "/hook", content)
        answer = line.getresponse()
        return answer.status, answer.read().decode() + (answer.headers["Retry-After"] or "")
    except (OSError, HTTPException) as failed:
        return 0, type(failed).__name__
    finally:
        line.close()


@pytest.mark.parametrize(
    ("fault", "answer", "outcome", "accepted"),
    [
        (SinkFault(sink="web", status=500, body="no"), (500, "no"), "refused", False),
        (SinkFault(sink="web", status=429, body="", headers={"Retry-After": "3"}), (429, "3"), "refused", False),
        (SinkFault(sink="web", body="invalid_payload"), (200, "invalid_payload"), "unknown", False),
        (SinkFault(sink="web", ends="close"), (0, "RemoteDisconnected"), "unknown", False),
        (SinkFault(sink="web", ends="close", takes=True), (0, "RemoteDisconnected"), "unknown", True),
        (SinkFault(sink="web", ends="hang", takes=True), (0, "TimeoutError"), "unknown", True),
    ],
)
def test_a_webhook_meets_its_fault_once(
    tmp_path: Path, fault: SinkFault, answer: tuple[int, str], outcome: str, *, accepted: bool
) -> None:
    with HookSink(ledger(tmp_path, "web", fault)) as sink:
        assert post(sink.port) == answer
        assert post(sink.port) == (200, "ok")
    first, second = kept(tmp_path, "web")
    assert (first["outcome"], first["accepted"]) == (outcome, accepted)
    assert (second["outcome"], second["recipient"], second["alert"]) == ("taken", "hook", "7K2M-0412")


def test_a_connection_can_be_cut_before_anything_is_read(tmp_path: Path) -> None:
    with HookSink(ledger(tmp_path, "web", SinkFault(sink="web", stage="connect", ends="close"))) as sink:
        assert post(sink.port)[0] == 0
        assert post(sink.port)[0] == 200
    assert len(kept(tmp_path, "web")) == 1


def test_what_slack_shows_is_read_from_its_attachments(tmp_path: Path) -> None:
    payload = {"attachments": [{"title": "Trial", "text": "Now *Suspended*.\nAlert 7K2M-0412."}]}
    with HookSink(ledger(tmp_path, "web")) as sink:
        post(sink.port, json.dumps(payload))
    (entry,) = kept(tmp_path, "web")
    assert (entry["text"], entry["alert"]) == ("Trial\nNow *Suspended*.\nAlert 7K2M-0412.", "7K2M-0412")


class SlowLedger(Ledger):
    """Its sink meets no connection until it may."""

    may = Event()

    def meet(self, recipient: str | None, stages: tuple[str, ...]) -> SinkFault | None:
        self.may.wait(10)
        return super().meet(recipient, stages)


def test_a_webhook_is_kept_though_its_sender_died_before_it_was_met(tmp_path: Path) -> None:
    book = SlowLedger(tmp_path / "web.jsonl", "web", SharedClock(tmp_path / "clock.json"), ())
    with HookSink(book) as sink:
        with socket.create_connection(("127.0.0.1", sink.port)) as line:
            line.sendall(b"POST /hook HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
        book.may.set()
        assert post(sink.port) == (200, "ok")
        sink.rest()
    assert [(entry["accepted"], entry["gone"]) for entry in kept(tmp_path, "web")] == [(True, True), (True, False)]


@pytest.mark.parametrize("takes", [True, False])
@pytest.mark.parametrize("kind", ["smtp", "json"])
def test_a_sink_of_its_own_dies_when_told_and_goes_on_counting_where_it_was(
    tmp_path: Path, kind: str, *, takes: bool
) -> None:
    fault = SinkFault(sink="it", first=2, last=2, ends="die", takes=takes)
    replace(build(1, registry=1, pages=0), sink_faults=(fault,)).write(tmp_path / "script.json")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "tests.faults.sinks",
        "it",
        kind,
        *map(str, (tmp_path / "script.json", tmp_path / "c")),
    ]
    command += [str(tmp_path / "it.jsonl"), str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == f"{port}\n"
        handed = [send(port) if kind == "smtp" else str(post(port)[0]) for _ in range(2)]
        assert handed[0] in ("250", "200")
        assert handed[1] not in ("250", "200")
        assert process.wait(timeout=10) == 9
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == f"{port}\n"
        assert (send(port) if kind == "smtp" else str(post(port)[0])) in ("250", "200")
        process.stdin.close()
        assert process.wait(timeout=10) == 0
    assert [entry["accepted"] for entry in kept(tmp_path, "it")] == [True, takes, True]
