"""Recipients that are down, busy or slow: the pass records, the alert waits, and arrives when they are back."""

from __future__ import annotations

import time

import pytest
from apprise.plugins.slack import NotifySlack

from monitor.demo.faults import Fault
from monitor.demo.mailbox import Mailbox
from tests.acceptance.world import NCT, SECOND, THIRD, World

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/"
LONGEST = 30  # seconds that a wait of one second may take on a busy machine


def waiting(world: World) -> list[tuple[str, int]]:
    """State and number of tries of each alert that is not sent."""
    return [(alert["state"], alert["attempts"]) for alert in world.json("alerts", "list")]


def deliver_until_empty(world: World) -> None:
    """Deliver as a user would who does not want to wait; a destination that asked for a second gets it."""
    end = time.monotonic() + LONGEST
    while waiting(world) and time.monotonic() < end:
        assert world.run("deliver").returncode == 0
        time.sleep(0.2)
    assert waiting(world) == []


def test_while_the_mail_server_is_down_the_pass_records_and_the_alert_waits(world: World) -> None:
    with Mailbox() as gone:
        port = gone.port
        world.destinations["team"] = world.mail_url("one@example.org", "two@example.org", port=port)
        world.follow(NCT)
        welcomes = len(gone.letters)
    world.change(NCT)
    report = world.json("check")
    assert report["coverage"]["changed"] == 1
    assert report["alerts"] == {"planned": 2, "sent": 0, "pending": 2, "dead": 0}
    assert world.json("history"), "the change log does not wait for the mail server"
    assert sorted(waiting(world)) == [("retry", 0), ("retry", 1)], "a server that is not there is tried once"
    assert world.run("check").returncode == 0, "a retry that waits is no failure"
    assert world.run("deliver").returncode == 0
    with Mailbox(port=port) as back:
        assert world.run("deliver").returncode == 0
        assert world.run("deliver").returncode == 0
        recipients = sorted(letter.recipients for letter in back.letters)
        assert (welcomes, recipients) == (2, [("one@example.org",), ("two@example.org",)])
        sent = [alert["id"] for alert in world.json("alerts", "list", "--all") if alert["kind"] == "change"]
        assert sorted(str(letter.message["Message-ID"]) for letter in back.letters) == sorted(
            f"<{code}@example.org>" for code in sent
        )
    assert waiting(world) == []


def test_a_mail_that_is_refused_for_now_keeps_its_message_id(world: World) -> None:
    world.follow(NCT)
    world.change(NCT)
    world.mailbox.refuse("451 Try later")
    assert world.json("check")["alerts"]["pending"] == 1
    (alert,) = world.json("alerts", "list")
    assert world.run("deliver").returncode == 0
    letter = world.letters()[-1]
    assert letter.message["Message-ID"] == f"<{alert['id']}@example.org>"
    assert f"Alert {alert['id']}" in letter.part("plain")
    assert "may be a repeat" not in letter.part("plain")


def test_a_mail_that_is_refused_for_good_is_dead_until_a_person_says_so(world: World) -> None:
    world.follow(NCT)
    world.change(NCT)
    world.mailbox.refuse("550 No such user")
    report = world.json("check", code=1)
    assert report["alerts"] == {"planned": 1, "sent": 0, "pending": 0, "dead": 1}
    (alert,) = world.json("alerts", "list")
    assert (alert["state"], alert["next_attempt_at"]) == ("dead", None)
    assert world.run("check").returncode == 1
    assert world.run("alerts", "retry", alert["id"]).returncode == 0
    assert world.run("deliver").returncode == 0
    assert world.letters()[-1].message["Message-ID"] == f"<{alert['id']}@example.org>"
    assert world.run("check").returncode == 0
    assert world.run("alerts", "drop", alert["id"]).returncode == 1, "it was sent"


@pytest.mark.parametrize(
    "fault",
    [Fault(status=500), Fault(status=429), Fault(status=429, headers={"Retry-After": "1"}), Fault(status=503)],
    ids=["500", "429", "429 with a wait", "503"],
)
@pytest.mark.parametrize("url", ["json", "slack"])
def test_a_webhook_that_answers_with_a_fault_gets_its_alert_later(
    world: World, url: str, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifySlack, "webhook_url", world.web.slack_url)
    world.destinations["team"] = SLACK if url == "slack" else world.hook_url()
    world.follow(NCT)
    welcomes = len(world.web.hooks)
    world.change(NCT)
    world.web.faults.once("/", fault, fault)
    report = world.json("check")
    assert report["coverage"]["changed"] == 1
    assert report["alerts"]["pending"] == 1
    assert len(world.web.hooks) == welcomes
    deliver_until_empty(world)
    (hook,) = world.web.hooks[welcomes:]
    text = hook.text if url == "slack" else f"{hook.payload['title']}\n{hook.payload['message']}"
    assert "Suspended" in text
    assert "NCT07011550" in text


def test_a_destination_that_asks_for_a_wait_is_left_alone_until_it_is_over(world: World) -> None:
    world.destinations["team"] = world.hook_url()
    world.follow(NCT, SECOND, THIRD)
    asked = world.web.asked
    world.change(NCT, SECOND, THIRD)
    world.web.faults.once("/", Fault(status=429, headers={"Retry-After": "3600"}))
    assert world.json("check")["alerts"]["pending"] == 3
    assert world.run("deliver").returncode == 0
    assert world.run("check").returncode == 0
    assert world.web.asked == asked + 1, "the wait is asked of us, not of one message"


def test_one_destination_that_is_down_holds_up_no_other(world: World) -> None:
    world.destinations |= {"hook": world.hook_url()}
    world.readers = ["team", "hook"]
    world.follow(NCT)
    world.change(NCT)
    world.web.faults.always("/", Fault(status=500))
    assert world.json("check")["alerts"] == {"planned": 2, "sent": 1, "pending": 1, "dead": 0}
    assert "Suspended" in world.subjects()[-1]
