"""Emptying the outbox: claim what is due, send it, record how that ended.

A claim is committed before the message leaves, its end after; a run that dies between the two leaves a claim that the
next one gives back, and the message then says that it may be a repeat. No transaction is open while a message is sent.
Destinations are served side by side, so that one that is slow or down holds up no other.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from monitor.errors import DestinationDown, MessageRefused, SendError, SendFailed, StoreError
from monitor.model.alert import Alert, Recipient
from monitor.model.message import Message
from monitor.model.version import DEFAULT_LEASE
from monitor.pipeline.aside import run_aside
from monitor.pipeline.letters import write_letter
from monitor.pipeline.schedule import asked_wait, next_send
from monitor.pipeline.scribe import Scribe
from monitor.store import changes, claims, restored
from monitor.store.transaction import Tx

AT_ONCE = 4
"""So many alerts of a destination are claimed together: each may take a minute, and all must end within the lease."""

MOST_FAULTS = 3
"""After so many tries that ended in a fault of our own an alert is given up: visible, and in the way of none."""

log = logging.getLogger(__name__)


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
    """How many alerts this drain sent, must try again, and gave up; `problems` name destination and reason.

    `held` says why nothing at all may be sent, where a person has to choose first.
    """

    sent: int = 0
    retry: int = 0
    dead: int = 0
    problems: tuple[tuple[str, str], ...] = ()
    held: str | None = None

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


async def take_over(scribe: Scribe, now: datetime) -> int:
    """Give back every claim; for who holds the run's lock and is sending nothing. How many.

    A claim that stands then is that of a run that died, or of a try of ours whose end could not be stored.
    """
    return len(await scribe.write(lambda tx: claims.release_all(tx, now)))


async def hurry(scribe: Scribe, now: datetime) -> int:
    """Let everything that waits to be tried again be due, save where the other side asked for a wait. How many."""
    return await scribe.write(lambda tx: claims.hurry(tx, now))


async def drain(around: Round) -> Delivered:
    """Send all that is due now, and what becomes free by it. What fails waits for its next time."""
    if await around.scribe.read(restored.holding):
        return Delivered(held=restored.HELD)
    due = await around.scribe.read(lambda tx: claims.due_destinations(tx, around.clock()))
    served = await asyncio.gather(*(_serve(around, name) for name in due), return_exceptions=True)
    total = Delivered()
    for done in served:  # all have ended: a fault of one destination cuts off no other
        if isinstance(done, BaseException):
            raise done
        total += done
    return total


async def _serve(around: Round, destination: str) -> Delivered:
    """The alerts of one destination, one after the other, until none is due."""
    total, last = Delivered(), 0.0
    while not around.stopping():
        batch = await around.scribe.write(
            lambda tx: claims.claim(
                tx, around.clock(), DEFAULT_LEASE, around.holder, AT_ONCE, destinations=[destination]
            )
        )
        if not batch:
            break
        down: dict[Recipient | None, Ending] = {}
        for alert in batch:
            ending = down.get(alert.recipient) or down.get(None) or (_STOPPED if around.stopping() else None)
            if ending is None:
                await asyncio.sleep(last)
                last, ending = await _send(around, alert)
                if ending and ending.blocks:
                    ending = replace(ending, until=_next_try(around, alert, ending))
            total += await _end(around, alert, ending)
            if ending and ending.blocks:
                down[alert.recipient if ending.blocks == "recipient" else None] = ending
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Why an alert was not sent. `blocks` says what else is not tried before `until`."""

    error: SendError
    blocks: Literal["recipient", "destination"] | None = None
    until: datetime | None = None
    fault: bool = False


_STOPPED = Ending(error=SendFailed("The run was told to stop before it sent this."))


async def _send(around: Round, alert: Alert) -> tuple[float, Ending | None]:
    """Hand over one alert: the least time until the next one, and why it did not go, if so."""
    channel: Channel | None = None
    try:
        stored = await around.scribe.read(lambda tx: changes.history(tx, ids=alert.change_ids))
        message = write_letter(alert, stored, around.post.timezone(alert.recipient))
        channel = way = await run_aside(partial(around.post.open, alert.recipient))
        await run_aside(partial(way.send, message))
    except StoreError:
        raise
    except DestinationDown as error:
        return _pause(channel), Ending(error=error, blocks="destination" if channel else "recipient")
    except SendFailed as error:
        # A wait that is asked for is asked of the sender, not of one message: going on would earn the next refusal.
        return _pause(channel), Ending(error=error, blocks="destination" if error.retry_after else None)
    except MessageRefused as error:
        return _pause(channel), Ending(error=error)
    except Exception as fault:
        log.exception("an alert could not be sent", extra={"alert": alert.code})
        why = f"This program met a fault of its own ({type(fault).__name__}); its log has the details."
        return _pause(channel), Ending(error=SendFailed(why, unknown=channel is not None), fault=True)
    return _pause(channel), None


def _pause(channel: Channel | None) -> float:
    return channel.pause if channel else 0.0


async def _end(around: Round, alert: Alert, ending: Ending | None) -> Delivered:
    now, holder = around.clock(), around.holder
    if ending is None:
        await around.scribe.write(lambda tx: claims.mark_sent(tx, alert, holder, now))
        return Delivered(sent=1)
    error, unknown = ending.error, isinstance(ending.error, SendFailed) and ending.error.unknown
    problem = (alert.recipient.destination, str(error))
    if isinstance(error, MessageRefused) or (ending.fault and alert.attempts >= MOST_FAULTS):
        await around.scribe.write(
            lambda tx: claims.mark_dead(tx, alert, holder, now, error=str(error), maybe_sent=unknown)
        )
        return Delivered(dead=1, problems=(problem,))
    await around.scribe.write(_retry(around, alert, ending, now))
    return Delivered(retry=1, problems=(problem,))


def _retry(around: Round, alert: Alert, ending: Ending, now: datetime) -> Callable[[Tx], None]:
    error = ending.error
    asked = _asked(ending, now)
    unknown = isinstance(error, SendFailed) and error.unknown
    at = ending.until or _next_try(around, alert, ending)

    def store(tx: Tx) -> None:
        claims.mark_retry(
            tx, alert, around.holder, now, next_at=at, error=str(error), maybe_sent=unknown, not_before=asked
        )
        if ending.blocks:
            whose = alert.recipient.address if ending.blocks == "recipient" else None
            claims.postpone(tx, alert.recipient.destination, at, error=str(error), recipient=whose, not_before=asked)

    return store


def _next_try(around: Round, alert: Alert, ending: Ending) -> datetime:
    now = around.clock()
    return next_send(alert.attempts, now=now, chance=around.chance(), not_before=_asked(ending, now))


def _asked(ending: Ending, now: datetime) -> datetime | None:
    """The moment before which the other side wants nothing, if it named one."""
    return asked_wait(ending.error.retry_after, now=now) if isinstance(ending.error, SendFailed) else None
