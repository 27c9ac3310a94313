"""HTML as plain lines, the form in which criteria are cut."""

from __future__ import annotations

import re
from collections.abc import Callable

from monitor.text.clean import TAGS

_DEEPEST = 12  # levels of nested lists that count
_STEP = 3  # columns that a level is set in
_INNER = 2  # columns that the paragraphs of an item are set in

_HTML = re.compile(r"<(?:li|p|br|ul|ol|div|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TOKEN = re.compile(rf"<(?P<close>/?)(?P<name>{TAGS})(?:\s*/?|\s[^<>=]*=[^<>]*)>", re.IGNORECASE)
_PARAGRAPHS = frozenset("p div tr dd dt table blockquote hr h1 h2 h3 h4 h5 h6".split())  # noqa: SIM905 (reads best so)


def is_html(raw: str) -> bool:
    """Whether a text is laid out by tags."""
    return bool(_HTML.search(raw))


def html_to_lines(raw: str, is_item: Callable[[str], bool]) -> str:
    """List items with a marker, indented by their depth; paragraphs parted by blank lines.

    `is_item` says whether a line of plain text begins with a marker of its own.
    """
    lines = _Lines(is_item)
    position = 0
    for token in _TOKEN.finditer(raw):
        lines.text(raw[position : token.start()])
        lines.tag(token["name"].lower(), opens=not token["close"])
        position = token.end()
    lines.text(raw[position:])
    return "".join(lines.pieces)


class _Lines:
    """The lines so far, and the lists that are open: their last number, None where they have bullets."""

    def __init__(self, is_item: Callable[[str], bool]) -> None:
        self.pieces: list[str] = []
        self._is_item = is_item
        self._lists: list[int | None] = []
        self._marked = False  # a marker waits for its text

    def text(self, text: str) -> None:
        """Line breaks are spaces, but some texts keep the lists of plain text between their tags."""
        if text.strip():
            self._marked = False
        lines = text.split("\n")
        if len(lines) == 1:
            self.pieces.append(text)
            return
        listed = any(self._is_item(line.strip()) for line in lines[1:])
        joint = "\n" if listed and not self._lists else " "
        self.pieces.append(joint.join(line if listed else line.strip() for line in lines))

    def tag(self, name: str, *, opens: bool) -> None:
        if name in ("ul", "ol"):
            self._list(name, opens=opens)
        elif name == "li":
            self.pieces.append(f"\n{self._margin()}{self._marker()}" if opens else "\n")
            self._marked = opens
        elif name == "br" or (name in _PARAGRAPHS and not self._marked):
            inner = " " * _INNER if self._lists else ""
            self.pieces.append(("\n" if name == "br" else "\n\n") + self._margin() + inner)

    def _list(self, name: str, *, opens: bool) -> None:
        if not opens:
            del self._lists[-1:]
        elif len(self._lists) < _DEEPEST:
            self._lists.append(0 if name == "ol" else None)
        self.pieces.append("\n")

    def _margin(self) -> str:
        return " " * (_STEP * max(len(self._lists) - 1, 0))

    def _marker(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "* "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "
