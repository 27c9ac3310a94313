"""The change log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select, update

from monitor.model.change import Category, Cause, Change, Kind, Severity, StoredChange
from monitor.model.watch import WatchState
from monitor.store.tables import changes, records, versions, watch_records, watches
from monitor.store.transaction import AnyRow, Tx, in_parts
from monitor.store.types import member

SEVERITIES = tuple(Severity)
TO_VERSION = and_(
    versions.c.record_id == changes.c.record_id,
    versions.c.number == changes.c.to_version,
    versions.c.series == "seen",
)
READ = (
    select(
        changes,
        records.c.source,
        records.c.source_id,
        records.c.registry_id,
        records.c.title,
        records.c.sponsor,
        versions.c.posted,
    )
    .join(records, records.c.id == changes.c.record_id)
    .outerjoin(versions, TO_VERSION)
)


def add(
    tx: Tx,
    record_id: int,
    *,
    from_version: int,
    to_version: int,
    observed_at: datetime,
    found: Sequence[Change],
    comparer_version: int,
) -> tuple[int, ...]:
    """Store what was found between two versions; the ids in the order of `found`."""
    if not found:
        return ()
    pair = {
        "record_id": record_id,
        "from_version": from_version,
        "to_version": to_version,
        "observed_at": observed_at,
        "comparer_version": comparer_version,
    }
    statement = changes.insert().returning(changes.c.id, sort_by_parameter_order=True)
    return tuple(tx.run(statement, [pair | _row(change) for change in found]).scalars())


def _row(change: Change) -> dict[str, object]:
    return {
        "category": change.category.value,
        "path": change.path,
        "kind": change.kind.value,
        "severity_rank": change.severity.rank,
        "cause": change.cause.value,
        "sentence": change.sentence,
        "before": change.before,
        "after": change.after,
        "detail": change.detail,
        "strong": change.strong,
    }


def history(
    tx: Tx,
    *,
    record_ids: Collection[int] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    categories: Collection[Category] = (),
    min_severity: Severity | None = None,
    ids: Collection[int] | None = None,
    limit: int | None = None,
) -> tuple[StoredChange, ...]:
    """Changes seen from `since` on and before `until`, latest pass first, in telling order within a record.

    None and an empty `categories` mean "all"; an empty `record_ids` or `ids` means none.
    """
    statement = READ
    if record_ids is not None:
        statement = statement.where(changes.c.record_id.in_(list(record_ids)))
    if ids is not None:
        statement = statement.where(changes.c.id.in_(list(ids)))
    if since is not None:
        statement = statement.where(changes.c.observed_at >= since)
    if until is not None:
        statement = statement.where(changes.c.observed_at < until)
    if categories:
        statement = statement.where(changes.c.category.in_([category.value for category in categories]))
    if min_severity is not None:
        statement = statement.where(changes.c.severity_rank <= min_severity.rank)
    in_order = statement.order_by(changes.c.observed_at.desc(), changes.c.record_id, changes.c.id)
    return _read(tx, in_order.limit(limit))


def between(tx: Tx, record_id: int) -> Mapping[int, tuple[Change, ...]]:
    """What was found between the versions of a record, by the later version."""
    found: dict[int, list[Change]] = {}
    for row in tx.run(select(changes).where(changes.c.record_id == record_id).order_by(changes.c.id)):
        found.setdefault(row.to_version, []).append(_change(row))
    return {number: tuple(several) for number, several in found.items()}


def await_echo(tx: Tx, ids: Iterable[int], due: datetime) -> None:
    """These changes of a page wait until `due` to see whether the registry still says otherwise."""
    for part in in_parts(ids):
        tx.run(update(changes).where(changes.c.id.in_(part)).values(echo_due=due))


def open_echoes(tx: Tx, now: datetime) -> tuple[StoredChange, ...]:
    """Changes of pages whose wait is over by `now`, oldest first."""
    return _read(tx, READ.where(changes.c.echo_due <= now).order_by(changes.c.id))


def close_echo(tx: Tx, ids: Iterable[int]) -> None:
    """These changes wait no longer: told, or said by the registry as well."""
    for part in in_parts(ids):
        tx.run(update(changes).where(changes.c.id.in_(part)).values(echo_due=None))


@dataclass(frozen=True, slots=True)
class _Known:
    """What users know a record by."""

    watch: str
    label: str | None


def _read(tx: Tx, statement: Select[Any]) -> tuple[StoredChange, ...]:
    rows = tx.run(statement).all()
    names = _names(tx, {row.record_id for row in rows})
    return tuple(_stored(row, names.get(row.record_id)) for row in rows)


def _names(tx: Tx, record_ids: Collection[int]) -> Mapping[int, _Known]:
    """By record: the first standing watch that leads to it (else the first removed one), and the first label."""
    named: dict[int, _Known] = {}
    columns = (watch_records.c.record_id, watches.c.reference, watches.c.label)
    for part in in_parts(record_ids):
        joined = select(*columns).join(watches, watches.c.id == watch_records.c.watch_id)
        in_order = joined.where(watch_records.c.record_id.in_(part)).order_by(
            watches.c.state == WatchState.REMOVED.value, watches.c.id
        )
        for record_id, reference, label in tx.run(in_order):
            first = named.get(record_id)
            if first is None:
                named[record_id] = _Known(label or reference, label)
            elif first.label is None and label:
                named[record_id] = _Known(label, label)
    return named


def _stored(row: AnyRow, known: _Known | None) -> StoredChange:
    registry_id = row.registry_id or (row.source_id if row.source == "ctgov" else None)
    return StoredChange(
        id=row.id,
        observed_at=row.observed_at,
        record_id=row.record_id,
        source=row.source,
        source_id=row.source_id,
        registry_id=registry_id,
        watch=known.watch if known else registry_id or row.source_id,
        label=known.label if known else None,
        title=row.title,
        sponsor=row.sponsor,
        posted=row.posted,
        from_version=row.from_version,
        to_version=row.to_version,
        change=_change(row),
    )


def _change(row: AnyRow) -> Change:
    return Change(
        category=member(Category, row.category),
        path=row.path,
        kind=member(Kind, row.kind),
        before=row.before,
        after=row.after,
        severity=SEVERITIES[row.severity_rank],
        cause=member(Cause, row.cause),
        sentence=row.sentence,
        detail=row.detail,
        strong=tuple(row.strong),
    )
