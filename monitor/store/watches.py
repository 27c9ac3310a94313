"""Watches: what users asked to follow, in the configuration file, on the command line, or both.

What the file says and what commands said is kept apart, so that taking a watch out of the file takes away its tags
and pauses it only if no command asked for it as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, select, update

from monitor.model.record import SourceName
from monitor.model.watch import Origin, RecordKey, Reference, Watch, WatchSpec, WatchState
from monitor.store.tables import records, watch_records, watches
from monitor.store.transaction import AnyRow, Tx, in_parts
from monitor.store.types import member

STANDING = (WatchState.ACTIVE, WatchState.PAUSED)


def add(tx: Tx, spec: WatchSpec, origin: Origin, now: datetime) -> tuple[Watch, bool]:
    """Follow what the spec names; the watch, and whether it is new (or was removed before).

    The same reference again unites the tags, takes over what the spec states, and revives a removed watch.
    """
    row = _row_of(tx, spec.reference.key)
    if row is None:
        return _insert(tx, spec, origin, now), True
    mine = "file_tags" if origin == "file" else "command_tags"
    values = _stated(spec) | {
        mine: sorted({*getattr(row, mine), *spec.tags}),
        "in_file" if origin == "file" else "by_command": True,
        "changed_at": now,
    }
    revived = row.state == WatchState.REMOVED
    if revived:
        values["state"] = WatchState.ACTIVE.value
        _welcome_again(tx, row.id)
    tx.run(update(watches).where(watches.c.id == row.id).values(values))
    return _by_id(tx, row.id), revived


def _welcome_again(tx: Tx, watch_id: int) -> None:
    """The trials of a watch that comes back are new to its readers, unless another watch went on following them."""
    mine = select(watch_records.c.record_id).where(watch_records.c.watch_id == watch_id)
    joined = select(watch_records.c.record_id).join(watches, watches.c.id == watch_records.c.watch_id)
    followed = joined.where(watches.c.state == WatchState.ACTIVE.value, watches.c.id != watch_id)
    which = and_(records.c.id.in_(mine), records.c.id.not_in(followed))
    tx.run(update(records).where(which).values(welcomed_at=None))


def _insert(tx: Tx, spec: WatchSpec, origin: Origin, now: datetime) -> Watch:
    new = watches.insert().values(_fresh(spec, origin, now)).returning(watches.c.id)
    return _by_id(tx, tx.run(new).scalar_one())


def _fresh(spec: WatchSpec, origin: Origin, now: datetime) -> dict[str, object]:
    key = spec.reference.key
    return {
        "source": key.source,
        "source_id": key.source_id,
        "reference": spec.reference.text,
        "label": spec.label,
        "reads": spec.source,
        "every_seconds": _seconds(spec.every),
        "in_file": origin == "file",
        "by_command": origin == "command",
        "file_tags": sorted(spec.tags) if origin == "file" else [],
        "command_tags": sorted(spec.tags) if origin == "command" else [],
        "state": WatchState.ACTIVE.value,
        "created_at": now,
        "changed_at": now,
    }


def _stated(spec: WatchSpec) -> dict[str, object]:
    """What a spec that names a known watch says about it; what it leaves out stays."""
    stated: dict[str, object] = {"label": spec.label, "every_seconds": _seconds(spec.every)}
    if spec.source != "both":
        stated["reads"] = spec.source
    return {name: value for name, value in stated.items() if value is not None}


def _seconds(every: timedelta | None) -> int | None:
    return None if every is None else max(1, round(every.total_seconds()))


def all_watches(tx: Tx, states: Collection[WatchState] = STANDING) -> tuple[Watch, ...]:
    """Oldest first."""
    wanted = [state.value for state in states]
    found = tx.run(select(watches).where(watches.c.state.in_(wanted)).order_by(watches.c.id))
    return tuple(_watch(row) for row in found)


def find(tx: Tx, text: str, states: Collection[WatchState] = STANDING) -> tuple[Watch, ...]:
    """The watches that a user may mean by `text`: reference or label in any case, id, or a record's number."""
    wanted = text.strip().casefold()
    by_record = _watches_of_trial(tx, wanted.upper())
    return tuple(
        watch
        for watch in all_watches(tx, states)
        if wanted in _names(watch) or wanted == str(watch.id) or watch.id in by_record
    )


def _names(watch: Watch) -> set[str]:
    names = (watch.reference.text, watch.reference.key.source_id, str(watch.reference.key), watch.label)
    return {name.casefold() for name in names if name}


def _watches_of_trial(tx: Tx, registry_id: str) -> set[int]:
    joined = select(watch_records.c.watch_id).join(records, records.c.id == watch_records.c.record_id)
    return set(tx.run(joined.where(records.c.registry_id == registry_id)).scalars())


def set_state(tx: Tx, ids: Iterable[int], state: WatchState, now: datetime) -> int:
    """Pause, resume or remove; how many changed."""
    changed = 0
    for part in in_parts(ids):
        moved = and_(watches.c.id.in_(part), watches.c.state != state.value)
        changed += tx.run(update(watches).where(moved).values(state=state.value, changed_at=now)).rowcount
    return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSync:
    """What bringing the store in line with the file did: new or returned watches, and those it paused."""

    added: tuple[Watch, ...]
    paused: tuple[Watch, ...]
    active_before: int


