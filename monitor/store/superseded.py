"""Which versions and bodies something newer has taken the place of, and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from monitor.model.watch import RecordKey
from monitor.store import suspects as aside
from monitor.store.tables import bodies, records, suspects, versions
from monitor.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Stored:
    """A version's row id, and its body."""

    version_id: int
    body_digest: str


def all_versions(tx: Tx) -> Sequence[int]:
    """Row ids, oldest first."""
    return tx.run(select(versions.c.id).order_by(versions.c.id)).scalars().all()


def replaced(tx: Tx, before: datetime) -> tuple[Stored, ...]:
    """Versions that a newer one took the place of before that moment, and that no latest one builds on.

    A version whose body is another's too is among them only if that one is.
    """
    rows = tx.run(select(versions.c.id, versions.c.record_id, versions.c.number, versions.c.body_digest)).all()
    ends, built_on = _replaced_at(tx), _built_on(tx)
    gone = {
        row.id
        for row in rows
        if (end := ends.get((row.record_id, row.number)))
        and end < before
        and (row.record_id, row.number) not in built_on
    }
    needed = {row.body_digest for row in rows if row.id not in gone}
    return tuple(Stored(row.id, row.body_digest) for row in rows if row.id in gone and row.body_digest not in needed)


def _replaced_at(tx: Tx) -> Mapping[tuple[int, int], datetime]:
    """When the next version was seen, by record and number."""
    found = tx.run(select(versions.c.record_id, versions.c.number, versions.c.observed_at))
    return {(row.record_id, row.number - 1): row.observed_at for row in found}


def _built_on(tx: Tx) -> set[tuple[int, int]]:
    """Versions whose sections the latest ones carry on, by record and number."""
    latest = and_(records.c.id == versions.c.record_id, records.c.latest == versions.c.number)
    rows = tx.run(select(versions.c.record_id, versions.c.carried).join(records, latest))
    return {(row.record_id, number) for row in rows for number in row.carried.values()}


def decided(tx: Tx, before: datetime) -> Sequence[str]:
    """Bodies that were kept aside, decided on, last seen before that moment, and that no version has."""
    done = and_(suspects.c.state != aside.WAITING, suspects.c.last_seen_at < before)
    of_a_version = select(versions.c.body_digest)
    waiting = select(suspects.c.body_digest).where(suspects.c.state == aside.WAITING)
    found = select(suspects.c.body_digest).where(done, suspects.c.body_digest.not_in(of_a_version))
    return tx.run(found.where(suspects.c.body_digest.not_in(waiting)).distinct()).scalars().all()


def bodies_of(tx: Tx) -> Mapping[str, RecordKey]:
    """Every body whose bytes are there, with a record that it is of."""
    named = (bodies.c.digest, records.c.source, records.c.source_id)
    joins = (
        select(*named)
        .join(versions, versions.c.body_digest == bodies.c.digest)
        .join(records, records.c.id == versions.c.record_id),
        select(*named)
        .join(suspects, suspects.c.body_digest == bodies.c.digest)
        .join(records, records.c.id == suspects.c.record_id),
    )
    return {
        row.digest: RecordKey(source=row.source, source_id=row.source_id)
        for join in joins
        for row in tx.run(join.where(bodies.c.pruned_at.is_(None)))
    }
