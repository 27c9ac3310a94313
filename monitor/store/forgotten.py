"""Who is to be forgotten, by keyed digests, and how much of the data of persons is kept.

The key is the store's own and goes with it: it keeps the digests apart from those of other stores. Whoever has the
store can try names against them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from monitor.model.privacy import Identifier, Level
from monitor.store import meta
from monitor.store.tables import forgotten
from monitor.store.transaction import Tx
from monitor.store.types import member
from monitor.text.guard import Guard

KEY, LEVEL, UNSWEPT = "persons key", "persons kept", "persons unswept"
KEY_BYTES = 32


def read_guard(tx: Tx) -> Guard:
    """What is done to the data of persons. Without a key nothing ever was."""
    key = meta.read(tx, KEY)
    if key is None:
        return Guard()
    rows = tx.run(select(forgotten.c.digest, forgotten.c.kind, forgotten.c.size)).all()
    found = (Identifier(kind=row.kind, size=row.size, digest=row.digest) for row in rows)
    return Guard.forgetting(bytes.fromhex(key), level_kept(tx), found)


def make_key(tx: Tx) -> None:
    """From here on there is a key."""
    if meta.read(tx, KEY) is None:
        meta.write(tx, KEY, tx.entropy(KEY_BYTES).hex())


def adopt_level(tx: Tx, level: Level) -> None:
    """Keep so much of persons from here on."""
    if level_kept(tx) is not level:
        make_key(tx)
        meta.write(tx, LEVEL, level.value)


def level_kept(tx: Tx) -> Level:
    return member(Level, meta.read(tx, LEVEL) or Level.FULL)


def add(tx: Tx, found: Iterable[Identifier], now: datetime) -> None:
    """Forget these from here on."""
    rows = [{"digest": each.digest, "kind": each.kind, "size": each.size, "added_at": now} for each in found]
    tx.insert_new(forgotten, rows, unless=("digest",))


def mark_unswept(tx: Tx) -> None:
    """What was taken out may still stand in the free parts of the file."""
    meta.write(tx, UNSWEPT, "yes")


def is_unswept(tx: Tx) -> bool:
    return meta.read(tx, UNSWEPT) is not None


def mark_swept(tx: Tx) -> None:
    meta.write(tx, UNSWEPT, None)
