"""The operator hears once of what troubles the monitor itself, and once that it is over; by whatever way is open."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.errors import DestinationDown, MessageRefused, RecipientRefused, SendFailed
from monitor.model.alert import AlertKind, AlertState, Recipient
from monitor.model.message import ChangeMessage, NoticeMessage, PlainMessage
from monitor.route.rules import Rule
from monitor.store import alerts
from tests.pipeline.outbox_world import changed, numbers, told_of
from tests.pipeline.world import OPERATOR, READER, Slot, World, edited

STOPPED = "Now Suspended. It was Recruiting. No reason is given."
SECOND = Recipient(destination="team", address="second@example.org")


def next_pass(world: World) -> list[str]:
    """What the operator's messages of the next pass say happened."""
    world.later(hours=7)
    world.check()
    world.deliver()
    return what(world)


def what(world: World, to: Recipient = OPERATOR) -> list[str]:
    notices = [message.content for message in world.told(to)]
    return [item.what for notice in notices if isinstance(notice, NoticeMessage) for item in notice.items]


def test_a_refused_log_in_is_told_at_once_and_once_and_its_end_too(world: World, study: Any) -> None:
    changed(world, study, 30)
    world.box.faults["team"] = [DestinationDown("The log-in was refused.")] * 4
    world.deliver()
    assert sum(alert.attempts for alert in world.outbox(AlertState.RETRY)) == 1, "no other alert burns an attempt"
    assert next_pass(world) == ["team takes no messages. The log-in was refused."]
    assert next_pass(world) == []
    world.box.faults.clear()
    assert next_pass(world) == []
    assert len(told_of(world)) == 30
    assert next_pass(world) == ["team takes messages again, or nothing waits for it any more."]
    assert next_pass(world) == []


def test_one_that_may_come_back_by_itself_is_told_after_a_day(world: World, study: Any) -> None:
    changed(world, study, 1)
    world.box.faults["team"] = [SendFailed("no way there", unreached=True)] * 20
    world.deliver()
    told = [next_pass(world) for _ in range(5)]
    assert told == [[], [], [], ["Messages to team have waited for more than a day. no way there"], []]


def test_when_a_destination_works_again_all_that_was_put_off_goes_out_at_once(world: World, study: Any) -> None:
    changed(world, study, 10)
    world.box.faults["team"] = [SendFailed("no way there", unreached=True)] * 5
    for hours in (0, 0.01, 0.1, 0.2, 1):
        world.later(hours=hours)
        world.deliver()
    with world.store.write() as tx:
        (first, *_) = sorted(alerts.list_alerts(tx, [AlertState.RETRY]), key=lambda alert: alert.id)
        assert alerts.retry(tx, [first.id], world.now) == (first.id,)
    assert world.deliver().sent == 10, "a person asked for one"


def test_the_operator_whose_own_destination_is_down_hears_by_another(world: World, study: Any) -> None:
    world.rules = (Rule(name="all", to=("team", "operator")),)
    changed(world, study, 1)
    world.told(READER)
    world.box.faults["operator"] = [DestinationDown("The webhook is gone.")] * 9
    world.deliver()
    world.told(READER)
    assert next_pass(world) == []
    assert what(world, READER) == ["operator takes no messages. The webhook is gone."]


def test_that_the_only_destination_is_down_is_told_to_nobody_there(world: World, study: Any) -> None:
    world.operator = READER
    changed(world, study, 1)
    world.box.faults["team"] = [DestinationDown("gone")] * 9
    for _ in range(3):
        world.deliver()
        world.later(hours=7)
        world.check()
    world.box.faults.clear()
    assert [alert.kind for alert in world.outbox(AlertState.RETRY, AlertState.PENDING)] == [AlertKind.CHANGE]


def test_a_message_that_is_always_refused_is_told_in_bare_lines(world: World, study: Any) -> None:
    changed(world, study, 2)
    world.box.faults["team"] = [MessageRefused("invalid payload")] * 3
    assert (world.deliver().sent, world.outbox(AlertState.DEAD)) == (2, ())
    first, second = world.told()
    assert isinstance(first.content, PlainMessage)
    assert first.content.lines[:3] == (STOPPED, "was: RECRUITING", "now: SUSPENDED")
    assert isinstance(second.content, ChangeMessage), "the next is written as usual"
    assert not first.maybe_repeat


def test_one_that_is_refused_in_bare_lines_too_is_given_up_told_once_and_can_be_revived(
    world: World, study: Any
) -> None:
    changed(world, study, 2)
    world.box.faults["team"] = [MessageRefused("invalid payload")] * 4
    done = world.deliver()
    assert (done.sent, done.dead) == (1, 1)
    (dead,) = world.outbox(AlertState.DEAD)
    assert next_pass(world) == [f"Given up: {dead.code} to team@example.org. invalid payload"]
    assert next_pass(world) == []
    world.told()
    with world.store.write() as tx:
        alerts.retry(tx, [dead.id], world.now)
    assert next_pass(world) == []
    (message,) = world.told()
    assert isinstance(message.content, ChangeMessage), "a revived one starts afresh"
    assert message.code == dead.code