def update_from_file(tx: Tx, specs: Sequence[WatchSpec], now: datetime) -> FileSync:
    """Make the file's watches those of `specs`.

    New ones are added, ones that come back are revived, ones taken out are paused (unless a command asked for them
    too). What a user paused or removed by command stays so while the file goes on naming it. If the result pauses
    too much, raise within the transaction: nothing was done then.
    """
    rows = {_key(row): row for row in tx.run(select(watches))}
    wanted = {spec.reference.key: spec for spec in _united(specs)}
    added = [rows[key].id for key, spec in wanted.items() if key in rows and _bring_in_line(tx, rows[key], spec, now)]
    new = [_fresh(spec, "file", now) for key, spec in wanted.items() if key not in rows]
    if new:
        added += tx.run(watches.insert().returning(watches.c.id), new).scalars()
    gone = [row for key, row in rows.items() if row.in_file and key not in wanted]
    return FileSync(
        added=_by_ids(tx, added),
        paused=_by_ids(tx, _take_out(tx, gone, now)),
        active_before=sum(row.state == WatchState.ACTIVE for row in rows.values()),
    )


def _take_out(tx: Tx, gone: Sequence[AnyRow], now: datetime) -> list[int]:
    """The file no longer names these; the ids of those that are paused by that."""
    for part in in_parts(row.id for row in gone):
        tx.run(update(watches).where(watches.c.id.in_(part)).values(in_file=False, file_tags=[], changed_at=now))
    paused = [row.id for row in gone if row.state == WatchState.ACTIVE and not row.by_command]
    set_state(tx, paused, WatchState.PAUSED, now)
    return paused


def _united(specs: Sequence[WatchSpec]) -> Iterable[WatchSpec]:
    """A file that names a trial twice means both: the tags united, the first label and interval."""
    united: dict[RecordKey, WatchSpec] = {}
    for spec in specs:
        first = united.get(spec.reference.key)
        united[spec.reference.key] = (
            spec
            if first is None
            else WatchSpec(
                reference=first.reference,
                tags=first.tags | spec.tags,
                label=first.label or spec.label,
                source=first.source,
                every=first.every or spec.every,
            )
        )
    return united.values()


def _bring_in_line(tx: Tx, row: AnyRow, spec: WatchSpec, now: datetime) -> bool:
    """Write what differs; True if the watch came back by this."""
    values: dict[str, object] = {"in_file": True, "file_tags": sorted(spec.tags)}
    if row.by_command:
        values |= _stated(spec)
    else:
        values |= {"label": spec.label, "reads": spec.source, "every_seconds": _seconds(spec.every)}
    returned = not row.in_file and row.state != WatchState.ACTIVE
    if returned:
        values["state"] = WatchState.ACTIVE.value
        if row.state == WatchState.REMOVED:
            _welcome_again(tx, row.id)
    if any(getattr(row, name) != value for name, value in values.items()):
        tx.run(update(watches).where(watches.c.id == row.id).values(**values, changed_at=now))
    return returned


def link(tx: Tx, watch_id: int, record_id: int) -> None:
    """The watch leads to this record, from now on."""
    tx.insert_new(watch_records, [{"watch_id": watch_id, "record_id": record_id}], unless=("watch_id", "record_id"))


def unlink(tx: Tx, watch_id: int, record_id: int) -> None:
    which = and_(watch_records.c.watch_id == watch_id, watch_records.c.record_id == record_id)
    tx.run(delete(watch_records).where(which))


def links(tx: Tx) -> Mapping[int, tuple[int, ...]]:
    """The record ids that each watch leads to, by watch id; watches without any are left out."""
    led: dict[int, tuple[int, ...]] = {}
    for watch_id, record_id in tx.run(select(watch_records).order_by(*watch_records.c)):
        led[watch_id] = (*led.get(watch_id, ()), record_id)
    return led


def _row_of(tx: Tx, key: RecordKey) -> AnyRow | None:
    which = and_(watches.c.source == key.source, watches.c.source_id == key.source_id)
    return tx.run(select(watches).where(which)).one_or_none()


def _by_id(tx: Tx, watch_id: int) -> Watch:
    return _by_ids(tx, [watch_id])[0]


def _by_ids(tx: Tx, ids: Sequence[int]) -> tuple[Watch, ...]:
    parts = (select(watches).where(watches.c.id.in_(part)).order_by(watches.c.id) for part in in_parts(ids))
    return tuple(_watch(row) for statement in parts for row in tx.run(statement))


def _key(row: AnyRow) -> RecordKey:
    source: SourceName = row.source
    return RecordKey(source=source, source_id=row.source_id)


def _watch(row: AnyRow) -> Watch:
    return Watch(
        id=row.id,
        reference=Reference(key=_key(row), text=row.reference),
        tags=frozenset((*row.file_tags, *row.command_tags)),
        label=row.label,
        source=row.reads,
        every=None if row.every_seconds is None else timedelta(seconds=row.every_seconds),
        origin="command" if row.by_command else "file",
        state=member(WatchState, row.state),
        created_at=row.created_at,
    )
