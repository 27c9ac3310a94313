"""Values that tests of the store put in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.model.alert import AlertKind, PlannedAlert, Recipient
from monitor.model.change import Category, Cause, Change, Kind, Severity
from monitor.model.reading import Body
from monitor.model.version import NewVersion, RecordRow
from monitor.model.watch import RecordKey, Reference, WatchSpec
from monitor.store import records, versions
from monitor.store.engine import Store

NOW = datetime(2026, 11, 24, 2, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LEASE = 5 * MINUTE
TEAM = Recipient(destination="team", address="team@example.org")
SLACK = Recipient(destination="slack", address="#trials")


def nct(number: int) -> RecordKey:
    return RecordKey(source="ctgov", source_id=f"NCT{number:08}")


def page(slug: str) -> RecordKey:
    return RecordKey(source="ctv", source_id=slug)


def spec(key: RecordKey, *tags: str, **more: Any) -> WatchSpec:
    return WatchSpec(reference=Reference(key=key, text=str(key)), tags=frozenset(tags), **more)


def new_version(text: str = "one", **more: Any) -> NewVersion:
    """A version whose body and sections say `text`."""
    given: dict[str, Any] = {
        "observed_at": NOW,
        "posted": "2026-11-20",
        "content_hash": f"hash of {text}",
        "normaliser_version": 1,
        "body": Body(content=f'{{"text": "{text}"}}'.encode(), media_type="application/json"),
        "sections": {"status": f'{{"overall":"{text}"}}'.encode(), "contacts": b'{"central":["J\xc3\xbcrgen Doe"]}'},
        "data_timestamp": "2026-11-20T09:00:05",
    }
    return NewVersion(**given | more)


def change(**more: Any) -> Change:
    given: dict[str, Any] = {
        "category": Category.STATUS,
        "path": "status.overall",
        "kind": Kind.CHANGED,
        "before": "RECRUITING",
        "after": "SUSPENDED",
        "severity": Severity.CRITICAL,
        "cause": Cause.SPONSOR,
        "sentence": "Now Suspended. It was Recruiting.",
        "detail": {"reason": "FDA"},
        "strong": ("Suspended",),
    }
    return Change(**given | more)


def planned(record_id: int | None = None, to: Recipient = TEAM, **more: Any) -> PlannedAlert:
    given: dict[str, Any] = {"kind": AlertKind.CHANGE, "recipient": to, "facts": {"title": "A trial"}}
    if record_id is not None:
        given |= {"record_id": record_id, "from_version": 1, "to_version": 2}
    return PlannedAlert(**given | more)


def make_record(store: Store, key: RecordKey | None = None, texts: tuple[str, ...] = ()) -> RecordRow:
    """A record with one version for each text, an hour apart."""
    key = key or nct(1)
    with store.write() as tx:
        for n, text in enumerate(texts):
            record = records.ensure(tx, [key], NOW)[key]
            versions.append(tx, record, new_version(text, observed_at=NOW + n * HOUR))
        return records.ensure(tx, [key], NOW)[key]
