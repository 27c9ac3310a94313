"""What goes out next to a destination: one alert, or many for one recipient together in a digest.

Together go those whose rules name the same times, those that came while nobody read, and many that were tried in vain.
A digest is no alert of its own: its alerts are claimed, sent and given back together. It bears a code made of theirs,
kept with them, so that a digest that is sent again is the same message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    between,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    update,
)

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
ASTRAY = timedelta(days=1)
"""What was planned so far ahead of the clock was planned by one that was wrong: it waits for no digest."""

OPEN = (AlertState.PENDING.value, AlertState.RETRY.value)
IN_THE_WAY = (*OPEN, AlertState.CLAIMED.value, AlertState.HELD.value)

earlier = alerts.alias("earlier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A time in which nobody read at a destination; what was planned in it is told in one digest of this name."""

    name: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What may go out to a destination now: critical alerts alone or all, and when nobody had read before."""

    only_critical: bool = False
    absences: Sequence[Absence] = ()


OPEN_FOR_ALL = Opening()


def is_open(table: FromClause = alerts) -> ColumnElement[bool]:
    """The states spelled out, so that the index of what is open is found."""
    return table.c.state.in_([literal_column(f"'{state}'") for state in OPEN])


def is_due(now: datetime, table: FromClause = alerts) -> ColumnElement[bool]:
    """True for what was never tried, and for what is to be tried again by now, if its digest is due."""
    at = table.c.next_attempt_at
    astray = or_(at > now + FURTHEST, and_(at > now + FURTHEST_OWN, table.c.not_before.is_(None)))
    return and_(not_(waits(now, table)), or_(table.c.state == AlertState.PENDING.value, at <= now, astray))


def waits(now: datetime, table: FromClause = alerts) -> ColumnElement[bool]:
    """True while its digest is not due."""
    later = and_(table.c.due_at.is_not(None), table.c.due_at > now, table.c.created_at <= now + ASTRAY)
    return func.coalesce(later, false())


def _waits_for_earlier(
    now: datetime, opening: Opening = OPEN_FOR_ALL, but: ColumnElement[bool] | None = None
) -> ColumnElement[bool]:
    """An earlier alert about the record for the recipient is in the way.

    One that waits for its digest is not, nor what is held where only critical alerts may go out, nor what `but` names.
    """
    held = or_(waits(now, earlier), not_(earlier.c.critical)) if opening.only_critical else waits(now, earlier)
    same = and_(
        not_(held),
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


def claim_next(  # noqa: PLR0917 (what is claimed, until when, for whom)
    tx: Tx, destination: str, now: datetime, lease: timedelta, holder: str, opening: Opening = OPEN_FOR_ALL
) -> tuple[Alert, ...]:
    """Take what the destination's next message is to tell, oldest first, each with its attempt begun; () for nothing.

    Several alerts are those of one recipient and share their `digest`. No alert is given to two holders. Per record and
    recipient an alert waits for earlier ones that are pending, claimed, retry or held, unless they go out with it or
    wait for their digest. What is due is judged by `now`; so much is claimed at once that one try to send fits into
    the lease. Commit before sending.
    """
    ready = and_(alerts.c.destination == destination, is_open(), is_due(now), ~_waits_for_earlier(now, opening))
    if opening.only_critical:
        ready = and_(ready, alerts.c.critical)
    first = select(alerts).where(ready).order_by(alerts.c.id).limit(1)
    row = tx.run(first.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return ()
    absence = _absence_of(row, opening)
    taken = {"state": AlertState.CLAIMED.value, "holder": holder, "lease_until": now + lease}
    if row.digest:
        return _take(tx, _same_digest(tx, row), taken, now)
    if row.refusals:
        return _take(tx, [row], {**taken, "digest": None}, now)
    together = _joined(tx, row, now, _alike(row, absence, opening))
    if absence is None and row.schedule is None:
        tried = sum(each.state == AlertState.RETRY.value for each in together)
        together = together if tried > MOST_SINGLE else [row]
        return _take(tx, together, {**taken, "digest": _code(tx, together) if len(together) > 1 else None}, now)
    schedule = absence.name if absence else row.schedule
    return _take(tx, together, {**taken, "digest": _code(tx, together), "schedule": schedule}, now)


def _absence_of(row: AnyRow, opening: Opening) -> Absence | None:
    return next((each for each in opening.absences if each.begin <= row.created_at < each.end), None)


def _alike(first: AnyRow, absence: Absence | None, opening: Opening) -> Callable[[FromClause], ColumnElement[bool]]:
    """What may go out with an alert: what came in the same absence, or is of the same schedule, or has none either."""

    def alike(table: FromClause) -> ColumnElement[bool]:
        same: ColumnElement[bool] = table.c.schedule.is_not_distinct_from(first.schedule)
        if absence is not None:
            same = between(table.c.created_at, absence.begin, absence.end)
        return and_(same, table.c.critical) if opening.only_critical else same

    return alike


def _same_digest(tx: Tx, first: AnyRow) -> Sequence[AnyRow]:
    """What is left of a digest that was tried before."""
    same = and_(alerts.c.destination == first.destination, is_open(), alerts.c.digest == first.digest)
    return tx.run(select(alerts.c.id, alerts.c.key).where(same).order_by(alerts.c.id)).all()


def _joined(
    tx: Tx, first: AnyRow, now: datetime, alike: Callable[[FromClause], ColumnElement[bool]]
) -> Sequence[AnyRow]:
    """What is due for the first one's recipient from it on, is like it and was in no digest yet, oldest first.

    As much as fits into one message.
    """

    def joins(table: FromClause) -> ColumnElement[bool]:
        return and_(is_due(now, table), table.c.digest.is_(None), table.c.refusals == 0, alike(table))

    mine = and_(alerts.c.destination == first.destination, alerts.c.recipient == first.recipient)
    joined = and_(earlier.c.state.in_(OPEN), joins(earlier))
    window = (
        select(alerts.c.id, alerts.c.key, alerts.c.state, alerts.c.change_ids)
        .where(mine, is_open(), alerts.c.id >= first.id, joins(alerts), ~_waits_for_earlier(now, but=joined))
        .order_by(alerts.c.id)
        .limit(MOST_TOGETHER)
    )
    return list(_that_fit(tx.run(window).all()))


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


def _take(tx: Tx, rows: Sequence[AnyRow], taken: Mapping[str, object], now: datetime) -> tuple[Alert, ...]:
    counted = {**taken, "attempts": alerts.c.attempts + 1}
    statement = update(alerts).where(alerts.c.id.in_([row.id for row in rows]), is_open()).values(counted)
    won = tx.run(statement.returning(alerts.c.id, alerts.c.attempts)).all()
    if won:
        begun = {"holder": taken["holder"], "started_at": now}
        tx.run(attempts.insert(), [{"alert_id": row.id, "number": row.attempts, **begun} for row in won])
    return by_ids(tx, [row.id for row in won])
