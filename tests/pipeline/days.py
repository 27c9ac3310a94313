"""What the tests of hours and of views share: a quiet start, a change on a later day, and what is then told."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from monitor.model.message import DigestMessage, Message, WelcomeMessage
from monitor.route.schedule import Schedule, read_schedule
from tests.pipeline.world import World, edited

NCT = "NCT07011550"
UTC_ZONE = ZoneInfo("UTC")


def schedule(text: str) -> Schedule:
    return read_schedule(text, UTC_ZONE, ZoneInfo)


def begin(world: World, study: Any) -> None:
    """Watched, welcomed, and quiet since."""
    world.registry.add_study(study)
    world.watch(NCT)
    world.check()
    world.deliver()
    assert [type(each.content) for each in world.told()] == [WelcomeMessage]


def change(world: World, study: Any, day: int, **edits: Any) -> Any:
    """Another version of the record is seen; `world.later` comes first."""
    newer = edited(study, **edits)
    world.registry.add_study(newer, day=day + 1)
    world.registry.set_day(day + 1)
    world.check()
    return newer


def digest_in(messages: list[Message]) -> DigestMessage:
    (message,) = messages
    assert isinstance(message.content, DigestMessage)
    return message.content


def told_after(world: World) -> list[Message]:
    world.deliver()
    return world.told()
