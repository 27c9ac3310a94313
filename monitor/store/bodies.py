"""Bodies as their sources gave them: kept once, compressed, found by their digest."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from monitor.errors import BodyPruned, StoreDamaged, StoreError
from monitor.model.privacy import Level
from monitor.model.reading import Body
from monitor.store.tables import bodies
from monitor.store.transaction import Tx, in_parts
from monitor.store.types import member

CODEC = "zlib"
LEVEL = 6


def put_all(tx: Tx, new: Sequence[Body]) -> list[str]:
    """Keep the bodies, each once; their digests in the same order. One that was pruned is kept again."""
    digests = [body.digest for body in new]
    missing = dict(zip(digests, new, strict=True))
    pruned: list[str] = []
    columns = (bodies.c.digest, bodies.c.pruned_at, bodies.c.reduced_at, bodies.c.contacts)
    for part in in_parts(digests):
        for digest, *gone, level in tx.run(select(*columns).where(bodies.c.digest.in_(part))):
            if not any(gone) and level == missing[digest].level:
                del missing[digest]
            else:
                pruned.append(digest)
    _restore(tx, {digest: missing.pop(digest) for digest in pruned})
    tx.insert_new(bodies, [_row(digest, body) for digest, body in missing.items()], unless=("digest",))
    return digests


def put(tx: Tx, body: Body) -> str:
    """Keep the body, once; its digest."""
    return put_all(tx, [body])[0]


def _row(digest: str, body: Body) -> dict[str, object]:
    return {"digest": digest, **_content(body)}


def _content(body: Body) -> dict[str, object]:
    return {
        "media_type": body.media_type,
        "codec": CODEC,
        "size": len(body.content),
        "content": pack(body.content),
        "contacts": body.level.value,
        "rest_digest": body.own_digest if body.original else None,
    }


def _restore(tx: Tx, pruned: dict[str, Body]) -> None:
    for digest, body in pruned.items():
        anew = {**_content(body), "pruned_at": None, "reduced_at": None}
        tx.run(update(bodies).where(bodies.c.digest == digest).values(**anew))


def reduce_body(tx: Tx, body: Body, now: datetime) -> None:
    """Put what is left of a body in its place; its digest stays that of what the source gave."""
    tx.run(update(bodies).where(bodies.c.digest == body.digest).values(**_content(body), reduced_at=now))


def read_body(tx: Tx, digest: str) -> Body:
    """The body with this digest. Raises BodyPruned if it was pruned, StoreDamaged if its bytes are not its own."""
    row = tx.run(select(bodies).where(bodies.c.digest == digest)).one_or_none()
    if row is None:
        raise StoreDamaged(f"The store has no body {digest[:12]}.")
    if row.pruned_at is not None:
        raise BodyPruned(f"The body {digest[:12]} was pruned on {row.pruned_at:%Y-%m-%d}.", row.pruned_at)
    body = Body(
        content=unpack(row.codec, row.content),
        media_type=row.media_type,
        original=digest if row.rest_digest else None,
        level=member(Level, row.contacts),
    )
    if body.own_digest != (row.rest_digest or digest):
        raise StoreDamaged(f"The bytes of body {digest[:12]} are not those that were stored.")
    return body


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyState:
    """What became of a body since it was stored: pruned, or persons taken out of it."""

    level: Level
    pruned_at: datetime | None
    reduced_at: datetime | None

    @property
    def touched_at(self) -> datetime | None:
        return self.pruned_at or self.reduced_at


def body_states(tx: Tx, digests: Iterable[str]) -> Mapping[str, BodyState]:
    """By digest."""
    columns = (bodies.c.digest, bodies.c.contacts, bodies.c.pruned_at, bodies.c.reduced_at)
    return {
        row.digest: BodyState(level=member(Level, row.contacts), pruned_at=row.pruned_at, reduced_at=row.reduced_at)
        for part in in_parts(digests)
        for row in tx.run(select(*columns).where(bodies.c.digest.in_(part)))
    }


def prune_bodies(tx: Tx, digests: Iterable[str], now: datetime) -> int:
    """Forget the bytes, keep that they were there. How many were forgotten now."""
    gone = 0
    for part in in_parts(digests):
        which = bodies.c.digest.in_(part)
        gone += tx.run(
            update(bodies).where(which, bodies.c.pruned_at.is_(None)).values(content=None, pruned_at=now)
        ).rowcount
    return gone


def pack(content: bytes) -> bytes:
    return zlib.compress(content, LEVEL)


def unpack(codec: str, content: bytes) -> bytes:
    """Raises StoreDamaged for bytes that do not unpack, StoreError for a codec of another release."""
    if codec != CODEC:
        raise StoreError(f"The store holds bytes packed with {codec}, which this release cannot read.")
    try:
        return zlib.decompress(content)
    except zlib.error as error:
        raise StoreDamaged(f"Stored bytes do not unpack: {error}.") from error
