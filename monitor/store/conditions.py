"""What is wrong for now, since when, and whether the operator was told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, select, update

from monitor.model.condition import Condition
from monitor.model.json import JsonObject
from monitor.store.tables import conditions
from monitor.store.transaction import AnyRow, Tx, in_parts

OPEN = conditions.c.open_key.is_not(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """One thing found wrong in a pass."""

    key: str
    kind: str
    record_id: int | None = None
    facts: JsonObject


def raise_condition(tx: Tx, raised: Raised, now: datetime) -> Condition:
    """Note that this is wrong in this pass; what is open already is counted once more, with the facts of now."""
    return raise_all(tx, [raised], now)[0]


def raise_all(tx: Tx, raised: Sequence[Raised], now: datetime) -> tuple[Condition, ...]:
    """As `raise_condition`, for all of a pass (each key once); oldest first."""
    by_key = {item.key: item for item in raised}
    again = {condition.key for condition in _open(tx, by_key)}
    new = [_row(item, now) for key, item in by_key.items() if key not in again]
    if again:
        moved = update(conditions).where(conditions.c.open_key == bindparam("which"))
        values = {"last_seen": now, "passes": conditions.c.passes + 1, "facts": bindparam("now_facts")}
        tx.run(moved.values(values), [{"which": key, "now_facts": by_key[key].facts} for key in again])
    if new:
        tx.run(conditions.insert(), new)
    return _open(tx, by_key)


def _row(item: Raised, now: datetime) -> dict[str, object]:
    return {
        "key": item.key,
        "open_key": item.key,
        "kind": item.kind,
        "record_id": item.record_id,
        "facts": item.facts,
        "first_seen": now,
        "last_seen": now,
        "passes": 1,
    }


def open_conditions(tx: Tx) -> tuple[Condition, ...]:
    """All that is wrong for now, oldest first."""
    return _where(tx, OPEN)


def _open(tx: Tx, keys: Iterable[str]) -> tuple[Condition, ...]:
    found = [condition for part in in_parts(keys) for condition in _where(tx, conditions.c.open_key.in_(part))]
    return tuple(sorted(found, key=lambda condition: condition.id))


def recover(tx: Tx, keys: Iterable[str], now: datetime) -> int:
    """These are right again; how many of them were open."""
    closed = 0
    for part in in_parts(keys):
        which = conditions.c.open_key.in_(part)
        closed += tx.run(update(conditions).where(which).values(recovered_at=now, open_key=None)).rowcount
    return closed


def untold(tx: Tx) -> tuple[Condition, ...]:
    """Open ones that the operator has not been told of, oldest first."""
    return _where(tx, and_(OPEN, conditions.c.told_at.is_(None)))


def untold_recoveries(tx: Tx) -> tuple[Condition, ...]:
    """Recovered ones that the operator was told of, without having been told of the recovery."""
    told = and_(conditions.c.told_at.is_not(None), conditions.c.recovered_at.is_not(None))
    return _where(tx, and_(told, conditions.c.recovery_told_at.is_(None)))


def mark_told(tx: Tx, ids: Iterable[int], now: datetime) -> None:
    """The operator was told: of the recovery of those that have recovered, of the others as such."""
    for part in in_parts(ids):
        which = conditions.c.id.in_(part)
        recovered = conditions.c.recovered_at.is_not(None)
        tx.run(update(conditions).where(which, recovered).values(recovery_told_at=now))
        tx.run(update(conditions).where(which, conditions.c.told_at.is_(None)).values(told_at=now))


def _where(tx: Tx, matches: ColumnElement[bool]) -> tuple[Condition, ...]:
    return tuple(_condition(row) for row in tx.run(select(conditions).where(matches).order_by(conditions.c.id)))


def _condition(row: AnyRow) -> Condition:
    return Condition(
        id=row.id,
        key=row.key,
        kind=row.kind,
        record_id=row.record_id,
        facts=row.facts,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        passes=row.passes,
        told_at=row.told_at,
        recovered_at=row.recovered_at,
    )