def test_an_outage_before_counts_for_nothing_when_a_message_is_refused(world: World, study: Any) -> None:
    changed(world, study, 1)
    world.box.faults["team"] = [SendFailed("down", unreached=True)] * 5 + [MessageRefused("not now")]
    for _ in range(7):
        world.deliver()
        world.later(hours=7)
    (message,) = world.told()
    assert isinstance(message.content, ChangeMessage)


def test_a_notice_that_the_operator_can_not_get_goes_to_somebody_else(world: World, study: Any) -> None:
    changed(world, study, 1)
    world.box.faults["team"] = [RecipientRefused("no such mailbox")]
    world.deliver()
    world.box.faults["operator"] = [RecipientRefused("no such operator")]
    assert next_pass(world) == []
    world.deliver()
    assert [each.split(":")[0] for each in what(world, READER)] == ["Given up"]
    assert [alert.kind for alert in world.outbox(AlertState.DEAD)] == [AlertKind.NOTICE, AlertKind.CHANGE]
    assert next_pass(world) == [], "it is told no more"


def test_a_recipient_who_left_the_configuration_is_told_once_and_when_nothing_waits_any_more(
    world: World, study: Any
) -> None:
    world.team = (SECOND, READER)
    changed(world, study, 3)
    keep = world.box.open

    def without_second(recipient: Recipient) -> Slot:
        if recipient == SECOND:
            raise DestinationDown("The configuration no longer has it.")
        return keep(recipient)

    world.box.open = without_second  # type: ignore[method-assign]  # another configuration
    world.deliver()
    assert next_pass(world) == ["Messages wait for second@example.org. The configuration no longer has it."]
    assert next_pass(world) == []
    with world.store.write() as tx:
        alerts.drop(tx, [alert.id for alert in alerts.list_alerts(tx, [AlertState.RETRY])])
    assert next_pass(world) == ["Nothing waits for second@example.org any more."]


@pytest.mark.parametrize("unknown", [True, False])
def test_two_failures_in_a_row_let_a_recipient_rest_and_one_lets_others_pass(
    world: World, study: Any, *, unknown: bool
) -> None:
    world.team = (READER, SECOND)
    changed(world, study, 5)
    tries: list[Recipient] = []

    class Slow(Slot):
        def send(self, message: Any) -> None:
            tries.append(self.recipient)
            if self.recipient == READER:
                raise SendFailed("it did not answer", unknown=unknown)
            super().send(message)

    world.box.open = lambda recipient: Slow(world.box, recipient)  # type: ignore[method-assign]  # another channel
    world.deliver()
    assert tries.count(READER) == 2
    assert len(told_of(world, SECOND)) == 5
    assert [alert.maybe_sent for alert in reversed(world.outbox(AlertState.RETRY))] == [unknown] * 2 + [False] * 3


def test_a_message_that_the_other_side_cannot_answer_holds_up_no_other(world: World, study: Any) -> None:
    changed(world, study, 5)

    class Stumbling(Slot):
        def send(self, message: Any) -> None:
            if message.content.header.registry_id == numbers(1)[0]:
                raise SendFailed("answered 500")
            super().send(message)

    world.box.open = lambda recipient: Stumbling(world.box, recipient)  # type: ignore[method-assign]  # another channel
    for _ in range(3):
        world.deliver()
        world.later(hours=7)
    assert [trial for trial, _ in told_of(world)] == numbers(5)[1:]
    assert [alert.state for alert in world.outbox(AlertState.RETRY)] == [AlertState.RETRY]


def test_a_trial_that_no_pass_looks_at_is_told_after_two_intervals_and_when_it_is_seen_again(
    world: World, study: Any
) -> None:
    world.registry.add_study(study)
    world.registry.add_study(edited(study, identificationModule__nctId="NCT07011551"))
    first, _ = world.watch("NCT07011550", "NCT07011551")
    world.check()
    world.deliver()
    heard: list[list[str]] = []
    for _ in range(4):
        world.later(hours=5)
        world.check(choose=lambda _tx: [first.id])
        world.deliver()
        heard.append(what(world))
    (told,) = [each for several in heard for each in several]
    assert heard[:2] == [[], []]
    assert told.startswith("NCT07011551 should have been looked at. It was not verified since 20 Nov 2026 12:00")
    assert next_pass(world) == ["NCT07011551 was verified again, or is not watched any more."]
