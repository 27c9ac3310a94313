"""The sections of a version as they were normalised then: packed together, prunable one by one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime

import orjson
from sqlalchemy import ColumnElement, and_, or_, select, update

from monitor.errors import StoreDamaged
from monitor.model.json import Json
from monitor.store.bodies import CODEC, pack, unpack
from monitor.store.chain import Salted
from monitor.store.tables import records, version_sections, versions
from monitor.store.transaction import AnyRow, Tx
from monitor.store.types import moment_of


def packed(salted: Salted) -> bytes:
    """Raises UnicodeDecodeError if a section is not JSON in UTF-8."""
    return pack(orjson.dumps({name: [salt, content.decode()] for name, (salt, content) in salted.items()}))


def unpacked(codec: str, content: bytes) -> Salted:
    """Raises StoreDamaged if the bytes are not those of sections."""
    try:
        document = orjson.loads(unpack(codec, content))
        return {name: (salt, text.encode()) for name, (salt, text) in document.items()}
    except (ValueError, AttributeError) as error:
        raise StoreDamaged(f"The stored sections of a version cannot be read: {error}.") from error


def section_row(version_id: int, salted: Salted) -> dict[str, object]:
    return {"version_id": version_id, "codec": CODEC, "content": packed(salted), "pruned": {}}


def read_sections(tx: Tx, record_id: int, number: int) -> Mapping[str, bytes | None]:
    """Canonical JSON by section name; None for a section that was pruned (`pruned_sections` says when)."""
    kept, pruned = _stored(tx, record_id, number)
    return {name: content for name, (_, content) in kept.items()} | dict.fromkeys(pruned)


def pruned_sections(tx: Tx, record_id: int, number: int) -> Mapping[str, datetime]:
    """When each of the pruned sections of a version was pruned."""
    return {name: moment_of(at) for name, at in _stored(tx, record_id, number)[1].items()}


def prune_sections(tx: Tx, record_id: int, number: int, names: Collection[str], now: datetime) -> None:
    """Forget the sections and their salts; the chain still verifies and says when they went."""
    kept, pruned = _stored(tx, record_id, number)
    gone = {name: now.isoformat() for name in names if name in kept}
    rest = {name: pair for name, pair in kept.items() if name not in gone}
    version_id = select(versions.c.id).where(_is(record_id, number)).scalar_subquery()
    statement = update(version_sections).where(version_sections.c.version_id == version_id)
    tx.run(statement.values(codec=CODEC, content=packed(rest), pruned={**pruned, **gone}))


def prune_unclear(tx: Tx, version_ids: Collection[int], clear: Callable[[Json], Json], now: datetime) -> int:
    """Forget each section of these versions that `clear` would change; how many sections."""
    columns = (version_sections.c.version_id, version_sections.c.codec, version_sections.c.content)
    rows = tx.run(select(*columns, version_sections.c.pruned).where(version_sections.c.version_id.in_(version_ids)))
    return sum(_prune_unclear(tx, row, clear, now) for row in rows.all())


def _prune_unclear(tx: Tx, row: AnyRow, clear: Callable[[Json], Json], now: datetime) -> int:
    kept = unpacked(row.codec, row.content)
    said = {name: orjson.loads(content) for name, (_, content) in kept.items()}
    gone = {name: now.isoformat() for name, document in said.items() if clear(document) != document}
    if gone:
        rest = {name: pair for name, pair in kept.items() if name not in gone}
        statement = update(version_sections).where(version_sections.c.version_id == row.version_id)
        tx.run(statement.values(codec=CODEC, content=packed(rest), pruned={**row.pruned, **gone}))
    return len(gone)


def documents(tx: Tx, version_ids: Collection[int]) -> Iterator[Json]:
    """The sections of these versions, each as JSON."""
    columns = (version_sections.c.codec, version_sections.c.content)
    for row in tx.run(select(*columns).where(version_sections.c.version_id.in_(version_ids))).all():
        for _, content in unpacked(row.codec, row.content).values():
            yield orjson.loads(content)


def versions_named(tx: Tx, record_id: int | None, numbers: Collection[int]) -> tuple[int, ...]:
    """Row ids of these versions of a record and of its latest; without a record of the latest versions of all."""
    latest = records.c.latest == versions.c.number
    found = select(versions.c.id).join(records, records.c.id == versions.c.record_id).where(versions.c.series == "seen")
    if record_id is None:
        return tuple(tx.run(found.where(latest)).scalars())
    wanted = and_(versions.c.record_id == record_id, or_(latest, versions.c.number.in_(numbers)))
    return tuple(tx.run(found.where(wanted)).scalars())


def _stored(tx: Tx, record_id: int, number: int) -> tuple[Salted, Mapping[str, str]]:
    columns = (version_sections.c.codec, version_sections.c.content, version_sections.c.pruned)
    row = tx.run(select(*columns).join(versions).where(_is(record_id, number))).one_or_none()
    if row is None:
        raise StoreDamaged(f"The store has no sections of version {number}.")
    return unpacked(row.codec, row.content), row.pruned


def _is(record_id: int, number: int) -> ColumnElement[bool]:
    return and_(versions.c.record_id == record_id, versions.c.series == "seen", versions.c.number == number)
