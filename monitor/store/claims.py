"""Sending the outbox: who holds which alert, until when, and how each try ended.

A claim is fenced by its holder and by the number of its attempt: whoever lost it (a lease that ran out, a lock taken
over) can no longer move the alert.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true, update

from monitor.model.alert import Alert, AlertState
from monitor.store.alerts import by_ids
from monitor.store.tables import alerts, attempts
from monitor.store.transaction import Tx

OPEN = tuple(state.value for state in (AlertState.PENDING, AlertState.RETRY))
IN_THE_WAY = (*OPEN, AlertState.CLAIMED.value, AlertState.HELD.value)

earlier = alerts.alias("earlier")
WAITS_FOR_EARLIER = exists().where(
    earlier.c.record_id == alerts.c.record_id,
    earlier.c.destination == alerts.c.destination,
    earlier.c.recipient == alerts.c.recipient,
    earlier.c.id < alerts.c.id,
    earlier.c.state.in_(IN_THE_WAY),
)
FURTHEST = timedelta(days=8)
"""No try is put off for longer than a week: a time further ahead comes from a clock that was wrong."""
READY = and_(alerts.c.state.in_(OPEN), ~WAITS_FOR_EARLIER)


def claim(
    tx: Tx,
    now: datetime,
    lease: timedelta,
    holder: str,
    limit: int,
    *,
    destinations: Collection[str] | None = None,
) -> tuple[Alert, ...]:
    """Take up to `limit` due alerts, oldest first, each with its attempt begun (`attempts` is its number).

    No alert is given to two holders. Per record and recipient an alert waits for earlier ones that are pending,
    claimed, retry or held. Commit before sending.
    """
    due = and_(READY, _is_due(now))
    if destinations is not None:
        due = and_(due, alerts.c.destination.in_(list(destinations)))
    first = select(alerts.c.id).where(due).order_by(alerts.c.id).limit(limit)
    candidates = tx.run(first.with_for_update(skip_locked=True, of=alerts)).scalars().all()
    statement = update(alerts).where(alerts.c.id.in_(candidates), due)
    taken = {
        "state": AlertState.CLAIMED.value,
        "holder": holder,
        "lease_until": now + lease,
        "attempts": alerts.c.attempts + 1,
    }
    won = tx.run(statement.values(taken).returning(alerts.c.id, alerts.c.attempts)).all() if candidates else ()
    if won:
        begun = {"holder": holder, "started_at": now}
        tx.run(attempts.insert(), [{"alert_id": row.id, "number": row.attempts, **begun} for row in won])
    return by_ids(tx, [row.id for row in won])


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(alerts.c.next_attempt_at <= now, alerts.c.next_attempt_at > now + FURTHEST)


def mark_sent(tx: Tx, alert: Alert, holder: str, now: datetime) -> bool:
    """The message was taken. False if the claim was lost meanwhile; then nothing changed."""
    return _end(tx, alert, holder, now, outcome="sent", state=AlertState.SENT.value, sent_at=now, last_error=None)


def mark_retry(
    tx: Tx,
    alert: Alert,
    holder: str,
    now: datetime,
    *,
    next_at: datetime,
    error: str,
    maybe_sent: bool,
    not_before: datetime | None = None,
) -> bool:
    """Not taken, or nobody knows (`maybe_sent`); try again at `next_at`. False if the claim was lost meanwhile.

    `not_before` is the wait that the other side asked for: `hurry` does not cut it short.
    """
    values = {
        "state": AlertState.RETRY.value,
        "next_attempt_at": next_at,
        "not_before": not_before,
        "last_error": error,
    }
    return _end_unsent(tx, alert, holder, now, values, maybe_sent=maybe_sent)


def mark_dead(tx: Tx, alert: Alert, holder: str, now: datetime, *, error: str, maybe_sent: bool = False) -> bool:
    """It will never be taken; it stays visible, and later alerts go on. False if the claim was lost meanwhile."""
    values = {"state": AlertState.DEAD.value, "next_attempt_at": None, "last_error": error}
    return _end_unsent(tx, alert, holder, now, values, maybe_sent=maybe_sent, outcome="dead")


def mark_held(tx: Tx, alert: Alert, holder: str, now: datetime, *, error: str) -> bool:
    """Its destination takes nothing until a person acts. False if the claim was lost meanwhile."""
    values = {"state": AlertState.HELD.value, "next_attempt_at": None, "last_error": error}
    return _end_unsent(tx, alert, holder, now, values, maybe_sent=False)


def hold_destination(tx: Tx, destination: str, *, error: str, recipient: str | None = None) -> int:
    """Hold all that waits for the destination (or one recipient of it); how many."""
    which = and_(alerts.c.destination == destination, alerts.c.state.in_(OPEN))
    if recipient is not None:
        which = and_(which, alerts.c.recipient == recipient)
    values = {"state": AlertState.HELD.value, "next_attempt_at": None, "last_error": error}
    return tx.run(update(alerts).where(which).values(values)).rowcount


def release_destination(tx: Tx, destination: str, now: datetime) -> int:
    """Let what is held for the destination go on; how many."""
    which = and_(alerts.c.destination == destination, alerts.c.state == AlertState.HELD.value)
    values = {"state": AlertState.RETRY.value, "next_attempt_at": now}
    return tx.run(update(alerts).where(which).values(values)).rowcount


def held_destinations(tx: Tx) -> tuple[str, ...]:
    held = select(alerts.c.destination).where(alerts.c.state == AlertState.HELD.value).distinct()
    return tuple(sorted(tx.run(held).scalars()))


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

    `not_before` is the wait that the other side asked for, as in `mark_retry`.
    """
    which = and_(alerts.c.destination == destination, alerts.c.state.in_(OPEN), alerts.c.next_attempt_at < until)
    if recipient is not None:
        which = and_(which, alerts.c.recipient == recipient)
    values = {"state": AlertState.RETRY.value, "next_attempt_at": until, "last_error": error}
    if not_before is not None:
        values["not_before"] = not_before
    return tx.run(update(alerts).where(which).values(values)).rowcount


