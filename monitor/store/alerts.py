"""The outbox: what each recipient is to be told. Sending it is in `claims`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, func, select, update

from monitor.errors import StoreError
from monitor.model.alert import Alert, AlertKind, AlertState, Attempt, PlannedAlert, Recipient
from monitor.store import records as record_rows
from monitor.store.alert_key import alert_key, codes, read_code
from monitor.store.tables import alerts, attempts, records
from monitor.store.transaction import AnyRow, Tx, in_parts
from monitor.store.types import member

READ = select(alerts, records.c.registry_id, records.c.source, records.c.source_id).outerjoin(
    records, records.c.id == alerts.c.record_id
)
CODE_DIGITS = 8  # so many digits may be a code, fewer are an id
WAITING = (AlertState.PENDING, AlertState.CLAIMED, AlertState.RETRY, AlertState.HELD)
RETRYABLE = (AlertState.DEAD, AlertState.HELD, AlertState.RETRY, AlertState.DROPPED, AlertState.MUTED)
DROPPABLE = (AlertState.PENDING, AlertState.RETRY, AlertState.HELD, AlertState.DEAD)


def plan(tx: Tx, planned: Sequence[PlannedAlert], now: datetime) -> tuple[Alert, ...]:
    """Store what is to be told, due at once; the alerts that are new, in the order given.

    Planning twice adds nothing: an alert that is stored already, in whatever state, is left as it is.
    """
    rows = record_rows.by_ids(tx, {alert.record_id for alert in planned if alert.record_id is not None})
    keyed: dict[str, PlannedAlert] = {}
    for alert in planned:
        record = None if alert.record_id is None else rows[alert.record_id].key
        keyed.setdefault(alert_key(alert, record), alert)
    known = _known_keys(tx, keyed)
    new = {key: alert for key, alert in keyed.items() if key not in known}
    given = _free_codes(tx, new)
    if new:
        tx.run(alerts.insert(), [_row(alert, key, given[key], now) for key, alert in new.items()])
    return _by_keys(tx, new)


def _known_keys(tx: Tx, keys: Iterable[str]) -> set[str]:
    parts = (select(alerts.c.key).where(alerts.c.key.in_(part)) for part in in_parts(keys))
    return {key for statement in parts for key in tx.run(statement).scalars()}


def _free_codes(tx: Tx, keys: Iterable[str]) -> Mapping[str, str]:
    """A code of its own for each key; on a clash the next 8 characters of the key."""
    candidates = {key: list(codes(key)) for key in keys}
    parts = in_parts(code for several in candidates.values() for code in several)
    taken = {code for part in parts for code in tx.run(select(alerts.c.code).where(alerts.c.code.in_(part))).scalars()}
    given: dict[str, str] = {}
    for key, several in candidates.items():
        code = next((code for code in several if code not in taken), None)
        if code is None:
            raise StoreError("Every code of a new alert is taken; prune old alerts.")
        taken.add(code)
        given[key] = code
    return given


def _row(alert: PlannedAlert, key: str, code: str, now: datetime) -> dict[str, object]:
    return {
        "key": key,
        "code": code,
        "kind": alert.kind.value,
        "destination": alert.recipient.destination,
        "recipient": alert.recipient.address,
        "record_id": alert.record_id,
        "from_version": alert.from_version,
        "to_version": alert.to_version,
        "condition": alert.condition,
        "change_ids": alert.change_ids,
        "facts": alert.facts,
        "state": (AlertState.MUTED if alert.muted else AlertState.PENDING).value,
        "critical": alert.critical,
        "schedule": alert.schedule,
        "due_at": alert.due_at,
        "attempts": 0,
        "maybe_sent": False,
        "created_at": now,
        "next_attempt_at": None if alert.muted else alert.due_at or now,
    }


def get(tx: Tx, id_or_code: int | str) -> Alert | None:
    """By id, or by the code of a message as a person may type it."""
    text = str(id_or_code).strip()
    by_id = text.isascii() and text.isdigit() and len(text) < CODE_DIGITS
    which = alerts.c.id == int(text) if by_id else alerts.c.code == read_code(text)
    row = tx.run(READ.where(which)).one_or_none()
    return None if row is None else as_alert(row)


def of_digest(tx: Tx, code: str) -> tuple[Alert, ...]:
    """The alerts that a digest of this code tells, or told, oldest first; the code as a person may type it."""
    found = tx.run(READ.where(alerts.c.digest == read_code(code)).order_by(alerts.c.id))
    return tuple(as_alert(row) for row in found)


def by_ids(tx: Tx, ids: Iterable[int]) -> tuple[Alert, ...]:
    """Oldest first."""
    parts = (READ.where(alerts.c.id.in_(part)) for part in in_parts(ids))
    found = (as_alert(row) for statement in parts for row in tx.run(statement))
    return tuple(sorted(found, key=lambda alert: alert.id))


def _by_keys(tx: Tx, keys: Iterable[str]) -> tuple[Alert, ...]:
    parts = (READ.where(alerts.c.key.in_(part)) for part in in_parts(keys))
    found = (as_alert(row) for statement in parts for row in tx.run(statement))
    return tuple(sorted(found, key=lambda alert: alert.id))


def list_alerts(
    tx: Tx,
    states: Collection[AlertState] | None = None,
    *,
    record_ids: Collection[int] | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> tuple[Alert, ...]:
    """Newest first; None means "all"."""
    statement = READ
    if states is not None:
        statement = statement.where(alerts.c.state.in_([state.value for state in states]))
    if record_ids is not None:
        statement = statement.where(alerts.c.record_id.in_(list(record_ids)))
    if since is not None:
        statement = statement.where(alerts.c.created_at >= since)
    return tuple(as_alert(row) for row in tx.run(statement.order_by(alerts.c.id.desc()).limit(limit)))


def heard(tx: Tx, record_id: int, change_ids: Collection[int]) -> Mapping[Recipient, frozenset[int]]:
    """Which of these changes of a record each recipient was told, or is going to be."""
    wanted = frozenset(change_ids)
    silent = [AlertState.DEAD.value, AlertState.DROPPED.value, AlertState.MUTED.value]
    named = select(alerts.c.destination, alerts.c.recipient, alerts.c.change_ids)
    told: dict[Recipient, frozenset[int]] = {}
    for destination, address, ids in tx.run(
        named.where(alerts.c.record_id == record_id, alerts.c.state.not_in(silent)).order_by(alerts.c.id)
    ):
        found = wanted.intersection(ids)
        if found:
            recipient = Recipient(destination=destination, address=address)
            told[recipient] = told.get(recipient, frozenset()) | found
    return told


Slots: TypeAlias = Mapping[Recipient, tuple[str, datetime]]
"""For whom a digest waits: its schedule, and when it is due."""


def slots(tx: Tx, record_id: int, change_ids: Collection[int], now: datetime) -> Slots:
    """Who is still going to hear of one of these changes in a digest."""
    still = alerts.c.state.in_([state.value for state in WAITING])
    waiting = (alerts.c.record_id == record_id, still, alerts.c.due_at > now)
    columns = (alerts.c.destination, alerts.c.recipient, alerts.c.change_ids, alerts.c.schedule, alerts.c.due_at)
    rows = tx.run(select(*columns).where(*waiting).order_by(alerts.c.due_at))
    return {
        Recipient(destination=row.destination, address=row.recipient): (row.schedule, row.due_at)
        for row in rows
        if row.schedule and not frozenset(change_ids).isdisjoint(row.change_ids)
    }


def list_attempts(tx: Tx, alert_id: int) -> tuple[Attempt, ...]:
    """Every try to send the alert, in order."""
    columns = (
        attempts.c.number,
        attempts.c.started_at,
        attempts.c.finished_at,
        attempts.c.outcome,
        attempts.c.message,
    )
    found = tx.run(select(*columns).where(attempts.c.alert_id == alert_id).order_by(attempts.c.number))
    return tuple(Attempt(**row._mapping) for row in found)  # noqa: SLF001 (the documented name of a row's mapping)


def counts(tx: Tx) -> Mapping[AlertState, int]:
    """How many alerts are in each state; every state is there."""
    found = tx.run(select(alerts.c.state, func.count()).group_by(alerts.c.state))
    return dict.fromkeys(AlertState, 0) | {member(AlertState, state): number for state, number in found}


def conditions_told(tx: Tx, conditions: Sequence[str]) -> frozenset[tuple[str, Recipient]]:
    """Which of these conditions have an alert, in whatever state, and for whom."""
    named = select(alerts.c.condition, alerts.c.destination, alerts.c.recipient)
    return frozenset(
        (condition, Recipient(destination=destination, address=address))
        for part in in_parts(conditions)
        for condition, destination, address in tx.run(named.where(alerts.c.condition.in_(part)))
    )


def first_planned(tx: Tx, recipient: Recipient) -> datetime | None:
    """Since when the recipient is told things."""
    found = select(alerts.c.created_at).where(*_of(recipient)).order_by(alerts.c.id).limit(1)
    return tx.run(found).scalar_one_or_none()


def had_digest(tx: Tx, recipient: Recipient, schedule: str, due_at: datetime) -> bool:
    """True if something was planned to be told in this digest."""
    mine = (alerts.c.schedule == schedule, alerts.c.due_at == due_at, alerts.c.state != AlertState.MUTED.value)
    found = select(alerts.c.id).where(*_of(recipient), *mine).order_by(alerts.c.id.desc()).limit(1)
    return tx.run(found).first() is not None


def _of(recipient: Recipient) -> tuple[ColumnElement[bool], ...]:
    return alerts.c.destination == recipient.destination, alerts.c.recipient == recipient.address


def stuck(tx: Tx, since: datetime) -> Mapping[str, str]:
    """The destinations that something due before `since` still waits for, each with what was last said of it."""
    waiting = alerts.c.state.in_([state.value for state in WAITING])
    last = func.max(alerts.c.last_error)
    due = func.coalesce(alerts.c.due_at, alerts.c.created_at)
    found = select(alerts.c.destination, last).where(waiting, due < since)
    return {name: said or "" for name, said in tx.run(found.group_by(alerts.c.destination))}


def waiting(tx: Tx) -> Mapping[Recipient, int]:
    """How many alerts wait for whom."""
    still = alerts.c.state.in_([state.value for state in WAITING])
    found = select(alerts.c.destination, alerts.c.recipient, func.count()).where(still)
    rows = tx.run(found.group_by(alerts.c.destination, alerts.c.recipient))
    return {Recipient(destination=name, address=address): number for name, address, number in rows}


def retry(tx: Tx, ids: Iterable[int], now: datetime) -> tuple[int, ...]:
    """Send these again as soon as may be: dead, held, dropped and waiting ones. The ids that it concerned."""
    afresh = {"digest": None, "refusals": 0, "not_before": None, "schedule": None, "due_at": None}
    return _move(tx, ids, RETRYABLE, state=AlertState.PENDING.value, next_attempt_at=now, **afresh)


def drop(tx: Tx, ids: Iterable[int]) -> tuple[int, ...]:
    """Never send these; they stay in the log. The ids that it concerned (not those sent, or being sent now)."""
    return _move(tx, ids, DROPPABLE, state=AlertState.DROPPED.value, next_attempt_at=None)


def _move(tx: Tx, ids: Iterable[int], states: Collection[AlertState], **values: object) -> tuple[int, ...]:
    moved: list[int] = []
    for part in in_parts(ids):
        which = alerts.c.state.in_([state.value for state in states])
        statement = update(alerts).where(alerts.c.id.in_(part), which).values(**values).returning(alerts.c.id)
        moved += tx.run(statement).scalars()
    return tuple(sorted(moved))


def as_alert(row: AnyRow) -> Alert:
    """For the modules of this room: an alert from a row of `READ`."""
    return Alert(
        id=row.id,
        code=row.code,
        kind=member(AlertKind, row.kind),
        recipient=Recipient(destination=row.destination, address=row.recipient),
        record_id=row.record_id,
        registry_id=row.registry_id or (row.source_id if row.source == "ctgov" else None),
        from_version=row.from_version,
        to_version=row.to_version,
        change_ids=tuple(row.change_ids),
        facts=row.facts,
        state=member(AlertState, row.state),
        attempts=row.attempts,
        maybe_sent=row.maybe_sent,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        sent_at=row.sent_at,
        last_error=row.last_error,
        digest=row.digest,
        refusals=row.refusals,
        schedule=row.schedule,
        due_at=row.due_at,
    )
