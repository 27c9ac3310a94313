"""Hosts that are not to be asked for a while."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select

from monitor.model.version import HostRest
from monitor.store.tables import host_rests
from monitor.store.transaction import Tx


def rests(tx: Tx) -> tuple[HostRest, ...]:
    found = tx.run(select(host_rests).order_by(host_rests.c.host))
    return tuple(HostRest(host=row.host, status=row.status, until=row.until, refusals=row.refusals) for row in found)


def save_rests(tx: Tx, resting: Iterable[HostRest]) -> None:
    """These rest, and no others."""
    rows = [
        {"host": rest.host, "status": rest.status, "until": rest.until, "refusals": rest.refusals} for rest in resting
    ]
    tx.run(delete(host_rests))
    if rows:
        tx.run(host_rests.insert(), rows)
