"""Short cuts of the outbox tests: many trials that changed, and what a reader got."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from monitor.model.alert import Recipient
from monitor.model.message import ChangeMessage, DigestMessage, Message
from tests.pipeline.world import READER, World, edited

STATUSES = (  # none comes back so soon that it would be a correction
    "RECRUITING",
    "SUSPENDED",
    "ACTIVE_NOT_RECRUITING",
    "COMPLETED",
    "TERMINATED",
    "WITHDRAWN",
    "ENROLLING_BY_INVITATION",
    "NOT_YET_RECRUITING",
)


def numbers(count: int) -> list[str]:
    return [f"NCT{7_000_000 + n:08}" for n in range(count)]


def changed(world: World, study: Any, trials: int, days: int = 1) -> None:
    """So many trials, each updated with another status each day; nothing delivered but the welcome."""
    for number in numbers(trials):
        for day in range(1, days + 2):
            world.registry.add_study(updated(study, number, day), day=day)
    world.watch(*numbers(trials))
    world.check()
    world.deliver()
    world.box.messages.clear()
    for day in range(2, days + 2):
        world.later(day=day, hours=24)
        world.check()


def updated(study: Any, number: str, day: int) -> Any:
    """The study under this number as its sponsor updated it on that day."""
    posted = {"date": f"2026-11-{day:02d}", "type": "ACTUAL"}
    told = {
        "identificationModule__nctId": number,
        "statusModule__overallStatus": STATUSES[(day - 1) % len(STATUSES)],
        "statusModule__lastUpdatePostDateStruct": posted,
    }
    return edited(study, **told)


def told_of(world: World, recipient: Recipient = READER) -> list[tuple[str, str]]:
    """Trial and alert of every update that the recipient got since the last call, in order, digests taken apart."""
    return [_named(each) for message in world.told(recipient) for each in flat([message])]


def flat(messages: Sequence[Message]) -> list[Message]:
    return [
        each
        for message in messages
        for each in (message.content.messages if isinstance(message.content, DigestMessage) else [message])
        if isinstance(each.content, ChangeMessage)
    ]


def _named(message: Message) -> tuple[str, str]:
    if not isinstance(message.content, ChangeMessage):
        raise TypeError(message.content)
    return message.content.header.registry_id or "", message.code
