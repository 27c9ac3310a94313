"""A digest: what waited for one reader, oldest first, each with the code of its alert. No code is ever left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from monitor.deliver.render.telling import dated, known_as, repeat
from monitor.deliver.render.words import counted, cut
from monitor.model.change import Change, Severity
from monitor.model.message import ChangeMessage, DigestMessage, Message, TrialEventMessage
from monitor.text.clean import harmless

WHY: Final = "They could not be delivered before. All of them follow, the oldest first."
_NAME: Final = 40


def digest_subject(content: DigestMessage) -> str:
    """ "27 alerts that had waited: NCT07011550, NCT04762485 and 12 more trials"."""
    names = list(dict.fromkeys(name for name in map(_trial, content.messages) if name))
    more = f" and {counted(len(names) - 2, 'more trial')}" if len(names) > 2 else ""  # noqa: PLR2004 (two fit)
    told = f": {', '.join(names[:2])}{more}" if names else ""
    return f"{counted(len(content.messages), 'alert')} that had waited{told}"


def _trial(message: Message) -> str | None:
    match message.content:
        case ChangeMessage() as content:
            header = content.header
        case TrialEventMessage() as event:
            header = event.header
        case _:
            return None
    return harmless(header.registry_id) if header.registry_id else cut(known_as(header), _NAME)


def gravest(content: DigestMessage) -> Severity:
    """Of all changes inside."""
    told = (change.severity for each in content.messages for change in _changes(each))
    return min(told, key=lambda severity: severity.rank, default=Severity.MINOR)


def _changes(message: Message) -> Sequence[Change]:
    return message.content.changes if isinstance(message.content, ChangeMessage) else ()


def below_one(message: Message) -> tuple[str, ...]:
    """What stands below a message inside a digest: of when it is, if it may be a repeat, its alert."""
    return tuple(line for line in (dated(message), repeat(message), f"Alert {message.code}.") if line)


def fold(
    messages: Sequence[Message], line: Callable[[Message], str], fits: Callable[[Sequence[str]], bool]
) -> list[str]:
    """One line for each message as far as they fit; of the others the codes."""
    lines = [f"{line(message)} ({_short(message)})" for message in messages]
    for shown in range(len(lines), 0, -1):
        made = [*lines[:shown], *_codes(messages[shown:])]
        if fits(made):
            return made
    return _codes(messages)


def _codes(left: Sequence[Message]) -> list[str]:
    if not left:
        return []
    return [f"… and {counted(len(left), 'more alert')}: {', '.join(map(_short, left))}."]


def _short(message: Message) -> str:
    return f"{message.code}{', may be a repeat' if message.maybe_repeat else ''}"
