"""When messages go out: digests at their times, quiet hours, days away and mutes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.deliver.render import email
from monitor.model.alert import AlertState, Recipient
from monitor.model.change import Category
from monitor.model.message import ChangeMessage, DigestMessage, Occasion
from monitor.model.mute import MuteKind
from monitor.route.rules import Rule
from monitor.route.schedule import Away, Hours, read_quiet
from monitor.store import claims, mutes, versions
from tests.pipeline.days import NCT, UTC_ZONE, begin, change, digest_in, schedule, told_after
from tests.pipeline.world import World

DEPUTY = Recipient(destination="deputy", address="deputy@example.org")


def test_what_a_digest_rule_matches_comes_at_its_time_and_once(world: World, study: Any) -> None:
    world.rules = (Rule(name="all", to=("team",), digest=schedule("daily 08:00")),)
    begin(world, study)
    world.later(hours=1)
    newer = change(world, study, 1, identificationModule__briefTitle="A first new title")
    world.later(hours=6)
    change(world, newer, 2, statusModule__overallStatus="COMPLETED")
    world.deliver()
    assert world.told() == [], "it is 19:00"
    (first, second) = reversed([each for each in world.outbox() if each.schedule])
    assert first.due_at == second.due_at == datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    world.later(hours=12, minutes=59)
    world.deliver()
    assert world.told() == []
    world.later(minutes=1)
    assert world.deliver().sent == 2
    content = digest_in(world.told())
    assert content.occasion is Occasion.SCHEDULE
    assert content.name == "daily 08:00 UTC"
    assert [each.code for each in content.messages] == [first.code, second.code], "one trial stays together, in order"
    world.later(days=1)
    world.deliver()
    assert world.told() == []


def test_a_digest_ends_with_how_complete_the_view_is_and_the_head_of_the_chain(world: World, study: Any) -> None:
    world.rules = (Rule(name="all", to=("team",), digest=schedule("daily 08:00")),)
    begin(world, study)
    world.watch("NCT99999999")
    world.later(hours=1)
    change(world, study, 1, statusModule__overallStatus="COMPLETED")
    world.later(hours=19)
    world.deliver()
    (message,) = world.told()
    assert isinstance(message.content, DigestMessage)
    mail = email.compose(message)
    said = " ".join(mail.text.split())
    assert mail.subject.startswith("Digest: NCT07011550 now Completed (was Recruiting)")
    assert "1 of 2 trials checked since 20 Nov 2026, 13:00 UTC, 1 failed" in said
    assert "Not checked: NCT99999999. Silence about that does not mean that nothing changed." in said
    with world.store.read() as tx:
        digest, records = versions.head(tx, world.now)
    assert f"Head of the version chains of {records} record at 2026-11-21T08:00:00Z: {digest}" in said
    assert digest in mail.html


def test_a_rule_that_tells_at_once_brings_all_of_the_update(world: World, study: Any) -> None:
    world.rules = (
        Rule(name="status", to=("team",), categories=frozenset({Category.STATUS})),
        Rule(name="rest", to=("team",), digest=schedule("weekly mon 07:30")),
    )
    begin(world, study)
    world.later(hours=1)
    newer = change(world, study, 1, statusModule__overallStatus="COMPLETED", identificationModule__briefTitle="New")
    world.deliver()
    (message,) = world.told()
    assert isinstance(message.content, ChangeMessage)
    assert len(message.content.changes) > 1
    world.later(hours=1)
    change(world, newer, 2, identificationModule__briefTitle="Newer")
    world.deliver()
    assert world.told() == [], "this waits for Monday"


def test_what_waits_for_a_digest_holds_up_nothing_that_is_told_at_once(world: World, study: Any) -> None:
    world.rules = (
        Rule(name="status", to=("team",), categories=frozenset({Category.STATUS})),
        Rule(name="rest", to=("team",), digest=schedule("daily 08:00")),
    )
    begin(world, study)
    world.later(hours=1)
    newer = change(world, study, 1, identificationModule__briefTitle="A new title")
    world.later(hours=1)
    change(world, newer, 2, statusModule__overallStatus="COMPLETED")
    assert world.deliver().sent == 1
    assert len(world.told()) == 1
    world.later(days=1)
    assert len(digest_in(told_after(world)).messages) == 1


def test_nothing_is_taken_back_before_it_was_told(world: World, study: Any) -> None:
    world.rules = (
        Rule(name="status", to=("team",), categories=frozenset({Category.STATUS}), digest=schedule("daily 08:00")),
        Rule(name="people", to=("team",), categories=frozenset({Category.ENROLLMENT})),
    )
    begin(world, study)
    world.later(hours=1)
    newer = change(world, study, 1, statusModule__overallStatus="COMPLETED")
    with world.store.write() as tx:  # as where the destination was down meanwhile
        claims.postpone(tx, "team", world.now + timedelta(minutes=5), error="no way there")
    world.later(hours=1)
    count = {"count": 99, "type": "ESTIMATED"}
    change(world, newer, 2, statusModule__overallStatus="RECRUITING", designModule__enrollmentInfo=count)
    (at_once,) = told_after(world)
    assert isinstance(at_once.content, ChangeMessage)
    assert [each.category for each in at_once.content.changes] == [Category.ENROLLMENT]
    world.later(hours=18)
    kinds = [each.kind.value for each in digest_in(told_after(world)).messages]
    assert kinds == ["change", "correction"]


def test_quiet_hours_hold_all_but_what_is_critical(world: World, study: Any) -> None:
    world.hours["team"] = Hours(quiet=read_quiet("18:00-07:00", UTC_ZONE, ZoneInfo))
    begin(world, study)
    world.later(hours=7)
    newer = change(world, study, 1, identificationModule__briefTitle="A new title")
    assert told_after(world) == []
    world.later(hours=1)
    change(world, newer, 2, statusModule__overallStatus="SUSPENDED", statusModule__whyStopped="FDA clinical hold")
    (critical,) = told_after(world)
    assert isinstance(critical.content, ChangeMessage)
    assert {each.severity.value for each in critical.content.changes} >= {"critical"}
    world.later(hours=11)
    (held,) = told_after(world)
    assert isinstance(held.content, ChangeMessage)
    assert [each.category for each in held.content.changes] == [Category.IDENTIFIERS]
    assert world.outbox(AlertState.PENDING) == ()


def test_what_came_while_somebody_was_away_is_one_digest(world: World, study: Any) -> None:
    begin(world, study)
    away = Away(first=date(2026, 11, 21), last=date(2026, 11, 23), zone=UTC_ZONE, stand_in="deputy")
    world.hours["team"], world.more["deputy"] = Hours(away=(away,)), (DEPUTY,)
    world.later(hours=13)
    newer = change(world, study, 1, identificationModule__briefTitle="A new title")
    world.later(hours=13)
    change(world, newer, 2, statusModule__overallStatus="SUSPENDED", statusModule__whyStopped="FDA clinical hold")
    world.deliver()
    assert world.told() == []
    (stood_in,) = world.told(DEPUTY)
    assert isinstance(stood_in.content, ChangeMessage)
    assert {each.severity.value for each in stood_in.content.changes} == {"critical"}
    assert "team is away until 2026-11-23" in " ".join(stood_in.content.origin.reasons)
    world.later(hours=36)
    world.check()
    world.deliver()
    assert world.notices() == [], "it waits as it was meant to"
    world.now = away.end
    content = digest_in(told_after(world))
    assert (content.occasion, len(content.messages)) == (Occasion.AWAY, 2)
    assert world.told(DEPUTY) == []


def test_what_is_muted_is_kept_and_counted_in_the_next_digest(world: World, study: Any) -> None:
    world.rules = (Rule(name="all", to=("team",), digest=schedule("daily 08:00")),)
    begin(world, study)
    with world.store.write() as tx:
        mute = mutes.add(tx, MuteKind.CATEGORY, "identifiers", world.now + timedelta(days=30), world.now)
    world.later(hours=1)
    newer = change(world, study, 1, identificationModule__briefTitle="A new title")
    (muted,) = world.outbox(AlertState.MUTED)
    assert len(muted.change_ids) == 1
    world.later(hours=1)
    change(world, newer, 2, statusModule__overallStatus="COMPLETED", identificationModule__briefTitle="Newer")
    world.later(days=1)
    (message,) = told_after(world)
    assert isinstance(message.content, DigestMessage)
    assert "2 changes muted" in email.compose(message).text
    (inside,) = message.content.messages
    assert isinstance(inside.content, ChangeMessage)
    assert {each.category for each in inside.content.changes}.isdisjoint({Category.IDENTIFIERS})
    with world.store.write() as tx:
        assert mutes.end(tx, [mute.id], world.now) == (mute.id,)
        assert mutes.in_force(tx, world.now) == ()
    assert len(world.history()) >= 3


def test_a_trial_or_a_destination_is_muted_for_its_time(world: World, study: Any) -> None:
    begin(world, study)
    newer = study
    for day, (kind, name) in enumerate([(MuteKind.WATCH, NCT.lower()), (MuteKind.DESTINATION, "team")], start=1):
        with world.store.write() as tx:
            mutes.add(tx, kind, name, world.now + timedelta(hours=12), world.now)
        world.later(hours=6)
        newer = change(world, newer, 2 * day - 1, identificationModule__briefTitle=f"Muted {day}")
        assert told_after(world) == []
        world.later(hours=18)
        newer = change(world, newer, 2 * day, identificationModule__briefTitle=f"Heard {day}")
        assert len(told_after(world)) == 1
