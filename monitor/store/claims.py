"""Claimed alerts: how each try ended, and what becomes of claims whose holder is gone.

A claim is fenced by its holder and by the number of its attempt: whoever lost it (a lock taken over) can no longer
move the alert. What one message told is moved in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, true, update

from monitor.model.alert import Alert, AlertState
from monitor.store.batches import is_open
from monitor.store.tables import alerts, attempts
from monitor.store.transaction import Tx


def mark_sent(tx: Tx, told: Sequence[Alert], holder: str, now: datetime) -> int:
    """The message was taken. How many of the alerts were still claimed by the holder; the others were left alone."""
    values = {"state": AlertState.SENT.value, "sent_at": now, "last_error": None}
    return sum(_end(tx, alert, holder, now, {**values, "outcome": "sent"}) for alert in told)


def mark_retry(
    tx: Tx,
    told: Sequence[Alert],
    holder: str,
    now: datetime,
    *,
    next_at: datetime,
    error: str,
    maybe_sent: bool,
    not_before: datetime | None = None,
) -> int:
    """Not taken, or nobody knows (`maybe_sent`); try again at `next_at`. How many were still claimed.

    `not_before` is the wait that the other side asked for: `hurry` does not cut it short.
    """
    values = {
        "state": AlertState.RETRY.value,
        "next_attempt_at": next_at,
        "not_before": not_before,
        "last_error": error,
    }
    return _end_unsent(tx, told, holder, now, values, maybe_sent=maybe_sent)


def mark_refused(
    tx: Tx, told: Sequence[Alert], holder: str, now: datetime, *, next_at: datetime, error: str, maybe_sent: bool
) -> int:
    """The message itself was at fault: each of its alerts goes on alone, with one refusal more. How many."""
    values = {
        "state": AlertState.RETRY.value,
        "next_attempt_at": next_at,
        "last_error": error,
        "digest": None,
        "refusals": alerts.c.refusals + 1,
    }
    return _end_unsent(tx, told, holder, now, values, maybe_sent=maybe_sent)


def mark_dead(
    tx: Tx, told: Sequence[Alert], holder: str, now: datetime, *, error: str, maybe_sent: bool = False
) -> int:
    """They will never be taken; they stay visible, and later alerts go on. How many were still claimed."""
    values = {"state": AlertState.DEAD.value, "next_attempt_at": None, "last_error": error}
    return _end_unsent(tx, told, holder, now, values, maybe_sent=maybe_sent, outcome="dead")


def part(tx: Tx, digest: str, now: datetime) -> int:
    """Let the alerts of a digest that does not get through go on one by one; how many."""
    values = {"digest": None, "refusals": alerts.c.refusals + 1, "next_attempt_at": now}
    return tx.run(update(alerts).where(is_open(), alerts.c.digest == digest).values(values)).rowcount


def postpone(
    tx: Tx,
    destination: str,
    until: datetime,
    *,
    error: str,
    recipient: str | None = None,
    not_before: datetime | None = None,
) -> int:
    """Nothing open for the destination (or one recipient of it) is tried before `until`; how many were due sooner.

    No attempt is counted. `not_before` is the wait that the other side asked for, as in `mark_retry`.
    """
    sooner = or_(alerts.c.next_attempt_at < until, alerts.c.state == AlertState.PENDING.value)
    which = and_(alerts.c.destination == destination, is_open(), sooner)
    if recipient is not None:
        which = and_(which, alerts.c.recipient == recipient)
    values = {"state": AlertState.RETRY.value, "next_attempt_at": until, "last_error": error}
    if not_before is not None:
        values["not_before"] = not_before
    return tx.run(update(alerts).where(which).values(values)).rowcount


def release_all(tx: Tx, now: datetime) -> tuple[int, ...]:
    """For who holds the run's lock and sends nothing now: give back every claim. The alert ids.

    Nobody knows whether these were sent: they go out again at once, and say so.
    """
    claimed = alerts.c.state == AlertState.CLAIMED.value
    values = {
        "state": AlertState.RETRY.value,
        "next_attempt_at": now,
        "maybe_sent": True,
        "holder": None,
        "lease_until": None,
    }
    ids = tuple(tx.run(update(alerts).where(claimed).values(values).returning(alerts.c.id)).scalars())
    unfinished = and_(attempts.c.alert_id.in_(ids), attempts.c.finished_at.is_(None))
    ended = {"finished_at": now, "outcome": "unknown", "message": "The run that was sending it ended."}
    if ids:
        tx.run(update(attempts).where(unfinished).values(ended))
    return tuple(sorted(ids))


def hurry(tx: Tx, now: datetime, destination: str | None = None, recipient: str | None = None) -> int:
    """Let what waits to be tried again be due at once, save where the other side asked for a wait; how many.

    All of it, or what waits for a destination or one recipient of it.
    """
    waiting = and_(
        alerts.c.state == AlertState.RETRY.value,
        alerts.c.next_attempt_at > now,
        or_(alerts.c.not_before.is_(None), alerts.c.not_before <= now),
    )
    if destination is not None:
        waiting = and_(waiting, is_open(), alerts.c.destination == destination)
    if recipient is not None:
        waiting = and_(waiting, alerts.c.recipient == recipient)
    return tx.run(update(alerts).where(waiting).values(next_attempt_at=now)).rowcount


def _end_unsent(
    tx: Tx,
    told: Sequence[Alert],
    holder: str,
    now: datetime,
    values: Mapping[str, object],
    *,
    maybe_sent: bool,
    outcome: str = "retry",
) -> int:
    known = "unknown" if maybe_sent else outcome
    sticky = {"maybe_sent": true() if maybe_sent else alerts.c.maybe_sent}
    return sum(_end(tx, alert, holder, now, {**values, **sticky, "outcome": known}) for alert in told)


def _end(tx: Tx, alert: Alert, holder: str, now: datetime, ending: Mapping[str, object]) -> bool:
    """`ending` has the `outcome` of the attempt and the alert's new values."""
    values = {name: value for name, value in ending.items() if name != "outcome"}
    mine = and_(
        alerts.c.id == alert.id,
        alerts.c.state == AlertState.CLAIMED.value,
        alerts.c.holder == holder,
        alerts.c.attempts == alert.attempts,
    )
    if tx.run(update(alerts).where(mine).values({"holder": None, "lease_until": None, **values})).rowcount != 1:
        return False
    attempt = and_(attempts.c.alert_id == alert.id, attempts.c.number == alert.attempts)
    message = values.get("last_error")
    tx.run(update(attempts).where(attempt).values(finished_at=now, outcome=ending["outcome"], message=message))
    return True
