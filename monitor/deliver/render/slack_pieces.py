"""What a Slack message is made of: foreign text of at most so many characters, and a statement in three lengths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from monitor.deliver.render.folds import listed_elsewhere
from monitor.deliver.render.slack_syntax import escape_slack
from monitor.deliver.render.telling import Part, Statement
from monitor.deliver.render.words import cut
from monitor.text.clean import harmless

SENTENCE: Final = 400
NAME: Final = 160
FACT: Final = 80
_VALUE: Final = 100


def escaped(text: str, limit: int) -> str:
    """Foreign text cut so that even its escaped form stays within a little of `limit`."""
    shown = cut(text, limit)
    while len(made := escape_slack(shown)) > limit * 1.2:
        shown = cut(shown, len(shown) * 3 // 4)
    return made


def strong(text: str, limit: int) -> str:
    """Foreign text in bold: a star of its own never ends it."""
    inner = escaped(harmless(text).strip(), limit).strip().replace("*", "∗")  # a bold that starts with space is none
    return f"*{inner}*" if inner else ""


def say(text: str) -> str:
    return escaped(text, SENTENCE)


def joined(parts: Iterable[Part]) -> str:
    """A sentence of its parts, the strong ones in bold; at most one part is begun that no longer fits whole."""
    made: list[str] = []
    room = SENTENCE
    for part in parts:
        shown = strong(part.text, room) if part.strong else escaped(part.text, room)
        made.append(shown)
        room -= len(shown)
        if room <= 0:
            break
    return "".join(made)


def in_full(statement: Statement) -> str:
    return _said(statement, old_and_new(statement))


def shorter(statement: Statement) -> str:
    """Without its values."""
    return _said(statement, listed_elsewhere(statement))


def shortest(statement: Statement) -> str:
    return f"{statement.mark} {escaped(statement.text, FACT)}"


def _said(statement: Statement, values: str) -> str:
    """The sentence, for whom it is tighter or looser, these values, and why it is grave."""
    tag = f" {escape_slack(statement.tag)}." if statement.tag else ""
    why = f" {weight(statement)}" if statement.weight else ""
    return f"{statement.mark} {joined(statement.parts)}{tag}{values}{why}"


def weight(statement: Statement) -> str:
    """Why it is critical or major, in italics."""
    return f"_({escaped(statement.weight or '', FACT).replace('_', '＿')})_"


def old_and_new(statement: Statement) -> str:
    """The values, where the sentence does not name them and there is but one pair."""
    if statement.says_it_all or len(statement.deltas) != 1:
        return listed_elsewhere(statement)
    delta = statement.deltas[0]
    old, new = (escaped(value, _VALUE) if value else None for value in (delta.old, delta.new))
    if old and new:
        return f" Was “{old}”, now “{new}”."
    return f" Now “{new}”." if new else f" Was “{old}”." if old else ""
