"""The mirror's echoes: told only where the page goes on saying what the registry does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.demo.faults import Fault
from monitor.demo.pages import page_of_text
from monitor.demo.recorded import CD7_PAGE
from monitor.model.alert import AlertState
from monitor.model.change import Category
from monitor.model.message import ChangeMessage
from monitor.model.mute import MuteKind
from monitor.model.watch import WatchState
from monitor.pipeline.echoes import REASON
from monitor.route.rules import Rule
from monitor.route.schedule import read_schedule
from monitor.store import mutes, watches
from tests.pipeline.world import World, edited

NCT = "NCT07011550"
PAGE = f"https://ctv.veeva.com/study/{CD7_PAGE}"


@pytest.fixture
def text(cd7_text: str) -> str:
    return cd7_text.replace("NCT04762485", NCT)


def patients(text: str, count: int) -> str:
    return page_of_text(text.replace("20 estimated patients", f"{count} estimated patients"))


def told(world: World) -> list[set[Category]]:
    world.deliver()
    return [
        {change.category for change in message.content.changes}
        for message in world.told()
        if isinstance(message.content, ChangeMessage)
    ]


def start(world: World, study: Any, text: str) -> int:
    world.registry.add_study(edited(study, designModule__enrollmentInfo={"count": 20, "type": "ESTIMATED"}))
    world.registry.add_page(CD7_PAGE, page_of_text(text))
    world.registry.add_page(CD7_PAGE, patients(text, 60), day=2)
    (watch,) = world.watch(PAGE)
    world.check()
    told(world)
    world.later(day=2, hours=24)
    world.check()
    assert told(world) == []
    return watch.id


def test_what_the_page_took_back_before_the_wait_was_over_is_not_told(world: World, study: Any, text: str) -> None:
    world.registry.add_page(CD7_PAGE, page_of_text(text), day=3)
    start(world, study, text)
    world.later(day=3, hours=24)
    world.check()
    world.later(days=2, minutes=1)
    world.check()
    assert told(world) == []
    world.later(days=2)
    world.check()
    assert told(world) == [], "it says again what the registry says"


def test_only_the_last_of_several_changes_of_one_thing_is_told(world: World, study: Any, text: str) -> None:
    world.registry.add_page(CD7_PAGE, patients(text, 80), day=3)
    start(world, study, text)
    world.later(day=3, hours=24)
    world.check()
    world.later(days=2, minutes=1)
    world.check()
    assert told(world) == []
    world.later(days=1)
    world.check()
    world.deliver()
    (message,) = world.told()
    assert isinstance(message.content, ChangeMessage)
    assert [change.after for change in message.content.changes] == [{"count": 80, "type": "ESTIMATED"}]


def test_no_echo_is_told_while_the_registry_cannot_be_asked(world: World, study: Any, text: str) -> None:
    world.registry.add_study(edited(study, designModule__enrollmentInfo={"count": 60, "type": "ESTIMATED"}), day=3)
    start(world, study, text)
    world.registry.faults.always("/version", Fault(status=500))
    world.later(day=3, days=4)
    world.check()
    assert told(world) == []
    world.registry.faults.clear()
    world.later(hours=25)
    world.check()
    assert told(world) == [{Category.ENROLLMENT}], "by the registry, once"
    world.later(days=4)
    world.check()
    assert told(world) == []


def test_an_echo_of_a_paused_watch_waits_until_it_is_resumed(world: World, study: Any, text: str) -> None:
    watch = start(world, study, text)
    with world.store.write() as tx:
        watches.set_state(tx, [watch], WatchState.PAUSED, world.now)
    world.later(days=4)
    world.check()
    assert told(world) == []
    with world.store.write() as tx:
        watches.set_state(tx, [watch], WatchState.ACTIVE, world.now)
    world.check()
    assert told(world) == [{Category.ENROLLMENT}]


def test_an_echo_keeps_to_the_digest_of_its_rule_and_to_what_is_muted(world: World, study: Any, text: str) -> None:
    daily = read_schedule("daily 08:00", ZoneInfo("UTC"), ZoneInfo)
    world.rules = (Rule(name="all", to=("team",), digest=daily),)
    start(world, study, text)
    world.later(days=3, minutes=1)
    world.check()
    assert told(world) == []
    (waiting,) = world.outbox(AlertState.PENDING)
    assert (waiting.schedule, waiting.due_at) == (str(daily), daily.after(world.now))
    assert waiting.facts["origin"]["reasons"][0] == REASON  # type: ignore[index, call-overload]  # as facts are made


def test_an_echo_of_a_muted_trial_is_kept_back(world: World, study: Any, text: str) -> None:
    start(world, study, text)
    world.later(days=3, minutes=1)
    with world.store.write() as tx:
        mutes.add(tx, MuteKind.WATCH, NCT, world.now + timedelta(days=1), world.now)
    world.check()
    assert told(world) == []
    assert [alert.kind.value for alert in world.outbox(AlertState.MUTED)] == ["change"]
