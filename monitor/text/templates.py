"""Reading a template: text with gaps such as {name}. {{ and }} are braces. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from monitor.model.wording import OwnWords

_MARKS: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NAME: Final = re.compile(r"[a-z_]+")


class BadTemplate(ValueError):
    """`problem` is a sentence; `unknown` the name of a gap that is none of those known, if that is what is wrong."""

    def __init__(self, problem: str, unknown: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.unknown = unknown


def parse_template(text: str, known: Collection[str]) -> OwnWords:
    """The template. Raises BadTemplate for all that is not plain text on one line and gaps with known names."""
    if not text.isprintable():
        raise BadTemplate("must be one line, without control or invisible characters.")
    pieces: list[tuple[str, str | None]] = []
    before, end = "", 0
    for found in _MARKS.finditer(text):
        before += text[end : found.start()]
        end = found.end()
        if found[0] in ("{{", "}}"):
            before += found[0][0]
            continue
        pieces.append((before, _gap(found, known)))
        before = ""
    pieces.append((before + text[end:], None))
    return OwnWords(tuple(pieces))


def _gap(found: re.Match[str], known: Collection[str]) -> str:
    name = found[1]
    if name is None:
        raise BadTemplate(f'has a "{found[0]}" that belongs to no placeholder.')
    if name in known:
        return name
    if name and not _NAME.fullmatch(name) and _NAME.match(name):
        raise BadTemplate(f'"{found[0]}" is more than a name: formats, conversions and parts of a value are not known.')
    raise BadTemplate(f'"{found[0]}" is no placeholder.', unknown=name)
