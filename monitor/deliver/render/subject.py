"""The subject of a mail and the title of a notification: one line that starts with the trial and its state."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from monitor.deliver.render.digest import digest_subject
from monitor.deliver.render.framing import sample_mark
from monitor.deliver.render.telling import known_as, tell
from monitor.deliver.render.words import counted, cut
from monitor.model.alert import AlertKind
from monitor.model.change import Change, Severity, in_telling_order
from monitor.model.message import (
    ChangeMessage,
    DigestMessage,
    Message,
    NoticeMessage,
    PlainMessage,
    TestMessage,
    TrialEventMessage,
    TrialHeader,
    WelcomeMessage,
)
from monitor.text.clean import harmless
from monitor.text.words import status_word

LIMIT: Final = 100
_NAME: Final = 40
_REASON: Final = 40
_LEAST: Final = 12  # a shorter rest of a name says nothing
_TAKEN_BACK: Final = "Taken back: "
_UPDATED: Final = "was updated"
_NEWS: Final = "news of the record"
_EVENTS: Final = {
    AlertKind.GONE: "no longer found",
    AlertKind.REAPPEARED: "found again",
    AlertKind.MERGED: "now part of another record",
}


def subject(message: Message, limit: int = LIMIT) -> str:
    """One line of at most `limit` characters, without control characters."""
    mark = sample_mark(message)
    room = limit - len(mark)
    line = _worded(message, room) or _usual(message, room)
    return " ".join(cut(mark + line, limit).split())


def _worded(message: Message, limit: int) -> str:
    """By the user's own template, where there is one and the message is about one trial."""
    template, content = message.wording.subject, message.content
    if template is None or not isinstance(content, ChangeMessage | TrialEventMessage):
        return ""
    start = _TAKEN_BACK if message.kind is AlertKind.CORRECTION else ""
    room = limit - len(start) - template.fixed
    severities = [change.severity for change in content.changes] if isinstance(content, ChangeMessage) else []
    values = {
        "summary": _usual(replace(message, kind=AlertKind.CHANGE) if start else message, max(room, _LEAST)),
        "number": _number(content.header),
        "state": _words(message, content),
        "title": cut(harmless(content.header.title), _NAME),
        "severity": min(severities, key=lambda each: each.rank, default=Severity.MAJOR).value,
        "name": "",
    }
    others = sum(len(values[name]) for _, name in template.pieces if name)
    values["name"] = cut(known_as(content.header), max(min(room - others, _NAME), _LEAST))
    line = " ".join(harmless(template.fill(values)).split())
    return start + line if line else ""


def _words(message: Message, content: ChangeMessage | TrialEventMessage) -> str:
    """What happened, without the trial's number."""
    if isinstance(content, TrialEventMessage):
        return _EVENTS.get(message.kind, _NEWS)
    ordered = in_telling_order(content.changes)
    return _state(content, ordered[0], LIMIT)[1] if ordered else _UPDATED


def _usual(message: Message, limit: int) -> str:
    match message.content:
        case ChangeMessage() as content:
            line = _of_changes(content, taken_back=message.kind is AlertKind.CORRECTION, limit=limit)
        case TrialEventMessage() as content:
            state = _EVENTS.get(message.kind, _NEWS)
            line = _with_name(f"{_number(content.header)} {state}", content.header, limit)
        case WelcomeMessage() as content:
            line = _of_welcome(content)
        case NoticeMessage() as content:
            line = _of_notice(content)
        case TestMessage() as content:
            line = f"Trial Monitor: a test message to {harmless(content.destination)}"
        case DigestMessage() as content:
            line = digest_subject(content, [subject(each) for each in content.messages])
        case PlainMessage() as content:
            line = harmless(content.title)
    return " ".join(cut(line, limit).split())


def _number(header: TrialHeader) -> str:
    return harmless(header.registry_id) if header.registry_id else cut(known_as(header), _NAME)


def _of_changes(content: ChangeMessage, *, taken_back: bool, limit: int) -> str:
    start = _TAKEN_BACK if taken_back else ""
    number = _number(content.header)
    ordered = in_telling_order(content.changes)
    joint, words = _state(content, ordered[0], LIMIT - len(number) - 2) if ordered else (" ", _UPDATED)
    return _with_name(f"{start}{number}{joint}{words}", content.header, limit)


def _state(content: ChangeMessage, first: Change, limit: int) -> tuple[str, str]:
    """What stands between the trial's number and what happened, and what happened."""
    if first.path == "status.overall" and isinstance(first.after, str) and isinstance(first.before, str):
        words = f"now {harmless(status_word(first.after))} (was {harmless(status_word(first.before))})"
        reason = first.detail.get("reason")
        quoted = isinstance(reason, str) and reason
        return " ", f'{words}, reason "{cut(harmless(str(reason)), _REASON)}"' if quoted else words
    line = tell(content).headline.lines[0].rstrip(".")
    more = len(content.changes) - 1
    told = cut(line, limit - (len(f", and {more} more") if more else 0))
    return ": ", f"{told}, and {more} more" if more and tell(content).headline.first else told


def _with_name(state: str, header: TrialHeader, limit: int) -> str:
    """The trial's name behind its state, as much of it as fits."""
    room = limit - len(state) - 3
    if room < _LEAST or not header.registry_id:
        return state
    return f"{state} · {cut(known_as(header), room)}"


def _of_welcome(content: WelcomeMessage) -> str:
    names = [_number(header) for header in content.trials]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")  # noqa: PLR2004 (three fit)
    return f"Now watching {counted(len(names), 'trial')}: {shown}" if names else "Now watching"


def _of_notice(content: NoticeMessage) -> str:
    first = harmless(content.items[0].what) if content.items else "nothing to report"
    more = f" (and {len(content.items) - 1} more)" if len(content.items) > 1 else ""
    return f"Trial Monitor: {cut(first, LIMIT - len(more) - 16)}{more}"
