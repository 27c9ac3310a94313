"""What is muted for a while: a watch, a category, a destination. What they kept back stays in the outbox, counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from monitor.model.alert import AlertState, Recipient
from monitor.model.mute import Mute, MuteKind
from monitor.store.tables import alerts, mutes
from monitor.store.transaction import AnyRow, Tx
from monitor.store.types import member


def add(tx: Tx, kind: MuteKind, name: str, until: datetime, now: datetime) -> Mute:
    """One more; the same again takes the place of the one before."""
    end(tx, (mute.id for mute in in_force(tx, now) if (mute.kind, mute.name) == (kind, name)), now)
    values = {"kind": kind.value, "name": name, "until": until, "made_at": now}
    return _mute(tx.run(mutes.insert().values(values).returning(*mutes.c)).one())


def in_force(tx: Tx, now: datetime) -> tuple[Mute, ...]:
    """Those that hold now, oldest first."""
    return _where(tx, mutes.c.ended_at.is_(None) & (mutes.c.until > now))


def end(tx: Tx, ids: Iterable[int], now: datetime) -> tuple[int, ...]:
    """They hold no longer; the ids of those that did."""
    still = mutes.c.id.in_(list(ids)) & mutes.c.ended_at.is_(None)
    return tuple(tx.run(update(mutes).where(still).values(ended_at=now).returning(mutes.c.id)).scalars())


def count_for(tx: Tx, recipient: Recipient, digest: str) -> int:
    """How many changes were kept back from the recipient and are counted in this digest: asked again, the same."""
    theirs = (
        (alerts.c.destination == recipient.destination)
        & (alerts.c.recipient == recipient.address)
        & (alerts.c.state == AlertState.MUTED.value)
    )
    tx.run(update(alerts).where(theirs, alerts.c.digest.is_(None)).values(digest=digest))
    counted = tx.run(select(alerts.c.change_ids).where(theirs, alerts.c.digest == digest)).scalars()
    return sum(len(ids) for ids in counted)


def _where(tx: Tx, which: ColumnElement[bool]) -> tuple[Mute, ...]:
    return tuple(map(_mute, tx.run(select(mutes).where(which).order_by(mutes.c.id))))


def _mute(row: AnyRow) -> Mute:
    return Mute(id=row.id, kind=member(MuteKind, row.kind), name=row.name, until=row.until, made_at=row.made_at)
