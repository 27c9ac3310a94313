"""How complete the view of a recipient is, by what is stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from monitor.model.alert import Recipient
from monitor.model.json import JsonObject
from monitor.model.message import Head, Standing
from monitor.model.version import RecordRow, RecordState
from monitor.model.watch import Watch, WatchState
from monitor.pipeline.troubles import LATE
from monitor.pipeline.ways import Desk
from monitor.route.plan import addressed
from monitor.store import conditions, records, versions, watches
from monitor.store.transaction import Tx

OVERDUE = timedelta(days=1)
"""A trial whose next look was due longer ago than this is not checked, though nobody noticed yet."""


def standing_of(tx: Tx, desk: Desk, recipient: Recipient, now: datetime) -> Standing:
    """Of the trials that the recipient's rules follow: how many are checked. A trial that is gone is."""
    rows = {row.id: row for row in records.all_rows(tx)}
    late = {each.record_id for each in conditions.open_conditions(tx) if each.kind == LATE}
    followed = list(_followed(tx, desk, recipient, rows))
    missing = [watch for watch, mine in followed if not _is_checked(mine, late, now)]
    seen = [row for watch, mine in followed if watch not in missing for row in _still_there(mine)]
    return Standing(
        trials=len(followed),
        checked=len(followed) - len(missing),
        since=min((row.verified_at for row in seen if row.verified_at), default=None),
        data_day=max((row.data_timestamp[:10] for row in seen if row.data_timestamp), default=None),
        missing=tuple(watch.label or watch.reference.text for watch in missing),
    )


def _followed(
    tx: Tx, desk: Desk, recipient: Recipient, rows: Mapping[int, RecordRow]
) -> Iterator[tuple[Watch, list[RecordRow]]]:
    rules = [rule for rule in desk.rules if recipient in addressed(rule, desk.recipients)]
    links = watches.links(tx)
    for watch in watches.all_watches(tx, (WatchState.ACTIVE,)):
        mine = [rows[number] for number in links.get(watch.id, ()) if number in rows]
        names = [name for row in mine for name in row.names]
        if any(rule.follows(watch, names) for rule in rules):
            yield watch, mine


def _still_there(rows: Iterable[RecordRow]) -> list[RecordRow]:
    return [row for row in rows if row.state not in (RecordState.GONE, RecordState.MERGED)]


def _is_checked(rows: Sequence[RecordRow], late: Collection[int | None], now: datetime) -> bool:
    return bool(rows) and all(
        row.verified_at
        and row.open_reason is None
        and row.id not in late
        and (row.next_due is None or row.next_due >= now - OVERDUE)
        for row in _still_there(rows)
    )


def head_of(tx: Tx, moment: datetime) -> Head:
    """As of the whole second, so that it can be asked for again by what a message writes."""
    second = moment.replace(microsecond=0)
    digest, number = versions.head(tx, second)
    return Head(digest=digest, records=number, at=second)


def standing_facts(standing: Standing) -> JsonObject:
    """As an alert remembers it."""
    since = standing.since.isoformat() if standing.since else None
    return {**asdict(standing), "since": since, "missing": list(standing.missing)}
