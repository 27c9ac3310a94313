"""From a stored alert to the message that one recipient gets. Pure: facts and stored changes in, message out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from monitor.model.alert import Alert, AlertKind
from monitor.model.change import StoredChange, in_telling_order
from monitor.model.message import (
    ChangeMessage,
    Content,
    Message,
    NoticeItem,
    NoticeMessage,
    Origin,
    TestMessage,
    TrialEventMessage,
    TrialHeader,
    WelcomeMessage,
)

Facts = Mapping[str, Any]


def write_letter(alert: Alert, changes: Sequence[StoredChange], timezone: ZoneInfo) -> Message:
    """The message of an alert; `changes` are those that the alert names, in any order."""
    facts = cast("Facts", alert.facts)
    return Message(
        code=alert.code,
        kind=alert.kind,
        content=_content(alert, facts, changes),
        created_at=alert.created_at,
        timezone=timezone,
        maybe_repeat=alert.maybe_sent,
        thread=_thread(facts),
    )


def _content(alert: Alert, facts: Facts, changes: Sequence[StoredChange]) -> Content:
    match alert.kind:
        case AlertKind.WELCOME:
            return WelcomeMessage(trials=tuple(_header(each) for each in facts["trials"]))
        case AlertKind.NOTICE:
            return NoticeMessage(items=tuple(NoticeItem(**each) for each in facts["items"]))
        case AlertKind.TEST:
            return TestMessage(destination=alert.recipient.destination)
        case AlertKind.GONE | AlertKind.REAPPEARED | AlertKind.MERGED:
            return TrialEventMessage(
                header=_header(facts["header"]), sentences=tuple(facts["sentences"]), origin=_origin(facts["origin"])
            )
        case AlertKind.CHANGE | AlertKind.CORRECTION | AlertKind.DIGEST:
            return ChangeMessage(
                header=_header(facts["header"]),
                changes=in_telling_order(tuple(stored.change for stored in changes)),
                origin=_origin(facts["origin"]),
                unchanged=tuple(facts["unchanged"]),
            )


def _header(facts: Facts) -> TrialHeader:
    return TrialHeader(**{**facts, "phases": tuple(facts["phases"])})


def _origin(facts: Facts) -> Origin:
    return Origin(**{**facts, "seen_at": datetime.fromisoformat(facts["seen_at"]), "reasons": tuple(facts["reasons"])})


def _thread(facts: Facts) -> str | None:
    """One conversation for each trial, whatever the source; other messages stand alone."""
    header = facts.get("header")
    return (header["registry_id"] or header["record_url"]) if header else None
