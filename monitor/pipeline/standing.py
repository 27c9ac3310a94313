"""How complete the view of a recipient is, by what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime

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


def standing_of(tx: Tx, desk: Desk, recipient: Recipient) -> Standing:
    """Of the trials that the recipient's rules follow: how many are checked. A trial that is gone is."""
    rows = {row.id: row for row in records.all_rows(tx)}
    late = {each.record_id for each in conditions.open_conditions(tx) if each.kind == LATE}
    followed = list(_followed(tx, desk, recipient, rows))
    missing = [watch for watch, mine in followed if not _is_checked(mine, late)]
    seen = [row for watch, mine in followed if watch not in missing for row in mine]
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
        names = [name for row in mine for name in (row.registry_id, row.key.source_id) if name]
        if any(rule.follows(watch, names) for rule in rules):
            yield watch, mine


def _is_checked(rows: list[RecordRow], late: set[int | None]) -> bool:
    standing = [row for row in rows if row.state not in (RecordState.GONE, RecordState.MERGED)]
    sound = all(row.verified_at and row.open_reason is None and row.id not in late for row in standing)
    return bool(rows) and sound


def head_of(tx: Tx, moment: datetime) -> Head:
    """As of the whole second, so that it can be asked for again by what a message writes."""
    second = moment.replace(microsecond=0)
    digest, number = versions.head(tx, second)
    return Head(digest=digest, records=number, at=second)


def standing_facts(standing: Standing) -> JsonObject:
    """As an alert remembers it."""
    since = standing.since.isoformat() if standing.since else None
    return {**asdict(standing), "since": since, "missing": list(standing.missing)}
