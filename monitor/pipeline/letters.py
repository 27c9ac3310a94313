"""From a stored alert to the message that one recipient gets. Pure: facts and stored changes in, message out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from monitor.model.alert import Alert, AlertKind
from monitor.model.change import Severity, StoredChange, in_telling_order
from monitor.model.message import (
    ChangeMessage,
    Content,
    DigestMessage,
    Head,
    Message,
    Named,
    NoticeItem,
    NoticeMessage,
    Occasion,
    Origin,
    PlainMessage,
    Standing,
    TestMessage,
    TrialEventMessage,
    TrialHeader,
    WelcomeMessage,
)
from monitor.model.triage import TriageNote
from monitor.text.withheld import persons_in

Facts = Mapping[str, Any]
NOBODY: Final = Named()

AWAY = "away "
"""How the schedule of an alert begins that was planned while nobody read; the days follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a message needs beside its alerts: what a digest ends with, and by alert id whom its records name."""

    standing: Standing | None = None
    head: Head | None = None
    muted: int = 0
    named: Mapping[int, Named] = field(default_factory=dict)


NOTHING_BESIDE = Beside()


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
    beside: Beside = NOTHING_BESIDE,
) -> Message:
    """The message that tells several alerts of one recipient together; they share a `digest`.

    What had waited for its time comes with the gravest trial first, what could not be delivered as it was planned.
    """
    by_id = {stored.id: stored for stored in changes}
    inside = tuple(
        write_letter(
            alert,
            [by_id[number] for number in alert.change_ids if number in by_id],
            timezone,
            beside.named.get(alert.id, NOBODY),
        )
        for alert in told
    )
    occasion = occasion_of(told[0])
    return Message(
        code=told[0].digest or told[0].code,
        kind=AlertKind.DIGEST,
        content=DigestMessage(
            messages=inside if occasion is Occasion.BACKLOG else gravest_first(inside),
            occasion=occasion,
            name=told[0].schedule or "",
            standing=beside.standing,
            head=beside.head,
            muted=beside.muted + sum(int(cast("Facts", alert.facts).get("muted", 0)) for alert in told),
        ),
        created_at=now,
        timezone=timezone,
        maybe_repeat=all(alert.maybe_sent for alert in told),
    )


def write_quiet_digest(alert: Alert, timezone: ZoneInfo, beside: Beside) -> Message:
    """The message of a digest in which nothing is told but how complete the view is, as of when it was planned."""
    message = write_letter(alert, (), timezone, beside.named.get(alert.id, NOBODY))
    if not isinstance(message.content, DigestMessage):
        raise TypeError(f"alert {alert.code} is no digest")
    content = replace(message.content, head=beside.head, muted=beside.muted)
    return replace(message, content=content)


def occasion_of(alert: Alert) -> Occasion:
    """Why an alert is told in a digest."""
    if alert.schedule is None:
        return Occasion.BACKLOG
    return Occasion.AWAY if alert.schedule.startswith(AWAY) else Occasion.SCHEDULE


def gravest_first(messages: Sequence[Message]) -> tuple[Message, ...]:
    """What is told of one trial stays together, in its order; trials by the gravest of their changes."""
    ranks: dict[str, int] = {}
    for message in messages:
        name = message.thread or message.code
        ranks[name] = min(ranks.get(name, len(Severity)), _rank(message.content))
    place = {name: n for n, name in enumerate(ranks)}
    names = {message.code: message.thread or message.code for message in messages}
    return tuple(sorted(messages, key=lambda each: (ranks[names[each.code]], place[names[each.code]])))


def _rank(content: Content) -> int:
    if isinstance(content, ChangeMessage):
        return min((change.severity.rank for change in content.changes), default=Severity.MINOR.rank)
    return Severity.MAJOR.rank if isinstance(content, TrialEventMessage) else Severity.MINOR.rank


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
        told = {name: value for name, value in told.items() if name in ("header", "note")}
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
        case AlertKind.DIGEST:
            return DigestMessage(
                messages=(),
                occasion=Occasion(facts["occasion"]),
                name=facts["name"],
                standing=_standing(facts["standing"]),
                next_by=facts["next_by"],
            )
        case AlertKind.CHANGE | AlertKind.CORRECTION:
            return ChangeMessage(
                header=_header(facts["header"]),
                changes=in_telling_order(tuple(stored.change for stored in changes)),
                origin=_origin(facts["origin"]),
                unchanged=tuple(facts["unchanged"]),
                note=_note(facts),
            )


def _standing(facts: Facts) -> Standing:
    since = datetime.fromisoformat(facts["since"]) if facts["since"] else None
    return Standing(**{**facts, "since": since, "missing": tuple(facts["missing"])})


def _header(facts: Facts) -> TrialHeader:
    return TrialHeader(**{**facts, "phases": tuple(facts["phases"])})


def _origin(facts: Facts) -> Origin:
    moments = {name: datetime.fromisoformat(facts[name]) for name in ("seen_at", "unread_since") if name in facts}
    return Origin(**{**facts, **moments, "reasons": tuple(facts["reasons"])})


def _note(facts: Facts) -> TriageNote | None:
    note = facts.get("note")
    return TriageNote(**{**note, "at": datetime.fromisoformat(note["at"])}) if note else None


def _thread(facts: Facts) -> str | None:
    """One conversation for each trial, whatever the source; other messages stand alone."""
    header = facts.get("header")
    return (header["registry_id"] or header["record_url"]) if header else None
