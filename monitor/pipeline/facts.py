"""What an alert has to remember beside its changes, as JSON: rendering at send time needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from monitor.model.change import Category, Change
from monitor.model.json import Json, JsonObject
from monitor.model.message import TrialHeader
from monitor.model.people import Site
from monitor.model.record import TrialRecord
from monitor.model.sections import StudyDate
from monitor.model.triage import TriageNote
from monitor.model.version import RecordRow, Version
from monitor.model.watch import Watch
from monitor.pipeline.ways import Desk
from monitor.sources.references import history_url, public_url
from monitor.text.dates import show_date


def trial_header(
    row: RecordRow, record: TrialRecord, watches: Sequence[Watch], desk: Desk, *, compare: tuple[int, int] | None = None
) -> TrialHeader:
    """What identifies the trial; `compare` are the versions that the link to our own comparison names."""
    registry_id = record.registry_id or row.registry_id
    return TrialHeader(
        registry_id=registry_id,
        title=record.identification.brief_title or str(row.key),
        label=next((watch.label for watch in watches if watch.label), None),
        sponsor=record.sponsor.lead,
        phases=record.design.phases,
        overall_status=record.status.overall,
        site_count=record.locations.count,
        single_site_city=_single_city(record.locations.sites),
        record_url=public_url(row.key),
        compare_url=_compare_url(row, registry_id, desk, compare),
    )


def _single_city(sites: Sequence[Site]) -> str | None:
    return sites[0].city if len(sites) == 1 else None


def _compare_url(row: RecordRow, registry_id: str | None, desk: Desk, versions: tuple[int, int] | None) -> str | None:
    if versions and desk.public_url:
        return f"{desk.public_url.rstrip('/')}/t/{row.key.source_id}/compare/{versions[0]}/{versions[1]}"
    return history_url(registry_id) if registry_id else None


def bare_header(row: RecordRow, watches: Sequence[Watch], desk: Desk) -> TrialHeader:
    """What identifies the trial when there is no record at hand, only what was last known of it."""
    return TrialHeader(
        registry_id=row.registry_id,
        title=row.title or str(row.key),
        label=next((watch.label for watch in watches if watch.label), None),
        sponsor=row.sponsor,
        phases=(),
        overall_status=row.overall_status,
        site_count=None,
        single_site_city=None,
        record_url=public_url(row.key),
        compare_url=_compare_url(row, row.registry_id, desk, None),
    )


def header_json(header: TrialHeader) -> dict[str, Json]:
    return {**asdict(header), "phases": list(header.phases)}


def change_facts(
    header: TrialHeader,
    record: TrialRecord,
    told: Sequence[Change],
    reasons: Sequence[str],
    origin: JsonObject,
    *,
    note: TriageNote | None = None,
) -> dict[str, Json]:
    """Facts of an alert about changes; the changes themselves are stored rows. `note` is the newest on the trial."""
    return {
        "header": header_json(header),
        "unchanged": list(unchanged_phrases(record, told)),
        "origin": {**origin, "reasons": list(reasons)},
        **({"note": {**asdict(note), "at": note.at.isoformat()}} if note else {}),
    }


LONG_UNREAD = timedelta(days=3)
"""Who hears of a change after a longer gap hears of the gap: it may have come about at any time in it."""


def origin_facts(version: Version, before: int, last_read: datetime | None = None) -> dict[str, Json]:
    """Where and when the version was seen; `last_read` is when its record had been read before."""
    long_ago = last_read is not None and version.observed_at - last_read > LONG_UNREAD
    return {
        **({"unread_since": last_read.isoformat()} if last_read and long_ago else {}),
        "seen_at": version.observed_at.isoformat(),
        "posted": version.posted,
        "data_timestamp": version.data_timestamp,
        "from_version": before,
        "to_version": version.number,
    }


def event_facts(header: TrialHeader, sentences: Sequence[str], now: datetime, latest: int | None) -> dict[str, Json]:
    """Facts of an alert about a turn in a record's life; the registry gives that no date."""
    origin: dict[str, Json] = {
        "seen_at": now.isoformat(),
        "posted": None,
        "data_timestamp": None,
        "from_version": latest,
        "to_version": latest,
        "reasons": [],
    }
    return {"header": header_json(header), "sentences": list(sentences), "origin": origin}


def unchanged_phrases(record: TrialRecord, told: Sequence[Change]) -> tuple[str, ...]:
    """What readers ask first and what stayed as it was: who can join, outcomes, primary completion, study end."""
    categories = {change.category for change in told}
    paths = {change.path for change in told}
    phrases = []
    if Category.CRITERIA not in categories and "eligibility" not in record.unavailable:
        phrases.append("who can join")
    if Category.OUTCOMES not in categories and "outcomes" not in record.unavailable:
        phrases.append("outcomes")
    for name, word in (("primary_completion", "primary completion"), ("completion", "study end")):
        day: StudyDate | None = getattr(record.dates, name)
        if day and f"dates.{name}" not in paths:
            phrases.append(f"{word} ({show_date(day.date)})")
    return tuple(phrases)


def event_sentences(kind: str, facts: Mapping[str, str]) -> tuple[str, ...]:
    """What a turn in a record's life means, for readers."""
    return tuple(sentence.format_map(facts) for sentence in _EVENTS[kind])


_EVENTS: Mapping[str, tuple[str, ...]] = {
    "gone": (
        "{name} is no longer found at {site}. Three requests over more than a day were answered: no such record.",
        "A sponsor can withdraw a record, or the registry can merge it into another. We go on asking.",
        "The last version we saw stays in the change log.",
    ),
    "reappeared": ("{name} is found again at {site}. Changes since it was last seen are told as usual.",),
    "merged": (
        "{name} is now part of {into}: {site} sends us from the one to the other.",
        "We follow {into} from now on. What was seen before stays in the change log.",
    ),
}
