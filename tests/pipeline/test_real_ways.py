"""The outbox before real servers on loopback: refusals, dead log-ins, cuts, and what arrives in the end."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from apprise.plugins.slack import NotifySlack

from monitor.deliver import channels, mail
from monitor.deliver.channels import open_channel
from monitor.deliver.destinations import read_destination
from monitor.egress.policy import Network
from monitor.errors import DestinationDown
from monitor.model.alert import AlertState, Recipient
from monitor.model.version import DEFAULT_LEASE
from monitor.store import batches
from tests.deliver.sinks import Answer, DyingMailServer, HttpSink, MailSink
from tests.pipeline.outbox_world import changed
from tests.pipeline.world import OPERATOR, World

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/"


def lead(world: World, url: str) -> None:
    """From now on the team is reached at this URL."""
    parsed = read_destination("team", url)

    def way(recipient: Recipient) -> Any:
        if recipient == OPERATOR:
            return keep(recipient)
        if recipient.address not in parsed.recipients:
            raise DestinationDown("It is not there.")
        return open_channel(parsed, recipient.address, network=Network(), allow_private=True, clock=lambda: world.now)

    keep = world.box.open
    world.team = tuple(Recipient(destination="team", address=each) for each in parsed.recipients)
    world.box.open = way  # type: ignore[method-assign]  # real channels in place of the letter box


def mail_url(port: int, user: str = "") -> str:
    return f"mailto://{user}127.0.0.1:{port}/?from=monitor@example.org&to=team@example.org"


def test_the_lease_of_an_alert_is_at_least_twice_as_long_as_a_try_to_send_it() -> None:
    assert timedelta(seconds=2 * max(channels.DEADLINE, mail.DEADLINE)) <= DEFAULT_LEASE


def test_a_backlog_arrives_as_mails_that_say_everything(world: World, study: Any) -> None:
    lead(world, mail_url(9))
    changed(world, study, 30)
    world.deliver()
    world.later(hours=7)
    with MailSink() as sink:
        lead(world, mail_url(sink.port))
        world.deliver()
        (letter,) = (sink.letter(n) for n in range(len(sink.mails)))
    text = letter.get_body(("plain",))
    assert text
    planned = [alert for alert in world.outbox(AlertState.SENT) if alert.kind.value in ("change", "welcome")]
    assert all(f"Alert {alert.code}" in text.get_content() for alert in planned)
    assert letter["Message-ID"] == f"<{planned[0].digest}@example.org>"


def test_a_digest_whose_answer_never_came_goes_out_again_under_the_same_id(world: World, study: Any) -> None:
    lead(world, mail_url(9))
    changed(world, study, 30)
    world.deliver()
    world.later(hours=7)
    with DyingMailServer(lambda end: end.endswith(b"\r\n.\r\n")) as dying:
        lead(world, mail_url(dying.port))
        world.deliver()
        (taken,) = dying.taken
    world.later(hours=7)
    with MailSink() as sink:
        lead(world, mail_url(sink.port))
        world.deliver()
        letter = sink.letter()
    assert f"Message-ID: {letter['Message-ID']}".encode() in taken
    assert b"may be a repeat" not in taken
    text = letter.get_body(("plain",))
    assert text
    assert f"repeat of alert {letter['Message-ID'][1:10]}" in " ".join(text.get_content().split())


@pytest.mark.parametrize(
    ("answer", "maybe"), [("421 shutting down", True), ("451 not now", False), ("452 no room", False)]
)
def test_an_answer_to_the_final_dot_says_whether_the_next_try_may_be_a_repeat(
    world: World, study: Any, answer: str, *, maybe: bool
) -> None:
    with MailSink() as sink:
        lead(world, mail_url(sink.port))
        changed(world, study, 1)
        sink.answers = [answer]
        world.deliver()
        world.later(hours=7)
        world.deliver()
        text = sink.letter().get_body(("plain",))
    assert text
    assert ("may be a repeat" in text.get_content()) is maybe


def test_a_mail_that_a_filter_refuses_is_sent_as_bare_text(world: World, study: Any) -> None:
    with MailSink() as sink:
        lead(world, mail_url(sink.port))
        changed(world, study, 1)
        sink.answers = ["554 5.7.1 looks like spam"] * 3
        assert world.deliver().sent == 1
        letter = sink.letter()
    assert letter.get_content_type() == "text/plain"
    assert "was: RECRUITING" in letter.get_content()
    assert "now: SUSPENDED" in letter.get_content()


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
def test_a_wrong_password_is_tried_once_for_all_that_waits_and_mended_without_a_loss(world: World, study: Any) -> None:
    with MailSink(word="right-one") as sink:
        lead(world, mail_url(sink.port, "monitor:wrong-one@"))
        changed(world, study, 30)
        world.later(hours=7)
        sink.logins.clear()
        world.deliver()
        tries = len(sink.logins)
        assert sum(alert.attempts > 0 for alert in world.outbox()) <= batches.MOST_TOGETHER
        lead(world, mail_url(sink.port, "monitor:right-one@"))
        world.later(hours=7)
        world.deliver()
        assert 0 < tries < 5, "Python tries each way of logging in, once"
        assert not world.outbox(AlertState.RETRY, AlertState.PENDING, AlertState.DEAD)
        assert len(sink.mails) == 1, "the welcome and all changes in one digest"


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_dead_webhook_is_asked_once_for_all_that_waits(
    world: World, study: Any, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    with HttpSink() as sink:
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{sink.port}")
        lead(world, SLACK)
        changed(world, study, 3)
        sink.posts.clear()
        sink.always = Answer(status=status, body=b"no_service")
        world.deliver()
        assert len(sink.posts) == 1
        assert [alert.attempts for alert in world.outbox(AlertState.RETRY)].count(0) == 2
        world.check()
        world.deliver()
        assert len(world.told(OPERATOR)) == 1
        sink.always = Answer()
        world.later(hours=7)
        world.deliver()
        assert not world.outbox(AlertState.RETRY)


def test_a_payload_that_slack_refuses_is_posted_in_bare_lines_and_the_next_as_usual(
    world: World, study: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HttpSink() as sink:
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{sink.port}")
        lead(world, SLACK)
        changed(world, study, 2)
        sink.posts.clear()
        sink.answers = [Answer(status=400, body=b"invalid_payload")] * 3
        assert world.deliver().sent == 2
        texts = [json.dumps(json.loads(body)) for _, _, body in sink.posts]
    assert ["was: RECRUITING" in text for text in texts] == [False, False, False, True, False]


def test_a_webhook_gets_a_backlog_whole(world: World, study: Any) -> None:
    lead(world, "json://127.0.0.1:9/hook")
    changed(world, study, 30)
    world.deliver()
    world.later(hours=7)
    with HttpSink() as sink:
        lead(world, f"json://127.0.0.1:{sink.port}/hook")
        world.deliver()
        (body,) = (sink.json(n)["message"] for n in range(len(sink.posts)))
    sent = [alert for alert in world.outbox(AlertState.SENT) if alert.recipient.destination == "team"]
    assert len(sent) == 31
    assert all(f"Alert {alert.code}" in body for alert in sent)
