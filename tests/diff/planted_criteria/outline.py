"""A registry's criteria text as lines, read without any of the program's own readers."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

_ITEM = re.compile(r"( *)([*-]|\d{1,2}\.)( +)(\S.*)")
_SECTION = re.compile(r" *(?:Key )?(in|ex)clusion criteria *:? *", re.IGNORECASE)
_MENTION = re.compile(
    r"\b[ie][nx]clusions? criteri(?:a|on)\b|\A *[ie][nx]clusions?\b", re.IGNORECASE
)  # maybe a heading
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ODD = re.compile(r"[^\W\d_]+clusion|<[a-z/]|(?:\A| )\(?(?:\d{1,2}|[a-z]|[ivx]+)[.)] |\A[-–*•·o◦\\(]|&", re.IGNORECASE)
_LETTERS, _WORDS, _LONGEST = 8, 2, 600


@dataclass(slots=True, eq=False)
class Line:
    """One line: of an item if it has a marker. `section` is "inclusion" or "exclusion" for what stands under one."""

    text: str
    indent: int = 0
    marker: str = ""
    gap: str = " "
    section: str | None = None
    plain: bool = False  # an item on one line whose text no reader could take for more or less
    touched: bool = False

    def __str__(self) -> str:
        return " " * self.indent + self.marker + self.gap + self.text if self.marker else self.text


@dataclass(slots=True)
class Outline:
    """The lines of a text, open to edits."""

    lines: list[Line] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join(map(str, self.lines))

    def free(self) -> list[Line]:
        """The plain items that nobody touched yet."""
        return [line for line in self.lines if line.plain and not line.touched]

    def lists(self) -> Iterator[list[Line]]:
        """The items that stand in one list, and no sub-items."""
        open_lists: list[list[Line]] = []
        for line in self.lines:
            if not line.text:
                continue
            while open_lists and (not line.marker or open_lists[-1][0].indent > line.indent):
                yield open_lists.pop()
            if not line.marker:
                continue
            if open_lists and open_lists[-1][0].indent == line.indent:
                open_lists[-1].append(line)
            else:
                open_lists.append([line])
        yield from open_lists

    def put(self, new: Line, before: Line) -> None:
        """A line more, parted from its neighbour as that is from the one above."""
        at = self.lines.index(before)
        loose = at > 1 and not self.lines[at - 1].text and bool(self.lines[at - 2].marker)
        self.lines[at:at] = [new, Line("")] if loose else [new]

    def drop(self, line: Line) -> None:
        self.lines.remove(line)


def read_outline(raw: str) -> Outline | None:
    """The text's lines; None for a text without one heading for each of the two sections, in this order."""
    outline = Outline()
    section: str | None = None
    seen: list[str | None] = []
    for raw_line in raw.split("\n"):
        found = _ITEM.fullmatch(raw_line.rstrip())
        heading = _SECTION.fullmatch(raw_line)
        if heading:
            section = f"{heading[1].lower()}clusion"
        if _MENTION.search(raw_line):
            seen.append(section)
        if found:
            outline.lines.append(Line(found[4], len(found[1]), found[2], found[3], section))
        else:
            outline.lines.append(Line(raw_line.rstrip(), section=section))
    if seen != ["inclusion", "exclusion"]:
        return None
    for line, following in _neighbours(outline.lines):
        line.plain = _is_plain(line, following)
    return outline


def _neighbours(lines: list[Line]) -> Iterator[tuple[Line, Line | None]]:
    spoken = [line for line in lines if line.text]
    for n, line in enumerate(spoken):
        yield line, spoken[n + 1] if n + 1 < len(spoken) else None


def _is_plain(line: Line, following: Line | None) -> bool:
    """One line of words, no parent, and nothing below that could go on with it."""
    if not line.marker or not line.section or line.text.endswith(":") or _ODD.search(shown(line.text)):
        return False
    letters = sum(map(str.isalpha, line.text))
    if letters < _LETTERS or len(line.text.split()) < _WORDS or len(line.text) > _LONGEST:
        return False
    return following is None or following.section != line.section or _follows(line, following)


def _follows(line: Line, following: Line) -> bool:
    return bool(following.marker) and following.indent <= line.indent


def shown(text: str) -> str:
    """The words of an item as a reader sees them."""
    return " ".join(unicodedata.normalize("NFC", html.unescape(_ESCAPE.sub(r"\1", text))).split())
