"""The message in Teams: a card's heading and text, in the Markdown that Teams reads, within the bytes that it takes.

Foreign text is escaped in one place: nothing of it is a format, a list, a mention or a link. Our own links are links.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from monitor.deliver.render import brief
from monitor.deliver.render.markup import linkable
from monitor.deliver.render.plain import PlainContent
from monitor.deliver.render.telling import compare_words
from monitor.model.message import ChangeMessage, Message, TrialEventMessage

_SIGNS: Final = re.compile(r"[\\`*_\[\]<>~|]|&(?=#?\w+;)")
_STARTS: Final = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)]))", re.MULTILINE)
_WEB: Final = re.compile(r"(?<=\w)://|(?<=\bwww)\.")
_JOINER: Final = "\u200d"
_NONE: Final[Mapping[str, str]] = {}


def compose(message: Message, room: int) -> PlainContent:
    """Title and body; as JSON they take at most `room` bytes. What does not fit is counted, and a link leads to it."""
    ours = dict(_links(message))
    told = brief.compose_lines(message, room, lambda text: in_json(escape_teams(text, ours)))
    return PlainContent(title=escape_teams(told.title), body=escape_teams(told.body, ours))


def escape_teams(text: str, ours: Mapping[str, str] = _NONE) -> str:
    """Text as Teams shows it. A line that is nothing but one of these addresses becomes a link with its words.

    A card breaks a line only where two breaks stand: https://github.com/microsoft/AdaptiveCards/issues/5538
    """
    lines = (line for line in text.split("\n") if line.strip())
    return "\n\n".join(_linked(line, ours[line]) if line in ours else _escaped(line) for line in lines)


def _links(message: Message) -> Iterator[tuple[str, str]]:
    content = message.content
    if isinstance(content, ChangeMessage | TrialEventMessage):
        header = content.header
        if header.compare_url:
            yield header.compare_url, compare_words(header)
        yield header.record_url, "Read the record"


def in_json(text: str) -> int:
    """Bytes that a text takes in JSON in which all but ASCII is escaped."""
    return len(json.dumps(text))


def _escaped(line: str) -> str:
    line = _SIGNS.sub(lambda found: f"\\{found[0]}", _WEB.sub(lambda found: _JOINER + found[0], line))
    return _STARTS.sub(lambda found: f"{found[1]}{_start(found[2])}", line)


def _start(sign: str) -> str:
    """What would begin a list or a heading: a number is parted from its full stop."""
    return sign + _JOINER if sign.isdigit() else f"\\{sign}"


def _linked(url: str, words: str) -> str:
    target = linkable(url)
    if target is None or any(sign in target for sign in "()[]"):
        return _escaped(url)
    return f"[{_escaped(words)}]({target})"
