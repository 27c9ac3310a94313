"""Versions: append-only, numbered from 1 for each record, each chained to the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, select, update

from monitor.errors import ConcurrentChange
from monitor.model.version import NewVersion, RecordRow, Version
from monitor.store.bodies import put_all, read_body
from monitor.store.chain import Link, Salted, chain_hash, link_of, salt_sections
from monitor.store.sections import pruned_sections, read_sections, section_row
from monitor.store.tables import records, version_sections, versions
from monitor.store.transaction import AnyRow, Tx, in_parts

SEEN = "seen"
READ = select(
    versions.c.record_id,
    versions.c.number,
    versions.c.observed_at,
    versions.c.posted,
    versions.c.content_hash,
    versions.c.normaliser_version,
    versions.c.body_digest,
    versions.c.chain_hash,
    versions.c.previous_hash,
    versions.c.carried,
    versions.c.data_timestamp,
).where(versions.c.series == SEEN)
MOVE = (
    update(records)
    .where(records.c.id == bindparam("row_id"), records.c.latest.is_not_distinct_from(bindparam("was")))
    .values(latest=bindparam("becomes"))
)


def append(tx: Tx, record: RecordRow, new: NewVersion) -> Version:
    """Store the next version of the record and move `records.latest` to it, if that still is `record.latest`.

    Raises ConcurrentChange if another run moved it; then the transaction must be given up.
    """
    return append_all(tx, [(record, new)])[0]


def append_all(tx: Tx, new: Sequence[tuple[RecordRow, NewVersion]]) -> tuple[Version, ...]:
    """As `append`, for the next versions of many records (each record once); in the same order."""
    if not new:
        return ()
    previous = _heads(tx, [record.id for record, _ in new])
    _move(tx, [record for record, _ in new])
    digests = put_all(tx, [version.body for _, version in new])
    links: list[Link] = []
    salted: list[Salted] = []
    for (record, version), digest in zip(new, digests, strict=True):
        salted.append(salt_sections(version.sections, tx.entropy))
        before = previous.get(record.id)
        number = _next(record)
        links.append(link_of(record.key, number, version, salted=salted[-1], body=digest, previous=before))
    stored = [(record.id, link) for (record, _), link in zip(new, links, strict=True)]
    tx.run(versions.insert(), [_row(record_id, link) for record_id, link in stored])
    ids = _ids(tx, stored)
    tx.run(
        version_sections.insert(), [section_row(ids[row[0]], pairs) for row, pairs in zip(stored, salted, strict=True)]
    )
    return tuple(_made(record_id, link) for record_id, link in stored)


def _next(record: RecordRow) -> int:
    return (record.latest or 0) + 1


def _move(tx: Tx, moving: Sequence[RecordRow]) -> None:
    rows = [{"row_id": record.id, "was": record.latest, "becomes": _next(record)} for record in moving]
    moved = tx.run(MOVE, rows).rowcount
    if moved != len(rows):
        raise ConcurrentChange(f"{len(rows) - moved} records got a new version from another run meanwhile.")


def _row(record_id: int, link: Link) -> dict[str, object]:
    return {
        "record_id": record_id,
        "series": link.series,
        "number": link.number,
        "observed_at": link.observed_at,
        "posted": link.posted,
        "data_timestamp": link.data_timestamp,
        "content_hash": link.content_hash,
        "normaliser_version": link.normaliser_version,
        "body_digest": link.body_digest,
        "section_digests": link.section_digests,
        "carried": link.carried,
        "previous_hash": link.previous_hash,
        "chain_hash": chain_hash(link),
    }


def _made(record_id: int, link: Link) -> Version:
    return Version(
        record_id=record_id,
        number=link.number,
        observed_at=link.observed_at,
        posted=link.posted,
        content_hash=link.content_hash,
        normaliser_version=link.normaliser_version,
        body_digest=link.body_digest,
        chain_hash=chain_hash(link),
        previous_hash=link.previous_hash,
        carried=link.carried,
        data_timestamp=link.data_timestamp,
    )


def _ids(tx: Tx, stored: Sequence[tuple[int, Link]]) -> Mapping[int, int]:
    """The row ids of the versions just stored, by record."""
    numbers = {record_id: link.number for record_id, link in stored}
    columns = (versions.c.id, versions.c.record_id, versions.c.number)
    found: dict[int, int] = {}
    for part in in_parts(numbers):
        rows = tx.run(select(*columns).where(versions.c.record_id.in_(part), versions.c.series == SEEN))
        found |= {record_id: row_id for row_id, record_id, number in rows if number == numbers[record_id]}
    return found


def latest(tx: Tx, record_ids: Iterable[int]) -> Mapping[int, Version]:
    """The latest version of each of the records that has one, by record id."""
    newest = and_(records.c.id == versions.c.record_id, records.c.latest == versions.c.number)
    return {
        row.record_id: _version(row)
        for part in in_parts(record_ids)
        for row in tx.run(READ.join(records, newest).where(versions.c.record_id.in_(part)))
    }


def _heads(tx: Tx, record_ids: Iterable[int]) -> dict[int, str]:
    return {record_id: version.chain_hash for record_id, version in latest(tx, record_ids).items()}


def get(tx: Tx, record_id: int, number: int) -> Version | None:
    return _first(tx, versions.c.number == number, versions.c.record_id == record_id)


def first_seen(tx: Tx) -> Mapping[int, datetime]:
    """When each record was first seen, by record id, oldest first."""
    first = select(versions.c.record_id, versions.c.observed_at).where(
        versions.c.series == SEEN, versions.c.number == 1
    )
    found = tx.run(first.order_by(versions.c.observed_at, versions.c.record_id))
    return {row.record_id: row.observed_at for row in found}


def newest_id(tx: Tx) -> int:
    """The row id of the version stored last; 0 if there is none."""
    return int(tx.run(select(func.coalesce(func.max(versions.c.id), 0))).scalar_one())


def numbers_at(tx: Tx, row_id: int) -> Mapping[int, int]:
    """The latest version that each record had when the one with this row id was stored, by record id."""
    grouped = select(versions.c.record_id, func.max(versions.c.number)).where(
        versions.c.series == SEEN, versions.c.id <= row_id
    )
    return {row[0]: row[1] for row in tx.run(grouped.group_by(versions.c.record_id))}


def head(tx: Tx, moment: datetime) -> tuple[str, int]:
    """What names the versions of all records as of a moment (sha256 hex of their chain hashes), and how many records.

    Each record's chain hash covers all its versions before, so that a head fixes everything that was stored by then.
    """
    newest = (
        select(versions.c.record_id, func.max(versions.c.number).label("number"))
        .where(versions.c.series == SEEN, versions.c.observed_at <= moment)
        .group_by(versions.c.record_id)
        .subquery()
    )
    joined = and_(versions.c.record_id == newest.c.record_id, versions.c.number == newest.c.number)
    named = select(records.c.source, records.c.source_id, versions.c.chain_hash).join(newest, joined)
    rows = tx.run(named.join(records, records.c.id == versions.c.record_id).where(versions.c.series == SEEN)).all()
    lines = sorted(f"{row.source} {row.source_id} {row.chain_hash}" for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest(), len(lines)


def at(tx: Tx, record_id: int, moment: datetime) -> Version | None:
    """The version that we had seen by `moment`; None before the first sight."""
    return _first(tx, versions.c.observed_at <= moment, versions.c.record_id == record_id)


def list_versions(tx: Tx, record_id: int) -> tuple[Version, ...]:
    """Oldest first."""
    found = tx.run(READ.where(versions.c.record_id == record_id).order_by(versions.c.number))
    return tuple(_version(row) for row in found)


def _first(tx: Tx, *matches: ColumnElement[bool]) -> Version | None:
    row = tx.run(READ.where(*matches).order_by(versions.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else _version(row)


def _version(row: AnyRow) -> Version:
    return Version(**row._mapping)  # noqa: SLF001 (the documented name of a row's mapping)


__all__ = [
    "append",
    "append_all",
    "at",
    "get",
    "latest",
    "list_versions",
    "pruned_sections",
    "read_body",
    "read_sections",
]
