"""A backlog goes out in digests: everything in it, in order, and as one message that is sent or not."""

from __future__ import annotations

from typing import Any

from monitor.errors import DestinationDown, MessageRefused, SendFailed
from monitor.model.alert import AlertState, Recipient
from monitor.model.message import ChangeMessage, DigestMessage, Message
from monitor.model.version import DEFAULT_LEASE
from monitor.store import batches, restored
from monitor.store.batches import MOST_SINGLE, MOST_TOGETHER
from tests.pipeline.outbox_world import changed, flat, numbers, told_of, updated
from tests.pipeline.world import READER, World

SECOND = Recipient(destination="team", address="second@example.org")
OUTAGE = SendFailed("no way there", unreached=True)


def out_of_order(world: World, study: Any, trials: int, days: int = 1) -> None:
    """A backlog behind one try in vain; the destination is well again, and the next try is due."""
    changed(world, study, trials, days)
    world.box.faults["team"] = [OUTAGE]
    world.deliver()
    world.later(hours=7)


def digests(messages: list[Message]) -> list[Message]:
    return [message for message in messages if isinstance(message.content, DigestMessage)]


def test_a_backlog_goes_out_in_digests_that_hold_every_alert_once_and_in_order(world: World, study: Any) -> None:
    out_of_order(world, study, 60)
    done = world.deliver()
    assert (done.sent, done.retry, done.dead) == (60, 0, 0)
    messages = world.told()
    assert [len(flat([message])) for message in messages] == [MOST_TOGETHER] + [1] * (60 - MOST_TOGETHER)
    planned = [alert.code for alert in reversed(world.outbox()) if alert.kind.value == "change"]
    assert [each.code for each in flat(messages)] == planned
    assert all(isinstance(each.content, ChangeMessage) and each.content.changes for each in flat(messages))
    assert not any(each.maybe_repeat for each in flat(messages))


def test_as_many_as_one_can_read_go_out_one_by_one(world: World, study: Any) -> None:
    out_of_order(world, study, MOST_SINGLE)
    world.deliver()
    assert [len(flat([message])) for message in world.told()] == [1] * MOST_SINGLE


def test_what_one_pass_found_is_no_backlog(world: World, study: Any) -> None:
    changed(world, study, MOST_SINGLE + 5)
    world.deliver()
    assert digests(world.told()) == []


def test_a_digest_tells_the_changes_of_one_trial_in_their_order(world: World, study: Any) -> None:
    out_of_order(world, study, 8, days=4)
    world.deliver()
    (digest,) = digests(world.told())
    versions: dict[str | None, list[int | None]] = {}
    for each in flat([digest]):
        assert isinstance(each.content, ChangeMessage)
        versions.setdefault(each.content.header.registry_id, []).append(each.content.origin.to_version)
    assert versions == {number: [2, 3, 4, 5] for number in numbers(8)}


def test_each_recipient_gets_digests_of_their_own(world: World, study: Any) -> None:
    world.team = (READER, SECOND)
    out_of_order(world, study, 25)
    world.deliver()
    mine, theirs = told_of(world), told_of(world, SECOND)
    assert [trial for trial, _ in mine] == [trial for trial, _ in theirs] == numbers(25)
    assert {code for _, code in mine}.isdisjoint({code for _, code in theirs})


def test_a_digest_without_an_answer_goes_out_again_as_the_same_message_and_says_so(world: World, study: Any) -> None:
    out_of_order(world, study, 30)
    tried: list[str] = []
    keep = world.box.open

    def listening(recipient: Recipient) -> Any:
        slot = keep(recipient)
        write = slot.write
        slot.write = lambda message: (tried.append(message.code), write(message))[1]  # type: ignore[method-assign, func-returns-value]  # listens
        return slot

    world.box.open = listening  # type: ignore[method-assign]  # listens
    world.box.faults["team"] = [SendFailed("cut off after the last byte", unknown=True)]
    world.deliver()
    assert len(world.outbox(AlertState.RETRY)) == 30
    world.later(hours=7)
    world.deliver()
    (digest,) = digests(world.told())
    assert tried == [digest.code] * 2
    assert digest.maybe_repeat
    assert all(each.maybe_repeat for each in flat([digest]))


