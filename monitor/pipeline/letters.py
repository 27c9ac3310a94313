"""From a stored alert to the message that one recipient gets. Pure: facts and stored changes in, message out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from monitor.model.alert import Alert, AlertKind
from monitor.model.change import StoredChange, in_telling_order
from monitor.model.message import (
    ChangeMessage,
    Content,
    DigestMessage,
    Message,
    Named,
    NoticeItem,
    NoticeMessage,
    Origin,
    PlainMessage,
    TestMessage,
    TrialEventMessage,
    TrialHeader,
    WelcomeMessage,
)
from monitor.text.withheld import persons_in

Facts = Mapping[str, Any]
NOBODY: Final = Named()
NONE: Final[Mapping[int, Named]] = {}


def write_letter(alert: Alert, changes: Sequence[StoredChange], timezone: ZoneInfo, named: Named = NOBODY) -> Message:
    """The message of an alert; `changes` are those that it names, in any order, `named` is whom its records name."""
    facts = cast("Facts", alert.facts)
    return Message(
        code=alert.code,
        kind=alert.kind,
        content=_content(alert, facts, changes),
        created_at=alert.created_at,
        timezone=timezone,
        maybe_repeat=alert.maybe_sent,
        thread=_thread(facts),
        named=named,
    )


def write_digest(
    told: Sequence[Alert],
    changes: Iterable[StoredChange],
    timezone: ZoneInfo,
    now: datetime,
    named: Mapping[int, Named] = NONE,
) -> Message:
    """The message that tells several alerts of one recipient together, in the order given; they share a `digest`.

    `named`: by alert id, whom its records name.
    """
    by_id = {stored.id: stored for stored in changes}
    inside = tuple(
        write_letter(
            alert,
            [by_id[number] for number in alert.change_ids if number in by_id],
            timezone,
            named.get(alert.id, NOBODY),
        )
        for alert in told
    )
    return Message(
        code=told[0].digest or told[0].code,
        kind=AlertKind.DIGEST,
        content=DigestMessage(messages=inside),
        created_at=now,
        timezone=timezone,
        maybe_repeat=all(alert.maybe_sent for alert in told),
    )


BARE = "These are the bare facts: the usual form of this message could not be made, or was not taken."


def write_plain_letter(
    alert: Alert, changes: Sequence[StoredChange], timezone: ZoneInfo, named: Named = NOBODY
) -> Message:
    """The same facts in bare lines, made so simply that hardly anything can go wrong."""
    name = alert.registry_id or "Trial Monitor"
    return Message(
        code=alert.code,
        kind=alert.kind,
        content=PlainMessage(title=f"{name}: {alert.kind.value}", lines=(*_bare_lines(alert, changes), BARE)),
        created_at=alert.created_at,
        timezone=timezone,
        maybe_repeat=alert.maybe_sent,
        named=named + Named(persons=tuple(each for stored in changes for each in persons_in(stored.change))),
    )


def _bare_lines(alert: Alert, changes: Sequence[StoredChange]) -> Iterator[str]:
    for stored in changes:
        yield f"{stored.change.sentence}"
        yield f"was: {_bare(stored.change.before)}"
        yield f"now: {_bare(stored.change.after)}"
    told = {name: value for name, value in alert.facts.items() if name not in ("unchanged", "origin")}
    if changes:
        told = {name: value for name, value in told.items() if name == "header"}
    yield from (f"{name}: {_bare(value)}" for name, value in told.items())


def _bare(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


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
    moments = {name: datetime.fromisoformat(facts[name]) for name in ("seen_at", "unread_since") if name in facts}
    return Origin(**{**facts, **moments, "reasons": tuple(facts["reasons"])})


def _thread(facts: Facts) -> str | None:
    """One conversation for each trial, whatever the source; other messages stand alone."""
    header = facts.get("header")
    return (header["registry_id"] or header["record_url"]) if header else None
