"""Bodies as their sources gave them: kept once, compressed, found by their digest."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update

from monitor.errors import StoreDamaged, StoreError
from monitor.model.reading import Body
from monitor.store.tables import bodies
from monitor.store.transaction import Tx, in_parts

CODEC = "zlib"
LEVEL = 6


def digest_of(body: Body) -> str:
    """sha256 hex of media type, NUL, bytes: the same bytes of another type are another body."""
    return hashlib.sha256(body.media_type.encode() + b"\0" + body.content).hexdigest()


def put_all(tx: Tx, new: Sequence[Body]) -> list[str]:
    """Keep the bodies, each once; their digests in the same order. One that was pruned is kept again."""
    digests = [digest_of(body) for body in new]
    missing = dict(zip(digests, new, strict=True))
    pruned: list[str] = []
    for part in in_parts(digests):
        for digest, pruned_at in tx.run(select(bodies.c.digest, bodies.c.pruned_at).where(bodies.c.digest.in_(part))):
            if pruned_at is None:
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
    return {
        "digest": digest,
        "media_type": body.media_type,
        "codec": CODEC,
        "size": len(body.content),
        "content": pack(body.content),
    }


def _restore(tx: Tx, pruned: dict[str, Body]) -> None:
    statement = update(bodies).where(bodies.c.digest == bindparam("which"))
    if pruned:
        rows = [{"which": digest, "codec": CODEC, "content": pack(body.content)} for digest, body in pruned.items()]
        tx.run(statement.values(codec=bindparam("codec"), content=bindparam("content"), pruned_at=None), rows)


def read_body(tx: Tx, digest: str) -> Body:
    """The body with this digest. Raises StoreError if it was pruned, StoreDamaged if its bytes are not its own."""
    row = tx.run(select(bodies).where(bodies.c.digest == digest)).one_or_none()
    if row is None:
        raise StoreDamaged(f"The store has no body {digest[:12]}.")
    if row.pruned_at is not None:
        raise StoreError(f"The body {digest[:12]} was pruned on {row.pruned_at:%Y-%m-%d}.")
    body = Body(content=unpack(row.codec, row.content), media_type=row.media_type)
    if digest_of(body) != digest:
        raise StoreDamaged(f"The bytes of body {digest[:12]} are not those that were stored.")
    return body


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
