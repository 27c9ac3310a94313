"""A reader who is to be forgotten: what is open for them, and every text of the store that names them.

What a source said (versions, bodies, changes) and what the user wrote of trials (watches) is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from sqlalchemy import ColumnElement, Table, Text, UniqueConstraint, and_, cast, delete, func, or_, select, update

from monitor.model.alert import AlertState
from monitor.model.json import Json
from monitor.store.tables import alerts, expected_alerts, metadata, plans
from monitor.store.transaction import AnyRow, Tx
from monitor.store.types import FreeText, JsonText

NOBODY: Final = "forgotten"
"""What stands in the place of a reader."""

_NOT_OURS: Final = frozenset(
    {
        "aliases", "bodies", "changes", "forgotten", "records", "schema_version", "suspects", "version_sections",
        "versions", "watch_records", "watches",
    }
)  # fmt: skip
_OPEN: Final = (AlertState.PENDING, AlertState.CLAIMED, AlertState.RETRY, AlertState.HELD)


def drop_open(tx: Tx, address: str) -> int:
    """Nothing that waits for the reader is sent; how much there was. For who holds the run's lock."""
    waits = and_(_is(alerts, address), alerts.c.state.in_([state.value for state in _OPEN]))
    ended = {"state": AlertState.DROPPED.value, "next_attempt_at": None, "holder": None, "lease_until": None}
    return int(tx.run(update(alerts).where(waits).values(**ended)).rowcount)


def unroute(tx: Tx, address: str) -> None:
    """The plans that named the reader are compared with no rules any more: they say less than was planned."""
    named = select(expected_alerts.c.record_id, expected_alerts.c.to_version).where(_is(expected_alerts, address))
    for row in tx.run(named.distinct()).all():
        mine = and_(plans.c.record_id == row.record_id, plans.c.to_version == row.to_version)
        tx.run(update(plans).where(mine).values(routing=""))


def erase(tx: Tx, needles: Iterable[str], clear: Callable[[Json], Json]) -> Mapping[str, int]:
    """Clear every row of our own tables in which one of the needles stands; how many became others, by table.

    A row that the reader identifies (a condition of theirs) goes whole. `clear` is given one value at a time.
    """
    found = tuple(needle.lower() for needle in needles)
    tables = (table for name, table in metadata.tables.items() if name not in _NOT_OURS)
    counts = {table.name: _erase(tx, table, found, clear) for table in tables}
    return {name: number for name, number in counts.items() if number}


def _is(table: Table, address: str) -> ColumnElement[bool]:
    return func.lower(table.c.recipient) == address.lower()


def _erase(tx: Tx, table: Table, needles: tuple[str, ...], clear: Callable[[Json], Json]) -> int:
    texts = [column for column in table.columns if isinstance(column.type, Text | FreeText | JsonText)]
    if not texts:
        return 0
    holds = [func.lower(cast(column, Text)).contains(each, autoescape=True) for column in texts for each in needles]
    keys = list(table.primary_key)
    columns = {column.name: column for column in (*keys, *texts)}
    rows = tx.run(select(*columns.values()).where(or_(*holds))).all()
    return sum(_erase_row(tx, table, row, [column.name for column in texts], clear) for row in rows)


def _erase_row(tx: Tx, table: Table, row: AnyRow, texts: list[str], clear: Callable[[Json], Json]) -> bool:
    new = {name: shown for name in texts if (shown := clear(old := getattr(row, name))) != old}
    if not new:
        return False
    here = and_(*(column == getattr(row, column.name) for column in table.primary_key))
    if new.keys() & _identifying(table):
        tx.run(delete(table).where(here))
    else:
        tx.run(update(table).where(here).values(**new))
    return True


def _identifying(table: Table) -> set[str]:
    """Columns of which no two rows may say the same."""
    unique = {
        column.name for each in table.constraints if isinstance(each, UniqueConstraint) for column in each.columns
    }
    return unique | {column.name for column in table.primary_key}
