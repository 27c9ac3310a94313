"""Short cuts into the outbox, each in a transaction of its own."""

from __future__ import annotations

from datetime import timedelta

from monitor.model.alert import Alert, PlannedAlert, Recipient
from monitor.store import alerts, batches
from monitor.store.engine import Store
from tests.store.store_values import LEASE, NOW, TEAM, make_record, nct, planned


def plan(store: Store, *wanted: PlannedAlert) -> tuple[Alert, ...]:
    with store.write() as tx:
        return alerts.plan(tx, wanted, NOW)


def claim(store: Store, holder: str = "me", now: timedelta = timedelta(), limit: int = 100) -> tuple[Alert, ...]:
    """What the next messages of all destinations tell, up to `limit` alerts."""
    taken: list[Alert] = []
    with store.write() as tx:
        for name in batches.due_destinations(tx, NOW + now):
            while len(taken) < limit and (told := batches.claim_next(tx, name, NOW + now, LEASE, holder)):
                taken += told
    return tuple(taken)


def one(store: Store, alert: Alert) -> Alert:
    with store.read() as tx:
        found = alerts.get(tx, alert.id)
    assert found is not None
    return found


def in_row(store: Store, count: int, to: Recipient = TEAM) -> tuple[Alert, ...]:
    """Alerts of consecutive changes of one record."""
    record = make_record(store, nct(1))
    return plan(store, *(planned(record.id, to, from_version=n, to_version=n + 1) for n in range(1, count + 1)))
