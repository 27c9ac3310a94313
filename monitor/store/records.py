"""Records: where each trial stands on each source."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update

from monitor.errors import ConcurrentChange
from monitor.model.version import RecordRow, RecordState
from monitor.model.watch import RecordKey
from monitor.store.tables import aliases, records
from monitor.store.transaction import AnyRow, Tx, in_parts
from monitor.store.types import member, moment_of

SETTLED = (
    "state",
    "registry_id",
    "title",
    "sponsor",
    "overall_status",
    "raw_hash",
    "data_timestamp",
    "open_reason",
    "verified_at",
    "checked_at",
    "next_due",
    "failures",
    "failing_since",
    "merged_into",
)
READ = select(
    records.c.id,
    records.c.source,
    records.c.source_id,
    records.c.latest,
    records.c.absences,
    records.c.losses,
    *(records.c[name] for name in SETTLED),
)
SETTLE = (
    update(records)
    .where(records.c.id == bindparam("row_id"), records.c.latest.is_not_distinct_from(bindparam("row_latest")))
    .values({name: bindparam(f"new_{name}") for name in (*SETTLED, "absences", "losses")})
)


def ensure(tx: Tx, keys: Collection[RecordKey], now: datetime) -> Mapping[RecordKey, RecordRow]:
    """The record of every key, made (state NEW, due at once) where there is none.

    A key that is only known as an alias gives the record that bears it now.
    """
    known = dict(by_keys(tx, keys))
    missing = [key for key in dict.fromkeys(keys) if key not in known]
    if not missing:
        return known
    tx.insert_new(records, [_fresh(key, now) for key in missing], unless=("source", "source_id"))
    return {**known, **by_keys(tx, missing)}


def _fresh(key: RecordKey, now: datetime) -> dict[str, object]:
    return {
        "source": key.source,
        "source_id": key.source_id,
        "registry_id": key.source_id if key.source == "ctgov" else None,
        "state": RecordState.NEW.value,
        "failures": 0,
        "created_at": now,
    }


def hurry(tx: Tx, now: datetime) -> int:
    """Let every record be due now; how many were not."""
    return tx.run(update(records).where(records.c.next_due > now).values(next_due=now)).rowcount


def all_rows(tx: Tx) -> tuple[RecordRow, ...]:
    """Every record, oldest first."""
    return tuple(_record(row) for row in tx.run(READ.order_by(records.c.id)))


def by_ids(tx: Tx, ids: Iterable[int]) -> Mapping[int, RecordRow]:
    return {row.id: row for row in _where(tx, (records.c.id.in_(part) for part in in_parts(ids)))}


def by_keys(tx: Tx, keys: Iterable[RecordKey]) -> Mapping[RecordKey, RecordRow]:
    """The records of those keys that are known, by their own key or by an alias."""
    asked = list(dict.fromkeys(keys))
    found = {row.key: row for row in _where(tx, _are(asked, records.c.source, records.c.source_id))}
    return {**found, **_by_alias(tx, [key for key in asked if key not in found])}


def _by_alias(tx: Tx, keys: Sequence[RecordKey]) -> dict[RecordKey, RecordRow]:
    named: dict[RecordKey, int] = {}
    for matches in _are(keys, aliases.c.source, aliases.c.source_id):
        found = tx.run(select(aliases.c.source, aliases.c.source_id, aliases.c.record_id).where(matches))
        named |= {RecordKey(source=source, source_id=source_id): record_id for source, source_id, record_id in found}
    rows = by_ids(tx, named.values())
    return {key: rows[record_id] for key, record_id in named.items()}


def by_registry_id(tx: Tx, registry_id: str) -> tuple[RecordRow, ...]:
    """The records of one trial on every source: by its number, or by an old number of it. The registry's first."""
    old = select(aliases.c.record_id).where(aliases.c.source == "ctgov", aliases.c.source_id == registry_id)
    itself = and_(records.c.source == "ctgov", records.c.source_id == registry_id)
    matches = or_(records.c.registry_id == registry_id, itself, records.c.id.in_(old))
    return tuple(sorted(_where(tx, [matches]), key=lambda row: (row.key.source != "ctgov", row.id)))


def settle(tx: Tx, rows: Sequence[RecordRow]) -> None:
    """Write the rows back, all columns but `id`, `key` and `latest`.

    Each row must still have the `latest` it is given with (`versions.append` moves that); if one has not,
    ConcurrentChange is raised and the transaction must be given up.
    """
    if not rows:
        return
    written = tx.run(SETTLE, [_settled(row) for row in rows]).rowcount
    if written != len(rows):
        raise ConcurrentChange(f"{len(rows) - written} records were moved by another run since they were read.")


def _settled(row: RecordRow) -> dict[str, object]:
    values: dict[str, object] = {f"new_{name}": getattr(row, name) for name in SETTLED}
    return values | {
        "row_id": row.id,
        "row_latest": row.latest,
        "new_absences": [moment.isoformat() for moment in row.absences] or None,
        "new_losses": {name: moment.isoformat() for name, moment in row.losses.items()} or None,
    }


def add_alias(tx: Tx, key: RecordKey, record_id: int, now: datetime) -> None:
    """From now on `key` names this record too; a later call moves it."""
    row = {"source": key.source, "source_id": key.source_id, "record_id": record_id, "added_at": now}
    tx.insert_new(aliases, [row], unless=("source", "source_id"))
    matches = and_(aliases.c.source == key.source, aliases.c.source_id == key.source_id)
    tx.run(update(aliases).where(matches, aliases.c.record_id != record_id).values(record_id=record_id, added_at=now))


def aliases_of(tx: Tx, record_id: int) -> tuple[RecordKey, ...]:
    """The other keys of a record, oldest first."""
    columns = (aliases.c.source, aliases.c.source_id)
    found = tx.run(select(*columns).where(aliases.c.record_id == record_id).order_by(aliases.c.added_at, *columns))
    return tuple(RecordKey(source=source, source_id=source_id) for source, source_id in found)


def unwelcomed(tx: Tx) -> tuple[RecordRow, ...]:
    """Records that have a first version and that no welcome message has named yet."""
    return tuple(_where(tx, [and_(records.c.welcomed_at.is_(None), records.c.latest.is_not(None))]))


def mark_welcomed(tx: Tx, record_ids: Iterable[int], now: datetime) -> None:
    for part in in_parts(record_ids):
        tx.run(update(records).where(records.c.id.in_(part)).values(welcomed_at=now))


def _where(tx: Tx, conditions: Iterable[ColumnElement[bool]]) -> list[RecordRow]:
    return [_record(row) for matches in conditions for row in tx.run(READ.where(matches).order_by(records.c.id))]


def _are(
    keys: Iterable[RecordKey], source: ColumnElement[str], source_id: ColumnElement[str]
) -> Iterable[ColumnElement[bool]]:
    """One condition for each statement needed to look the keys up."""
    by_source: dict[str, list[str]] = {}
    for key in keys:
        by_source.setdefault(key.source, []).append(key.source_id)
    for name, ids in by_source.items():
        for part in in_parts(ids):
            yield and_(source == name, source_id.in_(part))


def _record(row: AnyRow) -> RecordRow:
    record_id, source, source_id, latest, absences, losses, *rest = row
    settled = dict(zip(SETTLED, rest, strict=True))
    settled["state"] = member(RecordState, settled["state"])
    return RecordRow(
        id=record_id,
        key=RecordKey(source=source, source_id=source_id),
        latest=latest,
        absences=tuple(map(moment_of, absences or ())),
        losses={name: moment_of(at) for name, at in (losses or {}).items()},
        **settled,
    )
