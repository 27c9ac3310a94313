"""One destination's turn: its messages one after the other, until none is due or it takes none.

A fault can lie with three parties. The destination (its log-in is refused, it cannot be reached, it asks for a wait):
all that waits for it waits, and only one alert was tried. A recipient: after two messages in a row that failed its
others wait. The message (refused as it is written, or beyond our power to write): it is tried at once again, then in
bare lines, then given up; the others go on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Literal
from zoneinfo import ZoneInfo

from monitor.errors import DestinationDown, MessageRefused, RecipientRefused, SendError, SendFailed, StoreError
from monitor.model.alert import Alert, AlertKind, Recipient
from monitor.model.change import StoredChange
from monitor.model.message import Message
from monitor.model.version import DEFAULT_LEASE
from monitor.pipeline import troubles
from monitor.pipeline.aside import run_aside
from monitor.pipeline.letters import (
    AWAY,
    NOBODY,
    NOTHING_BESIDE,
    Beside,
    write_digest,
    write_letter,
    write_plain_letter,
    write_quiet_digest,
)
from monitor.pipeline.named import read_named
from monitor.pipeline.post import Channel, Delivered, Round
from monitor.pipeline.schedule import asked_wait, next_send
from monitor.pipeline.standing import head_of, standing_of
from monitor.pipeline.ways import Desk
from monitor.route.schedule import Hours
from monitor.store import batches, changes, claims, conditions, mutes
from monitor.store.batches import Absence, Opening
from monitor.store.transaction import Tx

MOST_REFUSALS = 3
"""After so many tries in which the message was at fault it is written in bare lines; then it is given up."""

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Turn:
    """`now` is when it began: what is due is judged by that, so that a turn comes to its end.

    `failed` holds what was tried in vain for each recipient since the last success, `served` who took something.
    """

    around: Round
    destination: str
    now: datetime
    failed: dict[Recipient, tuple[Alert, ...]] = field(default_factory=dict)
    served: set[Recipient] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Why alerts were not sent. `blocks` says who else would take nothing now; `unknown` if they may have arrived."""

    error: SendError
    blocks: Literal["recipient", "destination"] | None = None
    unknown: bool = False


async def serve(around: Round, destination: str) -> Delivered:
    """Send what is due for the destination, oldest first."""
    turn = Turn(around=around, destination=destination, now=around.clock())
    total, pause = Delivered(), 0.0
    opening = opening_of(around.desk, destination, turn.now)
    while opening and not around.stopping():
        told = await around.scribe.write(
            lambda tx: batches.claim_next(tx, destination, turn.now, DEFAULT_LEASE, around.holder, opening)
        )
        if not told:
            break
        await asyncio.sleep(pause)
        pause, ending = await _send(around, told)
        total += await (_fail(turn, told, ending) if ending else _succeed(turn, told))
        if ending and ending.blocks == "destination":
            break
    return total


def opening_of(desk: Desk, destination: str, now: datetime) -> Opening | None:
    """What may go out to a destination now; None for nothing."""
    hours = desk.hours.get(destination, Hours())
    takes = hours.takes(now)
    absences = tuple(
        Absence(name=f"{AWAY}{each.first} {each.last}", begin=each.begin, end=each.end) for each in hours.away
    )
    return Opening(only_critical=False not in takes, absences=absences) if takes else None


async def _send(around: Round, told: tuple[Alert, ...]) -> tuple[float, Ending | None]:
    """Hand over one message: the least time until the next one, and why it did not go, if so."""
    channel: Channel | None = None
    leaving = False
    try:
        message = await _write(around, told)
        channel = way = await run_aside(partial(around.post.open, told[0].recipient))
        hand_over = await run_aside(partial(way.write, message))
        leaving = True
        await run_aside(hand_over)
    except StoreError:
        raise
    except DestinationDown as error:
        return _pause(channel), Ending(error=error, blocks="destination" if channel else "recipient")
    except SendFailed as error:
        # A wait that is asked for is asked of the sender, not of one message: going on would earn the next refusal.
        everyone = error.unreached or error.retry_after is not None
        return _pause(channel), Ending(error=error, blocks="destination" if everyone else None, unknown=error.unknown)
    except MessageRefused as error:
        return _pause(channel), Ending(error=error)
    except Exception as fault:
        log.exception("a message could not be sent", extra={"alert": told[0].code})
        why = f"This program met a fault of its own ({type(fault).__name__}); its log has the details."
        return _pause(channel), Ending(error=MessageRefused(why), unknown=leaving)
    return _pause(channel), None


def _pause(channel: Channel | None) -> float:
    return channel.pause if channel else 0.0


async def _write(around: Round, told: tuple[Alert, ...]) -> Message:
    ids = [number for alert in told for number in alert.change_ids]
    stored = await around.scribe.read(lambda tx: changes.history(tx, ids=ids))
    zone, now, desk = around.post.timezone(told[0].recipient), around.clock(), around.desk
    beside = NOTHING_BESIDE
    if told[0].digest or told[0].kind is AlertKind.DIGEST:
        beside = await around.scribe.write(lambda tx: _beside(tx, told[0], desk, now))
    if around.post.holds_back(told[0].recipient):
        beside = replace(beside, named=await around.scribe.read(lambda tx: read_named(tx, told)))
    return message_of(told, stored, zone, now, beside)


