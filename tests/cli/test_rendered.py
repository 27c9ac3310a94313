"""`alerts show ID --as`: what it prints is what is sent."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model.alert import AlertKind, PlannedAlert, Recipient
from monitor.model.json import JsonObject
from monitor.pipeline import facts
from monitor.pipeline.ways import Desk
from monitor.store import alerts, batches, changes, claims, records, versions
from monitor.store.engine import open_store
from tests.cli.seeded import KEY, SECOND, fill_store, read, write_config
from tests.deliver.sinks import MailSink
from tests.store.store_values import LEASE

Run = Callable[..., subprocess.CompletedProcess[str]]
MAIL = Recipient(destination="mail", address="me@example.org")
SLACK = Recipient(destination="slack", address="")


@dataclass(frozen=True, slots=True)
class Sent:
    """A store with one alert for a mailbox that is real, and one for a channel that is nowhere."""

    call: Run
    config: tuple[str, str]
    sink: MailSink
    by_mail: str
    by_slack: str

    def show(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.call("alerts", "show", *arguments, *self.config)


def plan(folder: Path) -> dict[Recipient, str]:
    store = open_store(f"sqlite:///{folder / 'monitor.db'}", migrate=False, say=lambda _line: None)
    with store.write() as tx:
        alerts.drop(tx, [alert.id for alert in alerts.list_alerts(tx)])
        row = records.by_keys(tx, [KEY])[KEY]
        version = versions.get(tx, row.id, 2)
        assert version is not None
        found, record = changes.history(tx), read(1)
        header = facts.trial_header(row, record, (), Desk(), compare=(1, 2))
        told = facts.change_facts(
            header, record, [each.change for each in found], ["a rule"], facts.origin_facts(version, 1)
        )
        ids = tuple(each.id for each in found)
        planned = alerts.plan(tx, [alert_of(to, told, row.id, ids) for to in (MAIL, SLACK)], SECOND)
    store.close()
    return {alert.recipient: alert.code for alert in planned}


def alert_of(to: Recipient, told: JsonObject, record_id: int, ids: tuple[int, ...]) -> PlannedAlert:
    return PlannedAlert(
        kind=AlertKind.CHANGE,
        recipient=to,
        facts=told,
        record_id=record_id,
        from_version=1,
        to_version=2,
        change_ids=ids,
    )


@pytest.fixture
def sent(call: Run, tmp_path: Path) -> Iterator[Sent]:
    config = write_config(tmp_path)
    fill_store(tmp_path)
    with MailSink() as sink:
        config.write_text(
            config.read_text()
            + '[templates]\nsubject = "{name}: {state}"\ngreeting = "Dear {destination},"\n'
            + f'[destinations.mail]\nurl = "mailto://127.0.0.1:{sink.port}?from=a@example.org&to=me@example.org"\n'
            + "allow_private_addresses = true\n"
            + f'[destinations.ops]\nurl = "mailto://127.0.0.1:{sink.port}?from=a@example.org&to=ops@example.org"\n'
            + 'allow_private_addresses = true\n[operator]\nto = ["ops"]\n'
        )
        config.chmod(0o600)
        codes = plan(tmp_path)
        yield Sent(call, ("--config", str(config)), sink, codes[MAIL], codes[SLACK])


def test_a_mail_is_shown_as_it_was_sent(sent: Sent) -> None:
    before = sent.show(sent.by_mail, "--as", "email", "--html").stdout
    assert sent.sink.mails == [], "showing sends nothing"
    sent.call("deliver", *sent.config)
    letter = sent.sink.letter()
    after = sent.show(sent.by_mail, "--as", "email", "--html")
    assert (after.returncode, after.stderr) == (0, "")
    for name, value in letter.items():
        if name not in ("Date", "Content-Type"):
            assert f"{name}: {value}\n" in before
            assert f"{name}: {value}\n" in after.stdout
    for kind in ("plain", "html"):
        part = letter.get_body((kind,))
        assert part is not None
        said = part.get_content().replace("\r\n", "\n").strip()
        assert said in before
        assert said in after.stdout
    assert "Subject: " in before
    assert "List-Unsubscribe: <mailto:ops@example.org?subject=Mute" in before
    assert "Dear mail," in before
    assert f"Alert {sent.by_mail}." in before


def test_without_html_there_is_the_text_alone(sent: Sent) -> None:
    told = sent.show(sent.by_mail, "--as", "email").stdout
    assert "<html" not in told
    assert "NOW SUSPENDED. IT WAS RECRUITING." in told


def test_an_alert_is_shown_in_forms_that_its_destination_does_not_take(sent: Sent) -> None:
    """The channel is no longer in the configuration, even."""
    mail = sent.show(sent.by_slack, "--as", "email")
    assert mail.returncode == 0
    assert "To: nobody@localhost" in mail.stdout
    slack = sent.show(sent.by_mail, "--as", "slack").stdout
    assert "*Suspended*" in slack or "Now Suspended" in slack
    assert slack.rstrip().endswith(f"Alert {sent.by_mail}._")
    text = sent.show(sent.by_slack.lower(), "--as", "text").stdout
    assert "was: Recruiting" in text
    assert "Dear slack," in text


def test_show_alone_is_as_ever(sent: Sent) -> None:
    told = sent.show(sent.by_mail).stdout
    assert told.startswith(f"Alert {sent.by_mail}  waiting")
    assert "Subject:" not in told


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--html",), 2, "--html goes with --as email."),
        (("--as", "slack", "--html"), 2, "--html goes with --as email."),
        (("--as", "fax"), 2, "fax"),
    ],
)
def test_what_makes_no_sense_is_refused(sent: Sent, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = sent.show(sent.by_mail, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert sent.show("0000-0000", "--as", "text").returncode == 1


def test_the_name_of_a_digest_shows_the_digest_and_that_of_an_alert_the_alert(call: Run, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'monitor.db'}", migrate=True, say=lambda _line: None)
    item = {"what": "A page shows a log-in form.", "trust": "Not for this trial.", "todo": "Nothing."}
    with store.write() as tx:
        wanted = [
            PlannedAlert(kind=AlertKind.NOTICE, recipient=MAIL, facts={"items": [item]}, condition=f"{n}")
            for n in range(25)
        ]
        alerts.plan(tx, wanted, SECOND)
        claims.postpone(tx, "mail", SECOND + timedelta(seconds=1), error="refused")
        told = batches.claim_next(tx, "mail", SECOND + timedelta(hours=1), LEASE, "me")
    store.close()
    config = ("--config", str(write_config(tmp_path)))
    name = str(told[0].digest)
    whole = call("alerts", "show", name, "--as", "text", *config).stdout
    assert whole.startswith("25 alerts that had waited")
    assert f"Alert {name}." in whole
    one = call("alerts", "show", told[3].code, "--as", "text", *config).stdout
    assert one.startswith("Trial Monitor: A page shows a log-in form.")
    assert f"Alert {told[3].code}." in one


def test_an_alert_of_a_channel_without_persons_names_nobody(sent: Sent) -> None:
    config = Path(sent.config[1])
    slack = '[destinations.slack]\nurl = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/"\n'
    config.write_text(config.read_text() + slack)
    for form in ("text", "email", "slack"):
        told = sent.show(sent.by_slack, "--as", form)
        assert (told.returncode, told.stderr) == (0, "")
        assert "Kim Ross" not in told.stdout
        assert "Kim Ross" in sent.show(sent.by_mail, "--as", form).stdout