def test_a_digest_that_a_dead_run_was_sending_goes_out_again_whole_and_says_so(world: World, study: Any) -> None:
    out_of_order(world, study, 30)
    with world.store.write() as tx:
        claimed = batches.claim_next(tx, "team", world.now, DEFAULT_LEASE, "a run that died")
    assert len(claimed) == 30
    world.deliver("the next run")
    (digest,) = digests(world.told())
    assert digest.code == claimed[0].digest
    assert [each.code for each in flat([digest])] == [alert.code for alert in claimed]
    assert digest.maybe_repeat


def test_a_digest_that_is_refused_is_taken_apart_and_its_alerts_arrive_one_by_one(world: World, study: Any) -> None:
    out_of_order(world, study, 30)
    world.box.faults["team"] = [MessageRefused("too long")]
    assert world.deliver().sent == 30
    assert [len(flat([message])) for message in world.told()] == [1] * 30


def test_a_digest_that_fails_while_others_get_through_is_taken_apart(world: World, study: Any) -> None:
    out_of_order(world, study, 80)
    world.box.faults["team"] = [SendFailed("answered 500")]
    assert world.deliver().sent == 80
    sizes = [len(flat([message])) for message in world.told()]
    assert sizes == [80 - MOST_TOGETHER] + [1] * MOST_TOGETHER


def test_what_was_restored_and_is_to_be_sent_again_is_a_backlog_too(world: World, study: Any) -> None:
    changed(world, study, 30)
    with world.store.write() as tx:
        restored.hold(tx, world.now)
        restored.resend(tx, restored.holding(tx) or restored.Restored(world.now, 0), world.now)
    world.deliver()
    (digest,) = digests(world.told())
    assert all(each.maybe_repeat for each in flat([digest]))


def test_a_backlog_of_2000_alerts_is_emptied_without_a_loss(world: World, study: Any) -> None:
    """In small what `make load` does in large: 25 readers, 20 trials, four changes each, and a dead log-in."""
    world.team = tuple(Recipient(destination="team", address=f"reader{n}@example.org") for n in range(25))
    changed(world, study, 20)
    world.box.faults["team"] = [DestinationDown("log-in refused")] * 99
    for day in (3, 4, 5):
        update_again(world, study, day)
        world.later(day=day, hours=24)
        world.check()
        world.deliver()
    waiting = [alert for alert in reversed(world.outbox()) if alert.recipient in world.team and not alert.sent_at]
    assert len(waiting) == 2_000
    assert sum(alert.attempts > 0 for alert in waiting) <= MOST_TOGETHER, "one message is tried, the others wait"
    world.box.faults.clear()
    world.later(hours=7)
    assert world.deliver().sent >= 2_000
    for recipient in world.team:
        messages = world.told(recipient)
        assert [len(flat([message])) for message in messages] == [MOST_TOGETHER, 80 - MOST_TOGETHER]
        assert [each.code for each in flat(messages)] == [
            alert.code for alert in waiting if alert.recipient == recipient
        ]
    assert not world.outbox(AlertState.RETRY, AlertState.PENDING, AlertState.CLAIMED, AlertState.DEAD)


def update_again(world: World, study: Any, day: int) -> None:
    for number in numbers(20):
        world.registry.add_study(updated(study, number, day), day=day)


def test_other_messages_that_waited_stand_in_the_digest_too(world: World, study: Any) -> None:
    world.box.faults["team"] = [OUTAGE] * 3
    changed(world, study, 30)
    world.deliver()
    world.box.faults.clear()
    world.later(hours=7)
    world.deliver()
    (digest,) = digests(world.told())
    assert isinstance(digest.content, DigestMessage)
    assert [each.kind.value for each in digest.content.messages] == ["welcome", *["change"] * 30]
