"""A store with a short past: one trial in two versions, an alert that waits, a body kept aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from monitor import sources
from monitor.diff import COMPARER_VERSION
from monitor.diff.compare import compare
from monitor.model.alert import AlertKind, PlannedAlert, Recipient
from monitor.model.coverage import Coverage, Outcome, SourceUse
from monitor.model.reading import Body
from monitor.model.record import TrialRecord
from monitor.model.version import NewVersion, RecordRow, RecordState
from monitor.model.watch import RecordKey, WatchSpec
from monitor.sources.references import parse_reference
from monitor.store import alerts, changes, passes, plans, records, suspects, versions, watches
from monitor.store.engine import open_store
from monitor.store.transaction import Tx
from monitor.text.canonical import content_hash, section_bytes

PAYLOADS = Path(__file__).parent.parent / "payloads" / "cli"
NCT = "NCT07011550"
KEY = RecordKey(source="ctgov", source_id=NCT)
FIRST = datetime(2026, 2, 19, 12, 0, tzinfo=UTC)
SECOND = datetime(2026, 2, 20, 23, 30, tzinfo=UTC)
CONFIG = """\
timezone = "{zone}"
[store]
url = "sqlite:///monitor.db"
[sources.ctgov]
base_url = "http://127.0.0.1:9"
allow_private_addresses = true
[sources.ctv]
base_url = "http://127.0.0.1:9"
allow_private_addresses = true
"""


def write_config(folder: Path, zone: str = "UTC") -> Path:
    path = folder / "config.toml"
    path.write_text(CONFIG.format(zone=zone))
    return path


def fill_store(folder: Path) -> None:
    """Watched, seen on 19 February, changed on 20 February (UTC)."""
    store = open_store(f"sqlite:///{folder / 'monitor.db'}", migrate=True, say=lambda _line: None)
    with store.write() as tx:
        spec = WatchSpec(reference=parse_reference(NCT), tags=frozenset({"ccr8"}), label="CCR8 study")
        watch, _ = watches.add(tx, spec, "command", FIRST)
        row = records.ensure(tx, [KEY], FIRST)[KEY]
        watches.link(tx, watch.id, row.id)
        before, after = (read(n) for n in (0, 1))
        append(tx, before, 0, FIRST)
        append(tx, after, 1, SECOND)
        records.settle(tx, [described(records.by_keys(tx, [KEY])[KEY], after)])
        ids = changes.add(
            tx,
            row.id,
            from_version=1,
            to_version=2,
            observed_at=SECOND,
            found=compare(before, after),
            comparer_version=COMPARER_VERSION,
        )
        plan(tx, row.id, ids)
        suspects.keep(
            tx, row.id, Body(content=b"<p>maintenance", media_type="text/html"), ["It names no trial."], SECOND
        )
        passes.add(tx, covered(SECOND))
    store.close()


def described(row: RecordRow, record: TrialRecord) -> RecordRow:
    return replace(
        row,
        state=RecordState.LIVE,
        registry_id=NCT,
        title=record.identification.brief_title,
        sponsor=record.sponsor.lead,
        overall_status=record.status.overall,
        verified_at=SECOND,
    )


def read(version: int) -> TrialRecord:
    return sources.normalise("ctgov", body(version))


def body(version: int) -> Body:
    study = orjson.loads((PAYLOADS / f"{NCT}_{version}.json").read_bytes())
    return Body(content=orjson.dumps(study), media_type="application/json")


def append(tx: Tx, record: TrialRecord, version: int, seen: datetime) -> None:
    row: RecordRow = records.by_keys(tx, [KEY])[KEY]
    posted = record.dates.last_update_posted
    new = NewVersion(
        observed_at=seen,
        posted=posted.date if posted else None,
        content_hash=content_hash(record),
        normaliser_version=sources.NORMALISER_VERSION,
        body=body(version),
        sections=section_bytes(record),
    )
    versions.append(tx, row, new)


def plan(tx: Tx, record_id: int, change_ids: tuple[int, ...]) -> None:
    planned = PlannedAlert(
        kind=AlertKind.CHANGE,
        recipient=Recipient(destination="team", address="team@example.org"),
        facts={},
        record_id=record_id,
        from_version=1,
        to_version=2,
        change_ids=change_ids,
    )
    alerts.plan(tx, [planned], SECOND)
    plans.expect(tx, [planned])
    how = plans.Plan(record_id=record_id, to_version=2, comparer_version=COMPARER_VERSION, routing="of then")
    plans.keep(tx, [how])


def covered(at: datetime) -> Coverage:
    return Coverage(
        started_at=at,
        finished_at=at + timedelta(seconds=5),
        outcomes={Outcome.CHANGED: 1},
        sources={"ctgov": SourceUse(data_timestamp="2026-02-20T09:00:05", requests=2)},
    )
