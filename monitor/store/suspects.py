"""Bodies kept aside: what did not prove to be the complete record asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import and_, select, update

from monitor.model.reading import Body
from monitor.model.version import SuspectRow
from monitor.model.watch import RecordKey
from monitor.store.bodies import put
from monitor.store.tables import records, suspects
from monitor.store.transaction import AnyRow, Tx, in_parts

WAITING = "waiting"
CLEARED = "cleared"
ACCEPTED = "accepted"
DISCARDED = "discarded"
READ = select(suspects, records.c.source, records.c.source_id).join(records, records.c.id == suspects.c.record_id)


def keep(tx: Tx, record_id: int, body: Body, reasons: Collection[str], now: datetime) -> SuspectRow:
    """Keep the body aside. The same body again moves `last_seen_at` alone; a cleared one waits once more."""
    digest = put(tx, body)
    same = and_(suspects.c.record_id == record_id, suspects.c.body_digest == digest)
    known = tx.run(select(suspects.c.state).where(same)).scalar_one_or_none()
    values: dict[str, object] = {"last_seen_at": now}
    if known is None or known == CLEARED:
        values |= {"reasons": list(reasons), "seen_at": now, "state": WAITING, "decided_at": None}
    if known is None:
        tx.run(suspects.insert().values(record_id=record_id, body_digest=digest, **values))
    else:
        tx.run(update(suspects).where(same).values(values))
    return _suspect(tx.run(READ.where(same)).one())


def supersede(tx: Tx, kept: SuspectRow, now: datetime) -> int:
    """What waited for the record before this one waits no longer; how many."""
    older = and_(suspects.c.record_id == kept.record_id, suspects.c.id != kept.id, suspects.c.state == WAITING)
    return tx.run(update(suspects).where(older).values(state=CLEARED, decided_at=now)).rowcount


def waiting(tx: Tx) -> tuple[SuspectRow, ...]:
    """Those that nobody has decided on, oldest first."""
    return list_suspects(tx, [WAITING])


def list_suspects(tx: Tx, states: Collection[str] | None = None) -> tuple[SuspectRow, ...]:
    """Oldest first; None means "all"."""
    statement = READ if states is None else READ.where(suspects.c.state.in_(list(states)))
    return tuple(_suspect(row) for row in tx.run(statement.order_by(suspects.c.id)))


def get(tx: Tx, suspect_id: int) -> SuspectRow | None:
    row = tx.run(READ.where(suspects.c.id == suspect_id)).one_or_none()
    return None if row is None else _suspect(row)


def set_state(tx: Tx, ids: Iterable[int], state: str, now: datetime) -> int:
    """A person's decision (accepted, discarded); how many were still waiting."""
    decided = 0
    for part in in_parts(ids):
        which = and_(suspects.c.id.in_(part), suspects.c.state == WAITING)
        decided += tx.run(update(suspects).where(which).values(state=state, decided_at=now)).rowcount
    return decided


def is_accepted(tx: Tx, record_id: int, digest: str) -> bool:
    """True if a person accepted this body of the record."""
    which = and_(suspects.c.record_id == record_id, suspects.c.body_digest == digest, suspects.c.state == ACCEPTED)
    return tx.run(select(suspects.c.id).where(which)).first() is not None


def clear_all(tx: Tx, record_ids: Iterable[int], now: datetime) -> int:
    """The records are sound again: what waited for them waits no longer. How many."""
    cleared = 0
    for part in in_parts(record_ids):
        which = and_(suspects.c.record_id.in_(part), suspects.c.state == WAITING)
        cleared += tx.run(update(suspects).where(which).values(state=CLEARED, decided_at=now)).rowcount
    return cleared


def _suspect(row: AnyRow) -> SuspectRow:
    return SuspectRow(
        id=row.id,
        record_id=row.record_id,
        key=RecordKey(source=row.source, source_id=row.source_id),
        seen_at=row.seen_at,
        last_seen_at=row.last_seen_at,
        reasons=tuple(row.reasons),
        body_digest=row.body_digest,
        state=row.state,
    )
