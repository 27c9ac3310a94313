"""Emptying the outbox: claim what is due, send it, record how that ended.

A claim is committed before the message leaves, its end after; a run that dies between the two leaves a claim that the
next one gives back, and the message then says that it may be a repeat. No transaction is open while a message is sent.
Destinations are served side by side, so that one that is slow or down holds up no other.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from monitor.pipeline.post import Channel, Delivered, HandOver, Post, Round
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.turn import serve
from monitor.store import batches, claims, restored

__all__ = ["Channel", "Delivered", "HandOver", "Post", "Round", "drain", "hurry", "take_over"]

LOOK_AGAIN = 2.0
"""Seconds after which new alerts are looked for while a destination is still being served."""


async def take_over(scribe: Scribe, now: datetime) -> int:
    """Give back every claim; for who holds the run's lock and is sending nothing. How many.

    A claim that stands then is that of a run that died, or of a try of ours whose end could not be stored.
    """
    return len(await scribe.write(lambda tx: claims.release_all(tx, now)))


async def hurry(scribe: Scribe, now: datetime) -> int:
    """Let everything that waits to be tried again be due, save where the other side asked for a wait. How many."""
    return await scribe.write(lambda tx: claims.hurry(tx, now))


async def drain(around: Round) -> Delivered:
    """Send all that is due now, and what becomes free by it. What fails waits for its next time.

    Each destination has a task of its own; while some are busy the others are looked after again. A fault of one (the
    store's) cuts off no other; it is raised when all have ended.
    """
    if await around.scribe.read(restored.holding):
        return Delivered(held=restored.HELD)
    serving: dict[asyncio.Task[Delivered], str] = {}
    failed: dict[str, BaseException] = {}
    total = Delivered()
    while True:
        due = await around.scribe.read(lambda tx: batches.due_destinations(tx, around.clock()))
        for name in due:
            if name not in serving.values() and name not in failed and not around.stopping():
                serving[asyncio.create_task(serve(around, name))] = name
        if not serving:
            break
        total += await _collect(serving, failed)
        if not serving:
            break
    for fault in failed.values():
        raise fault
    return total


async def _collect(serving: dict[asyncio.Task[Delivered], str], failed: dict[str, BaseException]) -> Delivered:
    """What ended meanwhile; waits until all have, or for a moment."""
    done, _ = await asyncio.wait(serving, timeout=LOOK_AGAIN)
    total = Delivered()
    for task in done:
        name, fault = serving.pop(task), task.exception()
        if fault is None:
            total += task.result()
        else:
            failed[name] = fault
    return total
