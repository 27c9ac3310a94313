"""Stored moments at which something that lasts began or is to end, and clocks that are set meanwhile.

Who knows by how much the clock was set moves all of them by as much, so that each wait lasts as long as it was to.
Where nobody saw it (a run from cron) a wait that lies ahead of the clock is at least bounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, bindparam, not_, select, true, update

from monitor.model.json import Json
from monitor.store.batches import is_open
from monitor.store.tables import alerts, changes, conditions, host_rests, records
from monitor.store.transaction import Tx
from monitor.store.types import moment_of


def move(tx: Tx, jump: timedelta, since: datetime, now: datetime) -> None:
    """The clock was set by `jump` after `since` (in its new time): what waits or lasts goes along with it.

    What began after `since` was written by the new clock already.
    """
    earlier = conditions.c.open_key.is_not(None) & not_(conditions.c.first_seen.between(since, now))
    _move(tx, (conditions.c.first_seen,), earlier, jump)
    _move(tx, (changes.c.echo_due,), changes.c.echo_due.is_not(None), jump)
    _move(tx, (host_rests.c.until,), true(), jump)
    asked = is_open() & alerts.c.not_before.is_not(None)
    _move(tx, (alerts.c.not_before, alerts.c.next_attempt_at), asked, jump)
    _move_sights(tx, jump, since, now)


def bound(tx: Tx, now: datetime, *, echoes: timedelta) -> None:
    """What began in the future begins now; no echo of a page waits for longer than `echoes` from now."""
    began_later = (conditions.c.open_key.is_not(None), conditions.c.first_seen > now)
    tx.run(update(conditions).where(*began_later).values(first_seen=now))
    tx.run(update(changes).where(changes.c.echo_due > now + echoes).values(echo_due=now + echoes))


def _move(tx: Tx, moments: tuple[Column[datetime], ...], which: ColumnElement[bool], jump: timedelta) -> None:
    """Let these columns of a table be later by `jump`."""
    table = moments[0].table
    (key,) = table.primary_key.columns
    rows = tx.run(select(key, *moments).where(which)).all()
    moved = [
        {"which": row[0], **{f"new_{each.name}": at and at + jump for each, at in zip(moments, row[1:], strict=True)}}
        for row in rows
    ]
    if moved:
        values: dict[str, object] = {each.name: bindparam(f"new_{each.name}") for each in moments}
        tx.run(update(table).where(key == bindparam("which")).values(values), moved)


def _move_sights(tx: Tx, jump: timedelta, since: datetime, now: datetime) -> None:
    """When a record was denied, and when a page was first seen without a section."""

    def moved(moments: Json) -> Json:
        """A list of moments, or moments by name, as `records` keeps them."""
        if isinstance(moments, Mapping):
            return {name: later(at) for name, at in moments.items()}
        return [later(at) for at in moments] if isinstance(moments, list) else None

    def later(moment: Json) -> str:
        at = moment_of(moment)
        return (at if since <= at <= now else at + jump).isoformat()

    some = records.c.absences.is_not(None) | records.c.losses.is_not(None)
    rows = tx.run(select(records.c.id, records.c.absences, records.c.losses).where(some)).all()
    if rows:
        values: dict[str, object] = {"absences": bindparam("denied"), "losses": bindparam("lost")}
        told = [{"which": row.id, "denied": moved(row.absences), "lost": moved(row.losses)} for row in rows]
        tx.run(update(records).where(records.c.id == bindparam("which")).values(values), told)