def message_of(
    told: Sequence[Alert],
    stored: Sequence[StoredChange],
    zone: ZoneInfo,
    now: datetime,
    beside: Beside = NOTHING_BESIDE,
) -> Message:
    """What a recipient is sent at this try: one alert, or those of one digest. `stored` are the changes they name."""
    if told[0].digest:
        return write_digest(told, stored, zone, now, beside)
    if told[0].kind is AlertKind.DIGEST:
        return write_quiet_digest(told[0], zone, beside)
    write = write_letter if told[0].refusals < MOST_REFUSALS else write_plain_letter
    return write(told[0], stored, zone, beside.named.get(told[0].id, NOBODY))


def _beside(tx: Tx, first: Alert, desk: Desk, now: datetime) -> Beside:
    return Beside(
        standing=standing_of(tx, desk, first.recipient, now),
        head=head_of(tx, now),
        muted=mutes.count_for(tx, first.recipient, first.digest or first.code),
    )


async def _succeed(turn: Turn, told: tuple[Alert, ...]) -> Delivered:
    recipient, now = told[0].recipient, turn.around.clock()

    def store(tx: Tx) -> int:
        kept = claims.mark_sent(tx, told, turn.around.holder, now)
        if recipient not in turn.served:
            _open_again(tx, turn, recipient, now)
        for stuck in turn.failed.get(recipient, ())[:1]:
            if stuck.digest:  # others get through: one of its alerts may be what is not taken
                claims.part(tx, stuck.digest, turn.now)
        return kept

    _note_lost(told, await turn.around.scribe.write(store))
    turn.served.add(recipient)
    turn.failed.pop(recipient, None)
    return Delivered(sent=len(told))


def _open_again(tx: Tx, turn: Turn, recipient: Recipient, now: datetime) -> None:
    """Something was taken: what was put off for the destination or recipient need wait no longer."""
    came_back = conditions.recover(tx, [troubles.down_key(turn.destination), troubles.orphan_key(recipient)], now)
    if came_back:
        claims.hurry(tx, turn.now, turn.destination)
    elif recipient not in turn.failed:
        claims.hurry(tx, turn.now, turn.destination, recipient.address)


async def _fail(turn: Turn, told: tuple[Alert, ...], ending: Ending) -> Delivered:
    refused, dead = isinstance(ending.error, MessageRefused), _is_dead(told, ending)
    how = _give_up if dead else _refuse if refused else _put_off
    _note_lost(told, await turn.around.scribe.write(partial(how, turn, told, ending)))
    if not refused:
        turn.failed[told[0].recipient] = told
    problems = ((turn.destination, str(ending.error)),) if dead or not refused else ()
    return Delivered(dead=len(told) if dead else 0, retry=0 if refused else len(told), problems=problems)


def _is_dead(told: tuple[Alert, ...], ending: Ending) -> bool:
    if isinstance(ending.error, RecipientRefused):
        return True
    alone = told[0].digest is None
    return isinstance(ending.error, MessageRefused) and alone and told[0].refusals >= MOST_REFUSALS


def _give_up(turn: Turn, told: tuple[Alert, ...], ending: Ending, tx: Tx) -> int:
    now, error = turn.around.clock(), str(ending.error)
    troubles.raise_dead(tx, told, error, turn.around.desk, now)
    return claims.mark_dead(tx, told, turn.around.holder, now, error=error, maybe_sent=ending.unknown)


def _refuse(turn: Turn, told: tuple[Alert, ...], ending: Ending, tx: Tx) -> int:
    """Waiting mends no message: it is tried again in this very turn."""
    now, error = turn.around.clock(), str(ending.error)
    return claims.mark_refused(
        tx, told, turn.around.holder, now, next_at=turn.now, error=error, maybe_sent=ending.unknown
    )


def _put_off(turn: Turn, told: tuple[Alert, ...], ending: Ending, tx: Tx) -> int:
    around, recipient = turn.around, told[0].recipient
    now, error = around.clock(), str(ending.error)
    asked = asked_wait(ending.error.retry_after, now=now) if isinstance(ending.error, SendFailed) else None
    at = next_send(told[0].attempts, now=now, chance=around.chance(), not_before=asked)
    kept = claims.mark_retry(
        tx, told, around.holder, now, next_at=at, error=error, maybe_sent=ending.unknown, not_before=asked
    )
    if ending.blocks or recipient in turn.failed:
        whose = None if ending.blocks == "destination" else recipient.address
        claims.postpone(tx, turn.destination, at, error=error, recipient=whose, not_before=asked)
    if ending.blocks:
        troubles.raise_block(tx, recipient, ending.error, now, everyone=ending.blocks == "destination")
    return kept


def _note_lost(told: tuple[Alert, ...], kept: int) -> None:
    if kept < len(told):
        log.warning("a claim was lost while a message was sent", extra={"alert": told[0].digest or told[0].code})
