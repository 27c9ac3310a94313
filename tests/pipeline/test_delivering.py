"""The outbox emptied: order, failures that pass, failures that stay, claims of runs that died."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.errors import DestinationDown, RecipientRefused, SendFailed
from monitor.model.alert import AlertState, Recipient
from monitor.model.version import DEFAULT_LEASE
from monitor.route.rules import Rule
from monitor.store import batches, claims
from tests.pipeline.world import OPERATOR, READER, World, edited

NCT = "NCT07011550"
STATUSES = ("RECRUITING", "SUSPENDED", "RECRUITING", "SUSPENDED")


def changing(world: World, study: Any, days: int) -> None:
    """A trial whose status changes on each day after the first; passes made, nothing delivered but the welcome."""
    for day in range(1, days + 2):
        world.registry.add_study(edited(study, statusModule__overallStatus=STATUSES[day - 1]), day=day)
    world.watch(NCT)
    world.check()
    world.deliver()
    world.box.messages.clear()
    for day in range(2, days + 2):
        world.later(day=day, hours=24)
        world.check()


def states(world: World) -> list[str]:
    return [alert.state.value for alert in reversed(world.outbox()) if alert.kind.value in ("change", "correction")]


@pytest.mark.parametrize("fault", [SendFailed("refused for now"), DestinationDown("log-in refused")])
def test_what_fails_for_now_waits_and_arrives_later(world: World, study: Any, fault: SendFailed) -> None:
    changing(world, study, 1)
    world.box.faults["team"] = [fault, fault]
    assert world.deliver().retry == 1
    assert states(world) == ["retry"]
    world.later(seconds=9)
    assert (world.deliver().sent, world.deliver().retry) == (0, 0), "not before its time"
    world.later(seconds=2)
    assert world.deliver().retry == 1
    world.later(minutes=2)
    assert world.deliver().sent == 1
    (message,) = world.told()
    assert not message.maybe_repeat
    assert states(world) == ["sent"]


def test_a_wait_that_the_other_side_asks_for_is_kept(world: World, study: Any) -> None:
    changing(world, study, 1)
    world.box.faults["team"] = [SendFailed("429", retry_after=600)]
    world.deliver()
    world.later(seconds=599)
    assert world.deliver().sent == 0
    world.later(seconds=2)
    assert world.deliver().sent == 1


def test_what_waits_can_be_hurried_save_where_the_other_side_asked_for_a_wait(world: World, study: Any) -> None:
    changing(world, study, 1)
    world.box.faults["team"] = [SendFailed("down"), SendFailed("429", retry_after=600)]
    world.deliver()
    with world.store.write() as tx:
        assert claims.hurry(tx, world.now) == 1
    assert world.deliver().retry == 1
    with world.store.write() as tx:
        assert claims.hurry(tx, world.now) == 0
    world.later(minutes=10)
    with world.store.write() as tx:
        claims.hurry(tx, world.now)
    assert world.deliver().sent == 1


def test_an_attempt_without_an_answer_makes_the_next_message_say_so(world: World, study: Any) -> None:
    changing(world, study, 1)
    world.box.faults["team"] = [SendFailed("cut off", unknown=True)]
    world.deliver()
    world.later(minutes=1)
    world.deliver()
    (message,) = world.told()
    assert message.maybe_repeat


def test_a_message_that_is_refused_is_dead_and_visible_and_the_next_goes_on(world: World, study: Any) -> None:
    changing(world, study, 2)
    world.box.faults["team"] = [RecipientRefused("no such mailbox")]
    done = world.deliver()
    assert (done.sent, done.dead) == (1, 1)
    assert states(world) == ["dead", "sent"]
    assert [alert.last_error for alert in world.outbox(AlertState.DEAD)] == ["no such mailbox"]


def test_alerts_of_a_trial_keep_their_order(world: World, study: Any) -> None:
    changing(world, study, 3)
    world.box.faults["team"] = [SendFailed("not now")]
    world.deliver()
    assert not world.told(), "later ones wait for the first"
    world.later(minutes=1)
    world.deliver()
    versions = [message.content.origin.to_version for message in world.told()]  # type: ignore[union-attr]  # all are change messages
    assert versions == [2, 3, 4]


@pytest.mark.parametrize(("down", "up"), [(READER, OPERATOR), (OPERATOR, READER)], ids=["the last", "the first"])
def test_one_destination_that_is_down_holds_up_no_other(
    world: World, study: Any, down: Recipient, up: Recipient
) -> None:
    world.rules = (Rule(name="all", to=("team", "operator")),)
    changing(world, study, 1)
    world.box.faults[down.destination] = [DestinationDown("gone")]
    world.deliver()
    assert not world.told(down)
    assert len(world.told(up)) == 1


def test_what_a_dead_run_had_claimed_is_sent_and_says_that_it_may_be_a_repeat(world: World, study: Any) -> None:
    changing(world, study, 1)
    with world.store.write() as tx:
        assert batches.claim_next(tx, "team", world.now, DEFAULT_LEASE, "a run that died")
    world.deliver("the next run")
    (message,) = world.told()
    assert message.maybe_repeat
    assert states(world) == ["sent"]


def test_a_destination_that_left_the_configuration_keeps_its_alerts(world: World, study: Any) -> None:
    changing(world, study, 1)

    def nowhere(_: Any) -> Any:
        raise DestinationDown("The configuration no longer has it.")

    world.box.open = nowhere  # type: ignore[method-assign, assignment]  # a configuration without this destination
    assert world.deliver().retry == 1
    assert states(world) == ["retry"]
