"""The outbox when something else than the other side fails: our renderer, our store, a changed configuration."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from monitor.deliver.render.subject import subject
from monitor.errors import DestinationDown, SendFailed, StoreLocked
from monitor.model.alert import AlertState, Recipient
from monitor.model.message import ChangeMessage, NoticeMessage
from monitor.pipeline.scribe import Scribe
from monitor.store import alerts, batches, claims
from monitor.store.transaction import Tx
from tests.pipeline.world import OPERATOR, READER, Slot, World, edited

T = TypeVar("T")
TRIALS = ("NCT07011550", "NCT07011551", "NCT07011552")
SECOND = Recipient(destination="team", address="second@example.org")


def changed(world: World, study: Any) -> None:
    """Three trials, each suspended on day 2; the changes wait in the outbox."""
    for number in TRIALS:
        world.registry.add_study(edited(study, identificationModule__nctId=number))
        stopped = edited(study, identificationModule__nctId=number, statusModule__overallStatus="SUSPENDED")
        world.registry.add_study(stopped, day=2)
    world.watch(*TRIALS)
    world.check()
    world.deliver()
    world.box.messages.clear()
    world.later(day=2, hours=24)
    world.check()


def numbers(world: World, recipient: Recipient = READER) -> list[str | None]:
    told = world.told(recipient)
    return [message.content.header.registry_id for message in told if isinstance(message.content, ChangeMessage)]


def test_a_message_that_breaks_the_renderer_is_given_up_after_some_tries_and_stops_no_other(
    world: World, study: Any, caplog: pytest.LogCaptureFixture
) -> None:
    changed(world, study)
    tries: list[str | None] = []

    class Broken(Slot):
        def send(self, message: Any) -> None:
            if TRIALS[0] in subject(message):
                tries.append(TRIALS[0])
                raise KeyError("a field that nobody foresaw")
            super().send(message)

    world.box.open = lambda recipient: Broken(world.box, recipient)  # type: ignore[method-assign]  # another channel
    with caplog.at_level(logging.ERROR):
        done = world.deliver()
    assert (done.sent, done.retry, done.dead) == (2, 0, 1)
    assert "KeyError" in caplog.text
    assert numbers(world) == list(TRIALS[1:])
    assert len(tries) == 4, "three times as it is, once in bare lines"
    (dead,) = world.outbox(AlertState.DEAD)
    assert "KeyError" in (dead.last_error or "")


class Locked(Scribe):
    """A scribe whose store is locked from the second writing on: a message has left by then."""

    writings = 0

    async def write(self, work: Callable[[Tx], T]) -> T:
        Locked.writings += 1
        if Locked.writings > 2:
            raise StoreLocked("The store is locked by another process.")
        return await super().write(work)


def test_a_claim_whose_end_could_not_be_stored_is_given_back_within_the_same_run(world: World, study: Any) -> None:
    changed(world, study)
    Locked.writings = 0
    with pytest.raises(StoreLocked):
        world.deliver("a daemon", scribe=Locked)
    assert len(numbers(world)) == 1
    world.deliver("a daemon")
    messages = world.told()
    assert [message.maybe_repeat for message in messages] == [True, False, False], "only one can have been sent"
    assert not world.outbox(AlertState.CLAIMED)


def test_a_sleeper_that_wakes_after_its_claim_was_given_back_marks_nothing(
    world: World, study: Any, caplog: pytest.LogCaptureFixture
) -> None:
    changed(world, study)

    class Sleeper(Slot):
        def send(self, message: Any) -> None:
            super().send(message)
            if len(self.box.messages) == 1:  # stopped for an hour: another run took the lock and gave its claim back
                world.later(hours=1)
                with world.store.write() as tx:
                    claims.release_all(tx, world.now)

    world.box.open = lambda recipient: Sleeper(world.box, recipient)  # type: ignore[method-assign]  # another channel
    with caplog.at_level(logging.WARNING):
        world.deliver("a sleeper")
    assert "a claim was lost" in caplog.text
    first, *others = world.told()
    (again,) = [message for message in others if message.code == first.code]
    assert (first.maybe_repeat, again.maybe_repeat) == (False, True)
    with world.store.read() as tx:
        alert = alerts.get(tx, first.code)
        assert alert
        assert [attempt.outcome for attempt in alerts.list_attempts(tx, alert.id)] == ["unknown", "sent"]


def test_a_fault_of_ours_while_a_message_leaves_is_no_proof_that_it_did_not_arrive(world: World, study: Any) -> None:
    changed(world, study)

    class Breaking(Slot):
        def send(self, message: Any) -> None:
            super().send(message)
            if len(self.box.messages) == 1:
                raise KeyError("a fault of ours")

    world.box.open = lambda recipient: Breaking(world.box, recipient)  # type: ignore[method-assign]  # another channel
    world.deliver()
    first, *others = world.told()
    assert not first.maybe_repeat
    assert [message.maybe_repeat for message in others if message.code == first.code] == [True]


def test_a_recipient_who_left_the_configuration_holds_up_no_other(world: World, study: Any) -> None:
    world.team = (SECOND, READER)
    changed(world, study)
    open_slot = world.box.open

    def without_second(recipient: Recipient) -> Slot:
        if recipient == SECOND:
            raise DestinationDown("The configuration no longer has it.")
        return open_slot(recipient)

    world.box.open = without_second  # type: ignore[method-assign]  # another configuration
    world.deliver()
    assert numbers(world) == list(TRIALS)
    assert len(world.outbox(AlertState.RETRY)) == 3, "visible, until somebody drops them or puts the address back"


def test_a_destination_that_is_down_is_tried_once_a_round_not_once_an_alert(world: World, study: Any) -> None:
    world.team = (SECOND, READER)
    changed(world, study)
    tries: list[Recipient] = []

    class Down(Slot):
        def send(self, message: Any) -> None:
            del message
            tries.append(self.recipient)
            raise DestinationDown("log-in refused")

    world.box.open = lambda recipient: Down(world.box, recipient)  # type: ignore[method-assign]  # another channel
    world.deliver()
    world.later(seconds=5)
    world.deliver()
    assert len(tries) == 1
    world.later(seconds=6)
    world.deliver()
    assert len(tries) == 2
    assert sorted(alert.attempts for alert in world.outbox(AlertState.RETRY)) == [0] * 5 + [2]


def test_what_was_claimed_and_not_tried_when_the_run_stops_is_no_repeat(world: World, study: Any) -> None:
    changed(world, study)
    world.stop_after = 1
    world.deliver()
    assert len(world.told()) == 1
    world.stop_after = None
    world.later(seconds=11)
    world.deliver()
    messages = world.told()
    assert [message.maybe_repeat for message in messages] == [False, False]


def test_a_store_that_is_locked_for_a_moment_loses_no_mark(world: World, study: Any) -> None:
    changed(world, study)
    failures = [StoreLocked("busy")]

    class Busy(Scribe):
        def _write(self, work: Callable[[Tx], T]) -> T:
            if failures:
                raise failures.pop()
            return super()._write(work)

    assert world.deliver(scribe=Busy).sent == 3
    with world.store.read() as tx:
        assert batches.due_destinations(tx, world.now) == ()


def test_the_operator_hears_of_a_destination_that_took_nothing_for_a_day_and_of_its_return(
    world: World, study: Any
) -> None:
    changed(world, study)
    world.box.faults["team"] = [SendFailed("no way there", unreached=True)] * 9
    heard = []
    for _ in range(4):
        world.deliver()
        heard.append(len(world.told(OPERATOR)))
        world.later(hours=7)
        world.check()
    world.deliver()
    (notice,) = world.told(OPERATOR)
    assert isinstance(notice.content, NoticeMessage)
    assert "team" in notice.content.items[0].what
    assert "no way there" in notice.content.items[0].what
    assert heard == [0] * 4
    world.box.faults.clear()
    world.later(hours=7)
    world.deliver()
    assert len(numbers(world)) == 3
    world.later(hours=7)
    world.check()
    world.deliver()
    (notice,) = world.told(OPERATOR)
    assert isinstance(notice.content, NoticeMessage)
    assert "team takes messages again" in notice.content.items[0].what
