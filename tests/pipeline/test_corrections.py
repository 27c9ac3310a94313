"""What is taken back is told to who heard of it, as a correction."""

from __future__ import annotations

from typing import Any

from monitor.model.alert import AlertKind, Recipient
from monitor.model.change import Cause, Severity
from monitor.model.message import ChangeMessage, Message
from monitor.route.rules import Rule
from tests.pipeline.world import World, edited

NCT = "NCT07011550"
OTHER = Recipient(destination="team", address="other@example.org")


def ends(study: Any, day: str, posted: str, **more: Any) -> Any:
    return edited(
        study,
        statusModule__primaryCompletionDateStruct={"date": day, "type": "ESTIMATED"},
        statusModule__lastUpdatePostDateStruct={"date": posted, "type": "ACTUAL"},
        **more,
    )


def step(world: World, document: Any, day: int, **later: float) -> list[Message]:
    world.registry.add_study(document, day=day)
    world.later(day=day, **(later or {"hours": 48}))
    world.check()
    world.deliver()
    return world.told()


def watched(world: World, study: Any) -> None:
    world.registry.add_study(ends(study, "2026-05-01", "2026-02-01"))
    world.watch(NCT)
    world.check()
    world.deliver()
    world.told()


def test_who_heard_of_a_change_hears_that_it_was_taken_back_in_the_same_thread(world: World, study: Any) -> None:
    watched(world, study)
    (first,) = step(world, ends(study, "2026-12-01", "2026-02-03"), 2)
    (second,) = step(world, ends(study, "2026-05-01", "2026-02-05"), 3)
    assert (first.kind, second.kind) == (AlertKind.CHANGE, AlertKind.CORRECTION)
    assert first.thread == second.thread
    assert isinstance(second.content, ChangeMessage)
    (change,) = second.content.changes
    assert change.cause is Cause.CORRECTION
    assert change.sentence == (
        "Primary completion date corrected to 1 May 2026. Two days earlier it was given as 1 Dec 2026."
    )
    assert [stored.change.cause for stored in world.history()] == [Cause.CORRECTION, Cause.SPONSOR]


def test_what_else_changed_is_told_apart_from_what_was_taken_back(world: World, study: Any) -> None:
    watched(world, study)
    step(world, ends(study, "2026-12-01", "2026-02-03"), 2)
    more = {"designModule__enrollmentInfo": {"count": 7, "type": "ESTIMATED"}}
    told = step(world, ends(study, "2026-05-01", "2026-02-05", **more), 3)
    assert [message.kind for message in told] == [AlertKind.CORRECTION, AlertKind.CHANGE]
    paths = [
        [change.path for change in message.content.changes]
        for message in told
        if isinstance(message.content, ChangeMessage)
    ]
    assert paths == [["dates.primary_completion"], ["enrollment"]]


def test_who_did_not_hear_of_the_first_gets_no_correction(world: World, study: Any) -> None:
    world.rules = (Rule(name="all", to=("team",), min_severity=Severity.CRITICAL),)
    watched(world, study)
    assert step(world, ends(study, "2026-12-01", "2026-02-03"), 2) == []
    world.rules = (Rule(name="all", to=("team",)),)
    (message,) = step(world, ends(study, "2026-05-01", "2026-02-05"), 3)
    assert message.kind is AlertKind.CHANGE


def test_who_heard_hears_of_the_correction_though_no_rule_tells_it_any_more(world: World, study: Any) -> None:
    watched(world, study)
    step(world, ends(study, "2026-12-01", "2026-02-03"), 2)
    world.rules = (Rule(name="all", to=("team",), min_severity=Severity.CRITICAL),)
    (message,) = step(world, ends(study, "2026-05-01", "2026-02-05"), 3)
    assert message.kind is AlertKind.CORRECTION
    assert isinstance(message.content, ChangeMessage)
    assert message.content.origin.reasons == ("you were told what this takes back",)


def test_who_is_no_longer_configured_is_told_nothing(world: World, study: Any) -> None:
    world.team = (OTHER,)
    watched(world, study)
    step(world, ends(study, "2026-12-01", "2026-02-03"), 2)
    world.team = (Recipient(destination="team", address="team@example.org"),)
    (message,) = step(world, ends(study, "2026-05-01", "2026-02-05"), 3)
    assert message.kind is AlertKind.CHANGE


def test_after_a_week_it_is_a_change_like_any_other(world: World, study: Any) -> None:
    watched(world, study)
    step(world, ends(study, "2026-12-01", "2026-02-03"), 2)
    (message,) = step(world, ends(study, "2026-05-01", "2026-02-05"), 3, days=8)
    assert message.kind is AlertKind.CHANGE
    assert {stored.change.cause for stored in world.history()} == {Cause.SPONSOR}


def test_back_and_forth_is_told_every_time(world: World, study: Any) -> None:
    watched(world, study)
    days = ["2026-12-01", "2026-05-01", "2026-12-01", "2026-05-01"]
    told = [step(world, ends(study, day, f"2026-02-1{n}"), n) for n, day in enumerate(days, 2)]
    assert [[message.kind for message in messages] for messages in told] == [
        [AlertKind.CHANGE],
        *[[AlertKind.CORRECTION]] * 3,
    ]


def test_stored_changes_carry_the_severity_that_the_user_gave(world: World, study: Any) -> None:
    world.severities = {"dates": Severity.ADMINISTRATIVE}
    watched(world, study)
    assert step(world, ends(study, "2026-12-01", "2026-02-03"), 2) == []
    (stored,) = world.history()
    assert stored.change.severity is Severity.ADMINISTRATIVE
    assert stored.change.detail["severity_reason"] == "set by your configuration"
