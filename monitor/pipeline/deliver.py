"""Emptying the outbox: claim what is due, send it, record how that ended.

A claim is committed before the message leaves, its end after; a run that dies between the two leaves a claim that the
next one gives back, and the message then says that it may be a repeat. No transaction is open while a message is sent.
Destinations are served side by side, so that one that is slow or down holds up no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from monitor.errors import DestinationDown, MessageRefused, SendFailed
from monitor.model.alert import Alert, Recipient
from monitor.model.message import Message
from monitor.model.version import DEFAULT_LEASE
from monitor.pipeline.letters import write_letter
from monitor.pipeline.schedule import asked_wait, next_send
from monitor.pipeline.scribe import Scribe
from monitor.store import changes, claims
from monitor.store.transaction import Tx

AT_ONCE = 4
"""So many alerts of a destination are claimed together: each may take a minute, and all must end within the lease."""


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


async def hurry(scribe: Scribe, now: datetime) -> int:
    """Let everything that waits to be tried again be due, save where the other side asked for a wait. How many."""
    return await scribe.write(lambda tx: claims.hurry(tx, now))


async def drain(around: Round) -> Delivered:
    """Send all that is due now, and what becomes free by it. What fails waits for its next time."""
    due = await around.scribe.read(lambda tx: claims.due_destinations(tx, around.clock()))
    total = Delivered()
    for done in await asyncio.gather(*(_serve(around, name) for name in due)):
        total += done
    return total


async def _serve(around: Round, destination: str) -> Delivered:
    """The alerts of one destination, one after the other, until none is due or it takes nothing any more."""
    total, last = Delivered(), 0.0
    while not around.stopping():
        batch = await around.scribe.write(
            lambda tx: claims.claim(
                tx, around.clock(), DEFAULT_LEASE, around.holder, AT_ONCE, destinations=[destination]
            )
        )
        down: DestinationDown | None = None
        for alert in batch:
            await asyncio.sleep(last)
            channel, ending = (None, down) if down else await _send(around, alert)
            total += await _end(around, alert, ending)
            last = channel.pause if channel else 0.0
            down = ending if isinstance(ending, DestinationDown) else None
        if not batch or down:
            break
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
    asked = asked_wait(ending.retry_after, now=now) if isinstance(ending, SendFailed) else None
    unknown = isinstance(ending, SendFailed) and ending.unknown
    at = next_send(alert.attempts, now=now, chance=around.chance(), not_before=asked)
    return lambda tx: claims.mark_retry(
        tx, alert, around.holder, now, next_at=at, error=str(ending), maybe_sent=unknown, not_before=asked
    )
