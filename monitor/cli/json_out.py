"""The JSON documents of the outer contract. Values in, bytes out; times in UTC with Z, registry dates as given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from monitor.cli.days import show_utc
from monitor.model.alert import Alert
from monitor.model.change import Change, StoredChange, change_json
from monitor.model.coverage import Coverage, Outcome, Problem, SourceUse
from monitor.model.json import Json
from monitor.model.record import SECTIONS, TrialRecord
from monitor.text.canonical import content_hash

COVERED = tuple(outcome.value for outcome in (
    Outcome.UNCHANGED, Outcome.CHANGED, Outcome.FIRST_SEEN, Outcome.SUSPECT, Outcome.REFUSED, Outcome.THROTTLED,
    Outcome.GONE, Outcome.FAILED,
))  # fmt: skip

_UNSEEN = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def document(value: object) -> bytes:
    """One JSON document, indented. Control, bidirectional and invisible characters leave as escapes."""
    content = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return content if content.isascii() and b"\x7f" not in content else _UNSEEN.sub(_escape, content.decode()).encode()


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[n] << 8 | units[n + 1]:04x}" for n in range(0, len(units), 2))


def record_json(record: TrialRecord, normaliser_version: int) -> dict[str, object]:
    """`inspect --json`, and the record of `show --json`."""
    return {
        "source": record.source,
        "registry_id": record.registry_id,
        "url": record.url,
        "sections": {name: getattr(record, name) for name in SECTIONS},
        "unavailable": dict(record.unavailable),
        "content_hash": content_hash(record),
        "normaliser_version": normaliser_version,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a comparison: a stored version, or a file. `pruned` says what was taken out of it, in sentences."""

    content_hash: str
    posted: str | None
    file: str | None = None
    version: int | None = None
    observed_at: datetime | None = None
    pruned: str = ""


def side_json(side: Side) -> dict[str, Json]:
    named: dict[str, Json] = {"file": side.file} if side.file is not None else {"version": side.version}
    seen: dict[str, Json] = {} if side.observed_at is None else {"observed_at": show_utc(side.observed_at)}
    pruned: dict[str, Json] = {"pruned": side.pruned} if side.pruned else {}
    return {**named, **seen, "posted": side.posted, "content_hash": side.content_hash, **pruned}


def diff_json(registry_id: str | None, before: Side, after: Side, changes: Iterable[Change]) -> dict[str, Json]:
    """`diff --json`"""
    return {
        "registry_id": registry_id,
        "from": side_json(before),
        "to": side_json(after),
        "changes": [change_json(change) for change in changes],
    }


def history_json(changes: Iterable[StoredChange]) -> list[dict[str, Json]]:
    """`history --json`"""
    return [
        {
            "id": stored.id,
            "observed_at": show_utc(stored.observed_at),
            "registry_id": stored.registry_id,
            "watch": stored.watch,
            "from_version": stored.from_version,
            "to_version": stored.to_version,
            **change_json(stored.change),
        }
        for stored in changes
    ]


def check_json(coverage: Coverage, changes: Iterable[StoredChange], alerts: Mapping[str, int]) -> dict[str, object]:
    """`check --json`. `alerts` counts planned, sent, pending and dead ones."""
    return {
        "started_at": show_utc(coverage.started_at),
        "finished_at": show_utc(coverage.finished_at),
        "coverage": coverage_json(coverage),
        "sources": {name: source_json(use) for name, use in coverage.sources.items()},
        "changes": [found_json(stored) for stored in changes],
        "alerts": {state: alerts.get(state, 0) for state in ("planned", "sent", "pending", "dead")},
        "problems": problems_json(coverage.problems),
    }


def coverage_json(coverage: Coverage) -> dict[str, int]:
    counts = {name: coverage.outcomes.get(Outcome(name), 0) for name in COVERED}
    return {"due": coverage.due, "checked": coverage.checked, **counts}


def source_json(use: SourceUse) -> dict[str, Json]:
    return {"data_timestamp": use.data_timestamp, "requests": use.requests}


def found_json(stored: StoredChange) -> dict[str, Json]:
    """A change of a pass: as in a diff, with the record it belongs to."""
    return {
        "registry_id": stored.registry_id,
        "watch": stored.watch,
        "from_version": stored.from_version,
        "to_version": stored.to_version,
        **change_json(stored.change),
    }


def problems_json(problems: Sequence[Problem]) -> list[dict[str, str]]:
    return [{"watch": each.watch, "kind": each.kind, "message": each.message} for each in problems]


def alerts_json(alerts: Iterable[Alert]) -> list[dict[str, Json]]:
    """`alerts list --json`. `id` is the name that messages bear."""
    return [
        {
            "id": alert.code,
            "destination": alert.recipient.destination,
            "registry_id": alert.registry_id,
            "kind": alert.kind.value,
            "state": alert.state.value,
            "attempts": alert.attempts,
            "created_at": show_utc(alert.created_at),
            "next_attempt_at": show_utc(alert.next_attempt_at),
            "sent_at": show_utc(alert.sent_at),
            "changes": list(alert.change_ids),
        }
        for alert in alerts
    ]
