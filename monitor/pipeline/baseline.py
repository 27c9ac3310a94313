"""The base of a comparison: the last version of a record, with the sections it did not show carried forward."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.diff.correction import Earlier
from monitor.errors import BodyPruned, StoreDamaged
from monitor.model.privacy import Level, strictest
from monitor.model.record import PRUNED, SECTIONS, TrialRecord
from monitor.model.version import RecordRow, Version
from monitor.pipeline.guards import read_guarded
from monitor.sources.guarding import guard_record
from monitor.sources.references import public_url
from monitor.store import changes, forgotten, versions
from monitor.store.transaction import Tx
from monitor.text.from_sections import record_of
from monitor.text.guard import Guard


def load_base(
    tx: Tx, row: RecordRow, latest: Version, level: Level = Level.FULL, *, guard: Guard | None = None
) -> TrialRecord:
    """The record as last known: parsed again from the stored bytes, so that our own upgrades never read as changes.

    It says no more of persons than `level` and the store's guard, or the one given, let it.
    """
    record = load_record(tx, row, latest, level, guard=guard)
    older = {number: _load_numbered(tx, row, number, level, guard) for number in set(latest.carried.values())}
    return carry(record, {section: older[number] for section, number in latest.carried.items()})


def _load_numbered(tx: Tx, row: RecordRow, number: int, level: Level, guard: Guard | None) -> TrialRecord:
    version = versions.get(tx, row.id, number)
    if version is None:
        raise StoreDamaged(f"Version {number} of {row.key} is not in the store, though a later one builds on it.")
    return load_record(tx, row, version, level, guard=guard)


def load_record(
    tx: Tx, row: RecordRow, version: Version, level: Level = Level.FULL, *, guard: Guard | None = None
) -> TrialRecord:
    """One version, parsed from its stored bytes, which were accepted once: they are not asked to prove it again.

    Where the body was pruned, what is left of the sections stands for it, as they were made then.
    """
    guard = guard or forgotten.read_guard(tx)
    try:
        body = versions.read_body(tx, version.body_digest)
    except BodyPruned:
        return guard_record(row.key, _from_sections(tx, row, version), guard.at(strictest(guard.level, level)))
    return read_guarded(row.key, body, guard.at(strictest(guard.level, body.level, level)))[1]


def _from_sections(tx: Tx, row: RecordRow, version: Version) -> TrialRecord:
    pruned = versions.pruned_sections(tx, row.id, version.number)
    return record_of(
        versions.read_sections(tx, row.id, version.number),
        source=row.key.source,
        registry_id=row.registry_id,
        url=public_url(row.key),
        unavailable={name: f"{PRUNED} {at:%Y-%m-%d}" for name, at in pruned.items()},
    )


def changes_of_late(tx: Tx, row: RecordRow, latest: Version, within: timedelta, now: datetime) -> tuple[Earlier, ...]:
    """What led to `latest` within this time before `now`, latest first: what may be taken back now.

    What was seen after `now`, by a clock that was ahead, cannot be said to be of late.
    """
    found = changes.history(tx, record_ids=[row.id], since=now - within, until=now)
    led_here = (stored for stored in found if stored.to_version <= latest.number)
    return tuple(
        Earlier(id=stored.id, days=max((now.date() - stored.observed_at.date()).days, 0), change=stored.change)
        for stored in sorted(led_here, key=lambda stored: (-stored.to_version, stored.id))
    )


def carry(record: TrialRecord, older: Mapping[str, TrialRecord]) -> TrialRecord:
    """`record` with each section of `older` in the place of the one that it did not show."""
    if not older:
        return record
    shown = {section: getattr(source, section) for section, source in older.items()}
    if "locations" in shown and record.locations.count is not None:
        # The number of sites is stated even where the sites are loaded later: the newest number counts.
        shown["locations"] = replace(shown["locations"], count=record.locations.count)
    unavailable = {name: reason for name, reason in record.unavailable.items() if name not in shown}
    # What was carried may itself be a part only: a number of sites without the sites is no list of none.
    unavailable |= {name: record.unavailable[name] for name in shown if name in older[name].unavailable}
    return replace(record, **shown, unavailable=unavailable)


def hide(record: TrialRecord, base: TrialRecord, sections: Iterable[str], reason: str) -> TrialRecord:
    """`record` with `sections` unavailable for `reason`; they keep the content of `base` for display."""
    hidden = {section: getattr(base, section) for section in sections}
    if not hidden:
        return record
    return replace(record, **hidden, unavailable={**record.unavailable, **dict.fromkeys(hidden, reason)})


def carried_sections(record: TrialRecord, base: TrialRecord, latest: Version) -> dict[str, int]:
    """For each section of which `record` shows less than `base`: the number of the version that showed it last."""
    return {
        section: latest.carried.get(section, latest.number)
        for section in SECTIONS
        if section in record.unavailable and (section not in base.unavailable or _loses_count(section, record, base))
    }


def _loses_count(section: str, record: TrialRecord, base: TrialRecord) -> bool:
    """True if the number of sites, which a page states before it shows them, is stated no more."""
    return section == "locations" and record.locations.count is None and base.locations.count is not None
