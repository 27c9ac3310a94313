"""What goes out next to a destination: one alert, or many that waited for one recipient together in a digest.

A digest is no alert of its own: its alerts are claimed, sent and given back together. It bears a code made of theirs,
kept with them, so that a digest that is sent again is the same message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from sqlalchemy import ColumnElement, FromClause, and_, exists, literal_column, not_, or_, select, update

from monitor.model.alert import Alert, AlertState
from monitor.store.alert_key import codes, digest_key
from monitor.store.alerts import by_ids
from monitor.store.tables import alerts, attempts
from monitor.store.transaction import AnyRow, Tx

MOST_SINGLE = 20
"""So many alerts that were tried in vain go out to a recipient one by one; more than these go out in digests."""
MOST_TOGETHER = 50
"""Alerts of one digest: their codes alone fit into the shortest of messages."""
MOST_CHANGES = 500
"""Changes of one digest, so that a mail that carries them all stays of a size that servers take."""

FURTHEST = timedelta(days=8)
"""No try is put off for longer than a week: a time further ahead comes from a clock that was wrong."""
FURTHEST_OWN = timedelta(hours=8)
"""Nor for longer than this, unless the other side asked for it."""

OPEN = (AlertState.PENDING.value, AlertState.RETRY.value)
IN_THE_WAY = (*OPEN, AlertState.CLAIMED.value, AlertState.HELD.value)

earlier = alerts.alias("earlier")


def is_open(table: FromClause = alerts) -> ColumnElement[bool]:
    """The states spelled out, so that the index of what is open is found."""
    return table.c.state.in_([literal_column(f"'{state}'") for state in OPEN])


def is_due(now: datetime, table: FromClause = alerts) -> ColumnElement[bool]:
    """True for what was never tried, and for what is to be tried again by now."""
    at = table.c.next_attempt_at
    astray = or_(at > now + FURTHEST, and_(at > now + FURTHEST_OWN, table.c.not_before.is_(None)))
    return or_(table.c.state == AlertState.PENDING.value, at <= now, astray)


def _waits_for_earlier(but: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """An earlier alert about the record for the recipient is in the way; `but` names those that are not."""
    same = and_(
        earlier.c.record_id == alerts.c.record_id,
        earlier.c.destination == alerts.c.destination,
        earlier.c.recipient == alerts.c.recipient,
        earlier.c.id < alerts.c.id,
        earlier.c.state.in_(IN_THE_WAY),
    )
    return exists().where(same if but is None else and_(same, not_(but)))


def due_destinations(tx: Tx, now: datetime) -> tuple[str, ...]:
    """The destinations for which something is due, though perhaps behind an earlier alert that is not."""
    due = select(alerts.c.destination).where(is_open(), is_due(now)).distinct()
    return tuple(sorted(tx.run(due).scalars()))


def claim_next(tx: Tx, destination: str, now: datetime, lease: timedelta, holder: str) -> tuple[Alert, ...]:
    """Take what the destination's next message is to tell, oldest first, each with its attempt begun; () for nothing.

    Several alerts are those of one recipient and share their `digest`. No alert is given to two holders. Per record and
    recipient an alert waits for earlier ones that are pending, claimed, retry or held, unless they go out with it.
    What is due is judged by `now`; so much is claimed at once that one try to send fits into the lease. Commit before
    sending.
    """
    ready = and_(alerts.c.destination == destination, is_open(), is_due(now), ~_waits_for_earlier())
    first = select(alerts).where(ready).order_by(alerts.c.id).limit(1)
    row = tx.run(first.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return ()
    together = _same_digest(tx, row) if row.digest else _new_digest(tx, row, now)
    digest = row.digest or (_code(tx, together) if len(together) > 1 else None)
    taken = {"state": AlertState.CLAIMED.value, "holder": holder, "lease_until": now + lease, "digest": digest}
    return _take(tx, [each.id for each in together], taken, now)


def _same_digest(tx: Tx, first: AnyRow) -> Sequence[AnyRow]:
    """What is left of a digest that was tried before."""
    same = and_(alerts.c.destination == first.destination, is_open(), alerts.c.digest == first.digest)
    return tx.run(select(alerts.c.id, alerts.c.key).where(same).order_by(alerts.c.id)).all()


def _new_digest(tx: Tx, first: AnyRow, now: datetime) -> Sequence[AnyRow]:
    """The alerts to send with the first one; that one alone unless many were tried in vain before."""
    if first.refusals:
        return [first]
    joins = and_(is_due(now), alerts.c.digest.is_(None), alerts.c.refusals == 0)
    joined = and_(earlier.c.state.in_(OPEN), is_due(now, earlier), earlier.c.digest.is_(None), earlier.c.refusals == 0)
    mine = and_(alerts.c.destination == first.destination, alerts.c.recipient == first.recipient)
    window = (
        select(alerts.c.id, alerts.c.key, alerts.c.state, alerts.c.change_ids)
        .where(mine, is_open(), alerts.c.id >= first.id, joins, ~_waits_for_earlier(but=joined))
        .order_by(alerts.c.id)
        .limit(MOST_TOGETHER)
    )
    found = tx.run(window).all()
    if sum(row.state == AlertState.RETRY.value for row in found) <= MOST_SINGLE:
        return [first]
    return list(_that_fit(found))


def _that_fit(found: Sequence[AnyRow]) -> Iterator[AnyRow]:
    sums = accumulate(len(row.change_ids) for row in found)
    for n, (row, changes) in enumerate(zip(found, sums, strict=True)):
        if n and changes > MOST_CHANGES:
            return
        yield row


def _code(tx: Tx, together: Sequence[AnyRow]) -> str:
    """A code that no alert bears."""
    candidates = list(codes(digest_key(row.key for row in together)))
    taken = set(tx.run(select(alerts.c.code).where(alerts.c.code.in_(candidates))).scalars())
    return next(code for code in candidates if code not in taken)


def _take(tx: Tx, ids: Sequence[int], taken: Mapping[str, object], now: datetime) -> tuple[Alert, ...]:
    counted = {**taken, "attempts": alerts.c.attempts + 1}
    statement = update(alerts).where(alerts.c.id.in_(ids), is_open()).values(counted)
    won = tx.run(statement.returning(alerts.c.id, alerts.c.attempts)).all()
    if won:
        begun = {"holder": taken["holder"], "started_at": now}
        tx.run(attempts.insert(), [{"alert_id": row.id, "number": row.attempts, **begun} for row in won])
    return by_ids(tx, [row.id for row in won])
