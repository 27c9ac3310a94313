"""Texts of the store that may name persons, written anew in place: everything but versions, bodies and the user's own.

The user's own are watches with their labels and tags, and destinations with their recipients. A note on a change is
about the trial, and may name its people: it is gone through like what was told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Table, and_, func, select, update

from monitor.model.json import Json
from monitor.store.tables import alerts, attempts, changes, conditions, passes, records, suspects, triage_log
from monitor.store.transaction import AnyRow, Tx

Clear = Callable[[Json], Json]

TEXTS: Final[Mapping[str, tuple[Table, str, tuple[str, ...]]]] = {
    "changes": (changes, "id", ("before", "after", "detail", "sentence", "strong")),
    "alerts": (alerts, "id", ("facts", "last_error")),
    "attempts": (attempts, "alert_id", ("message",)),
    "conditions": (conditions, "id", ("facts", "key", "open_key")),
    "suspects": (suspects, "id", ("reasons",)),
    "passes": (passes, "id", ("problems",)),
    "records": (records, "id", ("title", "sponsor")),
    "triage_log": (triage_log, "id", ("text",)),
}
"""By name: the table, the column by which its rows are taken in turn, and the columns that hold text of a source."""

AT_ONCE = 500  # ids that one transaction goes through


def newest(tx: Tx, name: str) -> int:
    """The highest id among the rows; 0 where there are none."""
    table, number, _ = TEXTS[name]
    return int(tx.run(select(func.coalesce(func.max(table.c[number]), 0))).scalar_one())


def rewrite(tx: Tx, name: str, start: int, clear: Clear, *, before: datetime | None = None) -> int:
    """Clear the rows with ids from `start` on, `AT_ONCE` ids of them; how many became others.

    The texts of a row are cleared as one document. With `before`, for changes: only those seen earlier than that.
    """
    table, number, texts = TEXTS[name]
    keys = [column.name for column in table.primary_key]
    wanted = and_(table.c[number] >= start, table.c[number] < start + AT_ONCE)
    if before is not None:
        wanted = and_(wanted, changes.c.observed_at < before)
    rows = tx.run(select(*(table.c[each] for each in (*keys, *texts))).where(wanted)).all()
    return sum(_rewrite_row(tx, name, row, keys, clear) for row in rows)


def _rewrite_row(tx: Tx, name: str, row: AnyRow, keys: list[str], clear: Clear) -> bool:
    table, _, texts = TEXTS[name]
    old: dict[str, Json] = {each: getattr(row, each) for each in texts}
    new = clear(old)
    if not isinstance(new, dict) or new == old:
        return False
    tx.run(update(table).where(*_is(table, keys, row)).values(**{**new, **_beside(name, row, old, new)}))
    return True


def _is(table: Table, keys: list[str], row: AnyRow) -> list[ColumnElement[bool]]:
    return [table.c[key] == getattr(row, key) for key in keys]


def _beside(name: str, row: AnyRow, old: Mapping[str, Json], new: Mapping[str, Json]) -> dict[str, object]:
    """What else a row needs that says less than before."""
    if name == "changes":
        return {"echo_due": None}  # the registry can no longer be asked whether it says the same
    if name == "conditions" and old["key"] != new["key"]:
        return {each: f"{new[each]} #{row.id}" for each in ("key", "open_key") if new[each]}  # two may say the same now
    return {}
