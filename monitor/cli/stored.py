"""Trials as users name them, and their stored versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from monitor.cli.context import Context
from monitor.cli.days import end_of, show_day
from monitor.cli.json_out import Side
from monitor.cli.sides import Sides
from monitor.errors import BadReference, MonitorError, UsageError
from monitor.model.record import SourceName, TrialRecord
from monitor.model.version import RecordRow, Version
from monitor.model.watch import RecordKey, Watch, WatchState
from monitor.pipeline.baseline import changes_of_late, load_base
from monitor.pipeline.guards import level_of
from monitor.sources.references import parse_reference
from monitor.store import records, versions, watches
from monitor.store.engine import Tx
from monitor.store.verify import pruned_parts

LONGEST_NUMBER = 6  # digits of a version's number


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a user's TRIAL led to. `name` is what to call it; no records means that nothing is known of it."""

    name: str
    watches: Sequence[Watch]
    records: Sequence[RecordRow]

    def record(self, source: SourceName | None) -> RecordRow:
        """The record to show: of `source`, else the registry's. Raises UsageError where the choice is not clear."""
        seen = [row for row in self.records if row.latest is not None and source in (None, row.key.source)]
        if not seen:
            where = f" on {source}" if source and self.records else ""
            raise MonitorError(f"{self.name} has not been seen{where} yet. To look now: trial-monitor check")
        registry = [row for row in seen if row.key.source == "ctgov"] or seen
        numbers = {row.registry_id or str(row.key) for row in seen}
        if len(numbers) > 1 and len({row.registry_id for row in registry}) > 1:
            raise UsageError(f"{self.name!r} names several trials: {', '.join(sorted(numbers))}. Name one.")
        return registry[0]


def find_trial(tx: Tx, text: str) -> Trial:
    """By NCT number, address of a study page, or label, in any case; removed watches keep their history."""
    key = _key(text)
    name = text.strip() if key is None else str(key)
    found = {watch.id: watch for word in {text, name} for watch in watches.find(tx, word, tuple(WatchState))}
    links = watches.links(tx)
    rows = dict(records.by_ids(tx, [record for watch in found for record in links.get(watch, ())]))
    if key is not None:
        rows |= {row.id: row for row in records.by_keys(tx, [key]).values()}
        if key.source == "ctgov":
            rows |= {row.id: row for row in records.by_registry_id(tx, key.source_id)}
    ordered = sorted(rows.values(), key=lambda row: (row.key.source != "ctgov", row.id))
    return Trial(name=name, watches=tuple(found.values()), records=ordered)


def known_trial(tx: Tx, text: str) -> Trial:
    """As `find_trial`; raises MonitorError with what to do where nothing is known."""
    trial = find_trial(tx, text)
    if not trial.records and not trial.watches:
        raise MonitorError(not_watched(trial.name))
    return trial


def not_watched(name: str) -> str:
    return f"{name} is not watched. To start: trial-monitor watch add {name}"


def _key(text: str) -> RecordKey | None:
    try:
        return parse_reference(text).key
    except BadReference:
        return None


def version_at(tx: Tx, row: RecordRow, day: date, zone: ZoneInfo) -> Version | None:
    """The version that we had seen by the end of that day; None before the first sight."""
    return versions.at(tx, row.id, end_of(day, zone))


def numbered(tx: Tx, row: RecordRow, number: int) -> Version:
    """Raises UsageError if there is no such version."""
    version = versions.get(tx, row.id, number)
    if version is None:
        raise UsageError(f"{row.key} has no version {number}; it has 1 to {row.latest}.")
    return version


def two_versions(context: Context, text: str, start: str | None, end: str | None, source: SourceName | None) -> Sides:
    """The two versions that a user asked to compare: by default the last one and the one before it."""
    with context.open_app(writing=False) as app, app.store.read() as tx:
        trial = known_trial(tx, text)
        row = trial.record(source)
        newer = _chosen(tx, row, end, app.settings.timezone) or numbered(tx, row, row.latest or 1)
        older = _chosen(tx, row, start, app.settings.timezone) or numbered(tx, row, max(newer.number - 1, 1))
        late = changes_of_late(tx, row, older, app.settings.correction_within, newer.observed_at)
        level, pruned = level_of(tx, older, newer), pruned_parts(tx, row.id)
        return Sides(
            before=load_base(tx, row, older, level),
            after=load_base(tx, row, newer, level),
            old=side_of(older, pruned.get(older.number, {})),
            new=side_of(newer, pruned.get(newer.number, {})),
            severities=app.settings.severities,
            earlier=late,
        )


def _chosen(tx: Tx, row: RecordRow, text: str | None, zone: ZoneInfo) -> Version | None:
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
        return numbered(tx, row, int(text))
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is neither a version's number nor a day. Write a day as 2026-03-31.") from error
    version = version_at(tx, row, day, zone)
    if version is None:
        raise UsageError(f"{row.key} was not watched on {text}; its first version is of a later day.")
    return version


def side_of(version: Version, pruned: Mapping[str, datetime]) -> Side:
    return Side(
        content_hash=version.content_hash,
        posted=version.posted,
        version=version.number,
        observed_at=version.observed_at,
        pruned=pruned_words(pruned).strip(),
    )


def pruned_words(pruned: Mapping[str, datetime]) -> str:
    """What was taken out of a version, by part, as sentences behind what names it."""
    days = {name: show_day(moment.date()) for name, moment in pruned.items()}
    told = ""
    if "body" in days:
        told += f" Its document was pruned on {days['body']}: this is what was read from it then."
    if "persons" in days:
        told += f" Persons in it were pruned on {days['persons']}."
    rest = [name for name in days if name not in ("body", "persons")]
    if rest and "persons" not in days:
        told += f" Its stored {', '.join(rest)} were pruned on {days[rest[0]]}."
    return told


def read_version(tx: Tx, row: RecordRow, version: Version) -> TrialRecord:
    """The record as it was known with that version: what the source did not show then is carried forward."""
    return load_base(tx, row, version)
