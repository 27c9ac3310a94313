"""The message in Teams: a card's heading and text, in the Markdown that Teams reads, within the bytes that it takes.

Foreign text is escaped in one place: nothing of it is a format, a list, a mention or a link. Our own links are links.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from monitor.deliver.render import brief
from monitor.deliver.render.markup import linkable
from monitor.deliver.render.plain import PlainContent
from monitor.model.message import ChangeMessage, DigestMessage, Message, TrialEventMessage, WelcomeMessage

_SIGNS: Final = re.compile(r"[\\`*_\[\]<>~|]|&(?=#?\w+;)")
_STARTS: Final = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)]))", re.MULTILINE)
_WEB: Final = re.compile(r"(?<=\w)://|(?<=\bwww)\.")
_JOINER: Final = "\u200d"


def compose(message: Message, room: int) -> PlainContent:
    """Title and body; as JSON they take at most `room` bytes. What does not fit is counted, and a link leads to it."""
    ours = frozenset(_links(message))
    told = brief.compose(message, room, lambda text: in_json(escape_teams(text, ours)))
    return PlainContent(title=escape_teams(told.title), body=escape_teams(told.body, ours))


def escape_teams(text: str, ours: AbstractSet[str] = frozenset()) -> str:
    """Text as Teams shows it. A line that is nothing but one of these addresses becomes a link."""
    return "\n".join(_linked(line) if line in ours else _escaped(line) for line in text.split("\n"))


def _links(message: Message) -> Iterator[str]:
    match message.content:
        case ChangeMessage(header=header) | TrialEventMessage(header=header):
            yield from (url for url in (header.record_url, header.compare_url) if url)
        case WelcomeMessage(trials=trials):
            yield from (header.record_url for header in trials)
        case DigestMessage(messages=messages):
            yield from (url for each in messages for url in _links(each))
        case _:
            return


def in_json(text: str) -> int:
    """Bytes that a text takes in JSON in which all but ASCII is escaped."""
    return len(json.dumps(text))


def _escaped(line: str) -> str:
    line = _SIGNS.sub(lambda found: f"\\{found[0]}", _WEB.sub(lambda found: _JOINER + found[0], line))
    return _STARTS.sub(lambda found: f"{found[1]}{_start(found[2])}", line)


def _start(sign: str) -> str:
    """What would begin a list or a heading: a number is parted from its full stop."""
    return sign + _JOINER if sign.isdigit() else f"\\{sign}"


def _linked(line: str) -> str:
    url = linkable(line)
    if url is None or len(url) != len(line) or any(sign in url for sign in "()<>[]\\"):
        return _escaped(line)
    return f"[{_SIGNS.sub(lambda found: chr(92) + found[0], url)}]({url})"
