"""`destination test NAME`: a real sample of every kind, through the real channel."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from monitor.pipeline.sample import KINDS
from monitor.store import alerts
from monitor.store.engine import open_store
from tests.cli.seeded import write_config
from tests.deliver.sinks import HttpSink, MailSink

Run = Callable[..., subprocess.CompletedProcess[str]]
EVERY = [kind.value for kind in KINDS]


@pytest.fixture
def mailbox() -> Iterator[MailSink]:
    with MailSink() as sink:
        yield sink


@pytest.fixture
def web() -> Iterator[HttpSink]:
    with HttpSink() as sink:
        yield sink


def configured(call: Run, folder: Path, url: str, more: str = "") -> Run:
    path = write_config(folder)
    told = f'{path.read_text()}[destinations.team]\nurl = "{url}"\nallow_private_addresses = true\n{more}'
    path.write_text(told)
    path.chmod(0o600)
    return lambda *arguments: call("destination", "test", "team", *arguments, "--config", str(path))


def mailed(call: Run, folder: Path, sink: MailSink, to: str = "me@example.org", more: str = "") -> Run:
    return configured(call, folder, f"mailto://127.0.0.1:{sink.port}?from=a@example.org&to={to}", more)


def letters(sink: MailSink) -> list[EmailMessage]:
    return [sink.letter(n) for n in range(len(sink.mails))]


def parts(letter: EmailMessage) -> tuple[str, str]:
    found = [letter.get_body((kind,)) for kind in ("plain", "html")]
    plain, html = (" ".join(part.get_content().split()) if part else "" for part in found)
    return plain, html


def test_every_kind_arrives_and_each_says_that_it_is_a_sample(call: Run, tmp_path: Path, mailbox: MailSink) -> None:
    done = mailed(call, tmp_path, mailbox)()
    assert (done.returncode, done.stderr) == (0, "")
    told = letters(mailbox)
    assert [str(letter["Subject"]).removeprefix("[Sample] ")[:30] for letter in told] == [
        "Trial Monitor: a test message ",
        "NCT00000000 now Suspended (was",
        "Taken back: NCT00000000: Prima",
        "Now watching 1 trial: NCT00000",
        "NCT00000000 no longer found · ",
        "3 alerts that had waited: NCT0",
        "Trial Monitor: NCT00000000 cou",
    ]
    for letter in told:
        assert str(letter["Subject"]).startswith("[Sample] ")
        for said in parts(letter):
            assert "This is a sample: what it tells is made up, and nothing of it has happened." in said
    lines = " ".join(done.stdout.split())
    codes = [str(letter["Message-ID"]).strip("<").partition("@")[0] for letter in told]
    assert len(set(codes)) == len(EVERY)
    for kind, code in zip(EVERY, codes, strict=True):
        what = "A test message" if kind == "test" else f"A sample ({kind})"
        assert f"{what} was handed over to me@example.org as alert {code}. Look whether it arrived." in lines


def test_change_and_correction_are_one_conversation_and_look_like_real_ones(
    call: Run, tmp_path: Path, mailbox: MailSink
) -> None:
    mailed(call, tmp_path, mailbox)("--kind", "change", "--kind", "correction")
    change, correction = letters(mailbox)
    assert change["References"] == correction["References"]
    text, html = parts(change)
    for said in (text, html):
        assert "Jane Example" in said
        assert "fewer people fit" in said
    assert "two days earlier it was given as 29 oct 2027" in parts(correction)[0].lower()


@pytest.mark.parametrize("kind", EVERY)
def test_one_kind_can_be_asked_for(call: Run, tmp_path: Path, mailbox: MailSink, kind: str) -> None:
    assert mailed(call, tmp_path, mailbox)("--kind", kind).returncode == 0
    assert len(mailbox.mails) == 1


def test_each_recipient_gets_every_kind(call: Run, tmp_path: Path, mailbox: MailSink) -> None:
    assert mailed(call, tmp_path, mailbox, "a@example.org,b@example.org")().returncode == 0
    to = [recipients for _, recipients, _ in mailbox.mails]
    assert sorted(to) == sorted([("a@example.org",), ("b@example.org",)] * len(EVERY))


def test_one_that_is_refused_is_told_with_the_reason_and_the_others_go(
    call: Run, tmp_path: Path, mailbox: MailSink
) -> None:
    mailbox.answers = ["250 OK", "554 5.7.1 no news of trials here"]
    done = mailed(call, tmp_path, mailbox)()
    assert done.returncode == 1
    assert "team: a sample (change) failed." in done.stderr
    assert "no news of trials here" in done.stderr
    assert done.stdout.count("handed over") == len(EVERY) - 1


def test_a_destination_that_cannot_be_reached_is_tried_once(call: Run, tmp_path: Path) -> None:
    done = configured(call, tmp_path, "mailto://127.0.0.1:9?from=a@example.org&to=b@example.org")()
    assert (done.returncode, done.stdout) == (1, "")
    first, rest = done.stderr.splitlines()
    assert first.startswith("team: ")
    assert rest == "team: 6 other samples for b@example.org not tried after that."


def test_nothing_of_it_stands_in_the_outbox(call: Run, tmp_path: Path, mailbox: MailSink) -> None:
    mailed(call, tmp_path, mailbox)()
    store = open_store(f"sqlite:///{tmp_path / 'monitor.db'}", migrate=False, say=lambda _line: None)
    with store.read() as tx:
        assert alerts.list_alerts(tx) == ()
    store.close()


def test_a_webhook_takes_them_too(call: Run, tmp_path: Path, web: HttpSink) -> None:
    done = configured(call, tmp_path, f"json://127.0.0.1:{web.port}/hook")()
    assert (done.returncode, done.stderr) == (0, "")
    told = [json.loads(body) for _, _, body in web.posts]
    assert len(told) == len(EVERY)
    assert all(each["title"].startswith("[Sample] ") and "This is a sample:" in each["message"] for each in told)


def test_samples_are_worded_as_the_user_says_and_stay_samples(call: Run, tmp_path: Path, mailbox: MailSink) -> None:
    own = '[templates]\nsubject = "{number} {severity}"\ngreeting = "Dear {destination},"\nfooter = "Bye."\n'
    mailed(call, tmp_path, mailbox, more=own)("--kind", "change")
    (letter,) = letters(mailbox)
    assert letter["Subject"] == "[Sample] NCT00000000 critical"
    for said in parts(letter):
        assert "This is a sample:" in said
        assert "Dear team," in said
        assert "Bye." in said


def test_an_unknown_kind_sends_nothing(call: Run, tmp_path: Path, mailbox: MailSink) -> None:
    assert mailed(call, tmp_path, mailbox)("--kind", "spam").returncode == 2
    assert mailbox.mails == []
