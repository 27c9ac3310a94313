"""Emptying the outbox: claim what is due, send it, record how that ended.

A claim is committed before the message leaves, its end after; a run that dies between the two leaves a claim that the
next one gives back, and the message then says that it may be a repeat. No transaction is open while a message is sent.
Destinations are served side by side, so that one that is slow or down holds up no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Protocol
from zoneinfo import ZoneInfo

from monitor.errors import DestinationDown, MessageRefused, SendFailed
from monitor.model.alert import Alert, Recipient
from monitor.model.message import Message
from monitor.model.version import DEFAULT_LEASE
from monitor.pipeline.letters import write_letter
from monitor.pipeline.schedule import next_send
from monitor.pipeline.scribe import Scribe
from monitor.store import changes, claims
from monitor.store.transaction import Tx

AT_ONCE = 50
"""So many alerts are claimed together; each must be sent well within the lease."""


class Channel(Protocol):
    """One way to one recipient. `pause` is the least time between two messages, in seconds."""

    @property
    def pause(self) -> float: ...

    def send(self, message: Message) -> None:
        """Hand the message over. Raises SendFailed, MessageRefused or DestinationDown."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """How recipients are reached. `open` raises DestinationDown for one that the configuration no longer names."""

    open: Callable[[Recipient], Channel]
    timezone: Callable[[Recipient], ZoneInfo]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How many alerts this drain sent, must try again, and gave up; `problems` name destination and reason."""

    sent: int = 0
    retry: int = 0
    dead: int = 0
    problems: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(
            sent=self.sent + other.sent,
            retry=self.retry + other.retry,
            dead=self.dead + other.dead,
            problems=tuple(dict.fromkeys((*self.problems, *other.problems))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a delivery needs of the outside."""

    scribe: Scribe
    post: Post
    holder: str
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    stopping: Callable[[], bool] = lambda: False


async def take_over(scribe: Scribe, holder: str, now: datetime) -> int:
    """Give back the claims of runs that died; for who holds the run's lock. How many."""
    return len(await scribe.write(lambda tx: claims.release_others(tx, holder, now)))


async def drain(around: Round) -> Delivered:
    """Send all that is due now, and what becomes free by it. What fails waits for its next time."""
    total = Delivered()
    while not around.stopping():
        batch = await around.scribe.write(
            lambda tx: claims.claim(tx, around.clock(), DEFAULT_LEASE, around.holder, AT_ONCE)
        )
        if not batch:
            break
        in_order = sorted(batch, key=lambda alert: (alert.recipient.destination, alert.id))
        groups = [list(group) for _, group in groupby(in_order, key=lambda alert: alert.recipient.destination)]
        for done in await asyncio.gather(*(_serve(around, group) for group in groups)):
            total += done
    return total


async def _serve(around: Round, group: Sequence[Alert]) -> Delivered:
    """The alerts of one destination, one after the other."""
    total = Delivered()
    down: DestinationDown | None = None
    for position, alert in enumerate(group):
        if down or around.stopping():
            total += await _end(around, alert, down or SendFailed("stopped before it was sent"))
            continue
        channel, ending = await _send(around, alert)
        if isinstance(ending, DestinationDown):
            down = ending
        total += await _end(around, alert, ending)
        if channel and channel.pause and position + 1 < len(group):
            await asyncio.sleep(channel.pause)
    return total


async def _send(
    around: Round, alert: Alert
) -> tuple[Channel | None, SendFailed | MessageRefused | DestinationDown | None]:
    stored = await around.scribe.read(lambda tx: changes.history(tx, ids=alert.change_ids))
    message = write_letter(alert, stored, around.post.timezone(alert.recipient))
    try:
        channel = await asyncio.to_thread(around.post.open, alert.recipient)
    except DestinationDown as error:
        return None, error
    try:
        await asyncio.to_thread(channel.send, message)
    except (SendFailed, MessageRefused, DestinationDown) as error:
        return channel, error
    return channel, None


async def _end(around: Round, alert: Alert, ending: SendFailed | MessageRefused | DestinationDown | None) -> Delivered:
    now = around.clock()
    if ending is None:
        await around.scribe.write(lambda tx: claims.mark_sent(tx, alert, around.holder, now))
        return Delivered(sent=1)
    problem = (alert.recipient.destination, str(ending))
    if isinstance(ending, MessageRefused):
        await around.scribe.write(lambda tx: claims.mark_dead(tx, alert, around.holder, now, error=str(ending)))
        return Delivered(dead=1, problems=(problem,))
    await around.scribe.write(_retry(around, alert, ending, now))
    return Delivered(retry=1, problems=(problem,))


def _retry(around: Round, alert: Alert, ending: SendFailed | DestinationDown, now: datetime) -> Callable[[Tx], bool]:
    asked = ending.retry_after if isinstance(ending, SendFailed) else None
    unknown = isinstance(ending, SendFailed) and ending.unknown
    at = next_send(alert.attempts, now=now, chance=around.chance(), retry_after=asked)
    return lambda tx: claims.mark_retry(
        tx, alert, around.holder, now, next_at=at, error=str(ending), maybe_sent=unknown
    )
