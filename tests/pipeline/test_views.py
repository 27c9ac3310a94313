"""What readers hear though nothing changed: quiet digests, how old the view is, and that all is still watched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.deliver.render import email
from monitor.model.message import DigestMessage, Occasion
from monitor.model.mute import MuteKind
from monitor.pipeline.standing import standing_of
from monitor.route.rules import Rule
from monitor.route.schedule import Hours
from monitor.store import mutes
from tests.pipeline.days import NCT, begin, change, digest_in, schedule, told_after
from tests.pipeline.world import READER, World, edited


def test_a_quiet_digest_comes_once_where_nothing_changed(world: World, study: Any) -> None:
    world.rules = (Rule(name="all", to=("team",), digest=schedule("daily 08:00"), even_when_quiet=True),)
    begin(world, study)
    world.later(hours=19)
    assert told_after(world) == [], "who was welcomed since then knows"
    world.later(hours=1)
    content = digest_in(told_after(world))
    assert (content.occasion, content.messages) == (Occasion.SCHEDULE, ())
    assert content.standing is not None
    assert (content.standing.trials, content.standing.checked) == (1, 1)
    assert content.head is not None
    assert told_after(world) == []
    world.later(hours=1)
    change(world, study, 1, statusModule__overallStatus="COMPLETED")
    world.later(hours=23)
    assert len(digest_in(told_after(world)).messages) == 1, "the digest of the day, and no quiet one beside it"


def test_a_quiet_digest_comes_where_all_that_changed_is_muted_and_counts_it(world: World, study: Any) -> None:
    world.rules = (Rule(name="all", to=("team",), digest=schedule("daily 08:00"), even_when_quiet=True),)
    begin(world, study)
    with world.store.write() as tx:
        mutes.add(tx, MuteKind.WATCH, NCT, world.now + timedelta(days=30), world.now)
    world.later(hours=1)
    change(world, study, 1, identificationModule__briefTitle="A new title")
    world.later(hours=19)
    content = digest_in(told_after(world))
    assert (content.messages, content.muted) == ((), 1)


def test_what_nobody_looked_at_for_long_is_not_said_to_be_checked(world: World, study: Any) -> None:
    world.rules = (Rule(name="all", to=("team",), digest=schedule("daily 08:00"), even_when_quiet=True),)
    begin(world, study)
    world.later(days=4)
    (message,) = told_after(world)
    assert isinstance(message.content, DigestMessage)
    assert message.content.standing is not None
    assert (message.content.standing.checked, message.content.standing.missing) == (0, (NCT,))
    assert email.compose(message).subject == "Nothing changed in 1 trial: 1 not checked"


def test_a_trial_that_is_gone_makes_the_view_no_older(world: World, study: Any) -> None:
    world.registry.add_study(edited(study, identificationModule__nctId="NCT07000001"))
    world.watch("NCT07000001")
    begin(world, study)
    world.registry.withdraw_study("NCT07000001", day=2)
    for _ in range(4):
        world.later(day=2, hours=12)
        world.check()
    with world.store.read() as tx:
        standing = standing_of(tx, world.ways.desk, READER, world.now)
    assert (standing.trials, standing.checked, standing.since) == (2, 2, world.now)


def test_once_a_month_readers_hear_that_all_is_still_watched(world: World, study: Any) -> None:
    world.now = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
    begin(world, study)
    world.now = datetime(2026, 12, 1, 7, 59, tzinfo=UTC)
    world.check()
    assert told_after(world) == []
    world.later(minutes=1)
    (message,) = told_after(world)
    mail = email.compose(message)
    assert mail.subject == "Still watching 1 trial: all checked"
    assert "If no such message comes by 8 Jan 2027, something is wrong." in " ".join(mail.text.split())
    assert told_after(world) == []
    world.hours["team"] = Hours(still=False)
    world.now = datetime(2027, 1, 1, 9, 0, tzinfo=UTC)
    assert told_after(world) == []


def test_who_was_welcomed_of_late_hears_nothing_on_the_first_of_a_month(world: World, study: Any) -> None:
    begin(world, study)
    world.now = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    assert told_after(world) == []