def release_all(tx: Tx, now: datetime) -> tuple[int, ...]:
    """For who holds the run's lock and sends nothing now: give back every claim. The alert ids."""
    return _give_back(tx, true(), now)


def release_expired(tx: Tx, now: datetime) -> tuple[int, ...]:
    """Give back the claims whose lease ran out. The alert ids."""
    return _give_back(tx, alerts.c.lease_until < now, now)


def _give_back(tx: Tx, lost: ColumnElement[bool], now: datetime) -> tuple[int, ...]:
    """Nobody knows whether these were sent: they go out again at once, and say so."""
    claimed = and_(alerts.c.state == AlertState.CLAIMED.value, lost)
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


def hurry(tx: Tx, now: datetime) -> int:
    """Let what waits to be tried again be due at once, save where the other side asked for a wait; how many."""
    waiting = and_(
        alerts.c.state == AlertState.RETRY.value,
        alerts.c.next_attempt_at > now,
        or_(alerts.c.not_before.is_(None), alerts.c.not_before <= now),
    )
    return tx.run(update(alerts).where(waiting).values(next_attempt_at=now)).rowcount


def due_destinations(tx: Tx, now: datetime) -> tuple[str, ...]:
    """The destinations for which something could be claimed now."""
    due = select(alerts.c.destination).where(READY, _is_due(now)).distinct()
    return tuple(sorted(tx.run(due).scalars()))


def due_count(tx: Tx, now: datetime) -> int:
    """How many alerts could be claimed now."""
    due = select(func.count()).select_from(alerts).where(READY, _is_due(now))
    return int(tx.run(due).scalar_one())


def next_due(tx: Tx) -> datetime | None:
    """When the next alert that waits for no earlier one is due, or the next lease ends; None if nothing is open."""
    when = func.min(alerts.c.next_attempt_at)
    ready: datetime | None = tx.run(select(when).where(READY)).scalar_one()
    until = select(func.min(alerts.c.lease_until)).where(alerts.c.state == AlertState.CLAIMED.value)
    lease: datetime | None = tx.run(until).scalar_one()
    return min((moment for moment in (ready, lease) if moment is not None), default=None)


def _end_unsent(
    tx: Tx,
    alert: Alert,
    holder: str,
    now: datetime,
    values: Mapping[str, object],
    *,
    maybe_sent: bool,
    outcome: str = "retry",
) -> bool:
    known = "unknown" if maybe_sent else outcome
    sticky = {"maybe_sent": true() if maybe_sent else alerts.c.maybe_sent}
    return _end(tx, alert, holder, now, outcome=known, **values, **sticky)


def _end(tx: Tx, alert: Alert, holder: str, now: datetime, *, outcome: str, **values: object) -> bool:
    mine = and_(
        alerts.c.id == alert.id,
        alerts.c.state == AlertState.CLAIMED.value,
        alerts.c.holder == holder,
        alerts.c.attempts == alert.attempts,
    )
    if tx.run(update(alerts).where(mine).values(holder=None, lease_until=None, **values)).rowcount != 1:
        return False
    attempt = and_(attempts.c.alert_id == alert.id, attempts.c.number == alert.attempts)
    message = values.get("last_error")
    tx.run(update(attempts).where(attempt).values(finished_at=now, outcome=outcome, message=message))
    return True
