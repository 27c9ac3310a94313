"""What each version was to cause, written with it: the witness by which a lost or a surplus alert is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select

from monitor.model.alert import AlertKind, PlannedAlert, Recipient
from monitor.store import meta, versions
from monitor.store import records as record_rows
from monitor.store.alert_key import alert_key
from monitor.store.tables import alerts, expected_alerts, plans
from monitor.store.transaction import Tx

ABOUT_VERSIONS = (AlertKind.CHANGE, AlertKind.CORRECTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a version came to be told: which comparer found its changes, and by which rules (see `routing_of`)."""

    record_id: int
    to_version: int
    comparer_version: int
    routing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """An alert that a version was to cause.

    `late` if it was not planned by the rules of its version: added afterwards (an echo that outlasted its wait), or
    owed to somebody who had heard of what the version takes back.
    """

    key: str
    to_version: int
    recipient: Recipient
    late: bool


def keep(tx: Tx, new: Sequence[Plan]) -> None:
    """Store the plans of versions that are stored in the same transaction."""
    if new:
        tx.run(plans.insert(), [asdict(plan) for plan in new])


def expect(tx: Tx, planned: Sequence[PlannedAlert], *, late: bool = False) -> None:
    """Note those of the alerts that are about versions; what is noted already is left as it is."""
    about = [(alert.record_id, alert) for alert in planned if alert.record_id and alert.kind in ABOUT_VERSIONS]
    rows = record_rows.by_ids(tx, {record_id for record_id, _ in about})
    noted = [
        {
            "key": alert_key(alert, rows[record_id].key),
            "record_id": record_id,
            "to_version": alert.to_version,
            "destination": alert.recipient.destination,
            "recipient": alert.recipient.address,
            "late": late,
        }
        for record_id, alert in about
    ]
    tx.insert_new(expected_alerts, noted, unless=("key",))


def of_record(tx: Tx, record_id: int) -> Mapping[int, Plan]:
    """The plans of a record by version; first versions, and those stored by older releases, have none."""
    found = tx.run(select(plans).where(plans.c.record_id == record_id))
    return {row.to_version: Plan(**row._mapping) for row in found}  # noqa: SLF001 (the documented name)


def expected(tx: Tx, record_id: int) -> tuple[Expected, ...]:
    """What the versions of a record were to cause."""
    found = tx.run(select(expected_alerts).where(expected_alerts.c.record_id == record_id))
    return tuple(
        Expected(
            key=row.key,
            to_version=row.to_version,
            recipient=Recipient(destination=row.destination, address=row.recipient),
            late=row.late,
        )
        for row in found
    )


def unplanned_until(tx: Tx) -> Mapping[int, int]:
    """Up to which version each record may lack plans, by record id: those stored by releases that kept none."""
    mark = meta.read(tx, "planned_after")
    return versions.numbers_at(tx, int(mark)) if mark else {}


def planned(tx: Tx, record_id: int) -> Mapping[str, tuple[int, str]]:
    """The alerts about versions of a record that the outbox has, in whatever state: version and code by key."""
    kinds = [kind.value for kind in ABOUT_VERSIONS]
    columns = (alerts.c.key, alerts.c.to_version, alerts.c.code)
    found = tx.run(select(*columns).where(alerts.c.record_id == record_id, alerts.c.kind.in_(kinds)))
    return {row.key: (row.to_version, row.code) for row in found}
