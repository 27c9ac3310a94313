"""Single facts of the store, by name."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from monitor.store.tables import meta
from monitor.store.transaction import Tx


def read(tx: Tx, key: str) -> str | None:
    value: str | None = tx.run(select(meta.c.value).where(meta.c.key == key)).scalar_one_or_none()
    return value


def write(tx: Tx, key: str, value: str | None) -> None:
    """None forgets the fact."""
    if value is None:
        tx.run(delete(meta).where(meta.c.key == key))
        return
    if tx.run(update(meta).where(meta.c.key == key).values(value=value)).rowcount == 0:
        tx.insert_new(meta, [{"key": key, "value": value}], unless=("key",))
