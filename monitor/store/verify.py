"""Whether the stored versions are what they were when they were made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from monitor.errors import StoreError
from monitor.model.watch import RecordKey
from monitor.store import records
from monitor.store.bodies import read_body
from monitor.store.chain import Link, chain_hash, section_digest
from monitor.store.sections import unpacked
from monitor.store.tables import bodies, version_sections, versions
from monitor.store.transaction import AnyRow, Tx
from monitor.store.types import moment_of

READ = (
    select(
        versions,
        version_sections.c.codec,
        version_sections.c.content,
        version_sections.c.pruned,
        bodies.c.pruned_at.label("body_pruned_at"),
        bodies.c.reduced_at.label("body_reduced_at"),
    )
    .outerjoin(version_sections, version_sections.c.version_id == versions.c.id)
    .outerjoin(bodies, bodies.c.digest == versions.c.body_digest)
    .where(versions.c.series == "seen")
    .order_by(versions.c.number)
)


def verify_chain(tx: Tx, record_id: int) -> tuple[str, ...]:
    """What is wrong with the versions of a record, as sentences; nothing if every one is as it was stored.

    What was pruned as the rules allow is no fault.
    """
    record = records.by_ids(tx, [record_id]).get(record_id)
    if record is None:
        return (f"There is no record {record_id}.",)
    rows = tx.run(READ.where(versions.c.record_id == record_id)).all()
    return (
        *_numbering([row.number for row in rows], record.latest),
        *_links(record.key, rows),
        *(fault for row in rows for fault in _contents(tx, row)),
    )


def pruned_parts(tx: Tx, record_id: int) -> Mapping[int, Mapping[str, datetime]]:
    """What was taken out of the versions of a record, and when: by number, then by section ("body" and "persons" too).

    Versions that are as they were stored are not named.
    """
    found: dict[int, Mapping[str, datetime]] = {}
    for row in tx.run(READ.where(versions.c.record_id == record_id)):
        parts = {name: moment_of(at) for name, at in (row.pruned or {}).items()}
        beside = {"body": row.body_pruned_at, "persons": row.body_reduced_at}
        parts |= {name: moment for name, moment in beside.items() if moment}
        if parts:
            found[row.number] = parts
    return found


def _numbering(numbers: list[int], last: int | None) -> Iterator[str]:
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"The versions are numbered {numbers}, not from 1 without a gap."
    if (numbers[-1] if numbers else None) != last:
        yield f"The record's latest version is {last}, the last one stored is {numbers[-1] if numbers else None}."


def _links(key: RecordKey, rows: Sequence[AnyRow]) -> Iterator[str]:
    previous: str | None = None
    for row in rows:
        if row.previous_hash != previous:
            yield f"Version {row.number} does not follow the version before it."
        if chain_hash(_link(key, row)) != row.chain_hash:
            yield f"Version {row.number} was changed after it was stored: its hash does not fit."
        previous = row.chain_hash


def _link(key: RecordKey, row: AnyRow) -> Link:
    return Link(
        key=key,
        series=row.series,
        number=row.number,
        observed_at=row.observed_at,
        posted=row.posted,
        data_timestamp=row.data_timestamp,
        content_hash=row.content_hash,
        normaliser_version=row.normaliser_version,
        body_digest=row.body_digest,
        section_digests=row.section_digests,
        carried=row.carried,
        previous_hash=row.previous_hash,
    )


def _contents(tx: Tx, row: AnyRow) -> Iterator[str]:
    if row.body_pruned_at is None:
        try:
            read_body(tx, row.body_digest)
        except StoreError as error:
            yield f"The body of version {row.number} is not the one stored: {error}"
    try:
        yield from _sections(row)
    except StoreError as error:
        yield f"The sections of version {row.number} are not those stored: {error}"


def _sections(row: AnyRow) -> Iterator[str]:
    if row.content is None:
        yield f"The sections of version {row.number} are missing."
        return
    kept = unpacked(row.codec, row.content)
    for name, digest in row.section_digests.items():
        if name in kept and section_digest(*kept[name]) != digest:
            yield f"The section {name} of version {row.number} is not the one stored."
        if name not in kept and name not in row.pruned:
            yield f"The section {name} of version {row.number} is missing."
    for name in kept.keys() - row.section_digests.keys():
        yield f"The section {name} of version {row.number} was added after it was stored."
