"""What the terminal can do, and text that fits it: marks, the 16 named colours, widths in cells, wrapping on words."""

from __future__ import annotations

import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal, TextIO

from monitor.model.change import Severity
from monitor.text.clean import harmless

ColorWhen = Literal["auto", "always", "never"]

NARROWEST = 20
NARROW = 60  # below, the column of categories goes
TINY = 40  # below, nothing is aligned
GAP = 2  # columns between those of a table
SMALLEST_COLUMN = 8
MARGIN = 2  # columns left free at the right edge
WIDE = 120  # from here on, sponsors, dates and side-by-side views fit


class Style(StrEnum):
    """Named for what it means; the values are SGR codes of the named colours, so that the reader's theme decides."""

    PLAIN = ""
    CRITICAL = "31"
    MAJOR = "33"
    MINOR = "34"
    ADMINISTRATIVE = "2"
    DIM = "2"
    ID = "36"
    STRONG = "1"
    REMOVED = "9;31"
    ADDED = "4;36"


MARKS = {
    Severity.CRITICAL: ("◆", "!", Style.CRITICAL),
    Severity.MAJOR: ("▲", "^", Style.MAJOR),
    Severity.MINOR: ("●", "*", Style.MINOR),
    Severity.ADMINISTRATIVE: ("○", "-", Style.ADMINISTRATIVE),
}

HARD_SPACE = "\u00a0"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
WHOLE = re.compile(
    rf"\((?:was )?[^() ]+(?: [^() ]+){{0,2}}\)|\b(?:\d{{1,2}} )?{_MONTH} \d{{4}}\b|\b\d{{1,2}} {_MONTH}\b"
)

ASCII = {
    "◆": "!", "▲": "^", "●": "*", "○": "-", "▸": ">", "◂": "<", "≈": "~", "→": "->", "…": "...", "·": "-", "│": "|",
    "–": "-", "—": "-", "−": "-", "‑": "-", "█": "#", "░": ".", "“": '"', "”": '"', "‘": "'", "’": "'", "≥": ">=",
    "≤": "<=", "×": "x", "±": "+/-", "µ": "u", "μ": "u", "•": "*", "°": " deg", "ß": "ss", "æ": "ae", "ø": "o",
    "Ø": "O", "ł": "l", "Ł": "L", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    text: str
    style: Style = Style.PLAIN


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Where text will be read.

    `height` None means that it is not a terminal, so nothing is paged; `interactive` that a person sees stderr now.
    """

    width: int
    height: int | None = None
    color: bool = False
    interactive: bool = False
    encoding: str = "utf-8"

    @property
    def utf8(self) -> bool:
        return self.encoding.lower().replace("-", "").replace("_", "") in ("utf8", "cp65001")

    @property
    def measure(self) -> int:
        """The longest line of running text: where there is room, less than the screen."""
        return self.width - MARGIN if TINY <= self.width < WIDE else self.width

    def with_color(self, when: ColorWhen, environ: Mapping[str, str]) -> Screen:
        """This screen, with colour as the user asked; `auto` looks at the terminal and at NO_COLOR."""
        if when == "auto":
            return replace(self, color=self.height is not None and _allows_color(environ))
        return replace(self, color=when == "always")

    def fit(self, text: str) -> str:
        """Text of a registry made fit to print: no control or bidirectional characters, and only what the terminal
        can show. Line breaks become spaces."""
        return self.spell(harmless(text))

    def spell(self, text: str) -> str:
        """`text` in characters that the terminal's encoding has."""
        if self.utf8 or text.isascii():
            return text
        return "".join(self._spell(c) for c in text)

    def _spell(self, char: str) -> str:
        try:
            char.encode(self.encoding)
        except (UnicodeEncodeError, LookupError):
            return ASCII.get(char) or "".join(c for c in unicodedata.normalize("NFKD", char) if c.isascii()) or "?"
        return char

    def mark(self, severity: Severity) -> Span:
        shape, plain, style = MARKS[severity]
        return Span(shape if self.utf8 else plain, style)

    def paint(self, line: Iterable[Span]) -> str:
        """One line as it is printed."""
        return "".join(self._paint(span) for span in line).replace(HARD_SPACE, " ").rstrip()

    def _paint(self, span: Span) -> str:
        if not span.style or not self.color or not span.text:
            return span.text
        return f"\x1b[{span.style}m{span.text}\x1b[0m"


def screen_of(stream: TextIO, environ: Mapping[str, str]) -> Screen:
    """Measure the terminal behind `stream`; a pipe counts as 80 columns unless COLUMNS says otherwise."""
    size = shutil.get_terminal_size((80, 24))
    terminal = stream.isatty() and environ.get("TERM") != "dumb"
    return Screen(
        width=max(size.columns, NARROWEST),
        height=size.lines if stream.isatty() else None,
        color=terminal and _allows_color(environ),
        interactive=sys.stderr.isatty() and environ.get("TERM") != "dumb",
        encoding=stream.encoding or "ascii",
    )


def _allows_color(environ: Mapping[str, str]) -> bool:
    return not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def cells(text: str) -> int:
    """How many columns `text` takes."""
    if text.isascii():
        return len(text)
    return sum(_cell(c) for c in text)


def _cell(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def width_of(line: Iterable[Span]) -> int:
    return sum(cells(span.text) for span in line)


def cut(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` in at most `width` columns; what is cut ends in the ellipsis."""
    if cells(text) <= width:
        return text
    room, kept = width - cells(ellipsis), 0
    for n, char in enumerate(text):
        kept += _cell(char)
        if kept > room:
            return text[:n].rstrip() + ellipsis
    return text


def wrap(spans: Sequence[Span], width: int) -> list[Line]:
    """Lines of at most `width` columns, broken between words; a word longer than a line is broken where it must.

    Dates and short asides ("(was Jul 2026)") stay on one line.
    """
    lines: list[list[Span]] = [[]]
    used = 0
    whole = [replace(span, text=WHOLE.sub(_held, span.text)) for span in spans]
    for gap, word in _words(whole, max(width, 1)):
        size = width_of(word)
        if lines[-1] and used + width_of(gap) + size > width:
            lines.append([])
            used = 0
        elif lines[-1]:
            lines[-1].extend(gap)
            used += width_of(gap)
        lines[-1].extend(word)
        used += size
    return [_joined(line) for line in lines]


def _held(found: re.Match[str]) -> str:
    return found[0].replace(" ", HARD_SPACE)


def _words(spans: Sequence[Span], width: int) -> Iterable[tuple[list[Span], list[Span]]]:
    """Each word as spans, with the space that stands before it. A word may change its style inside."""
    gap: list[Span] = []
    word: list[Span] = []
    size = 0
    for span in spans:
        for char in span.text:
            if char == " ":
                if word:
                    yield gap, word
                    gap, word, size = [], [], 0
                gap.append(Span(char, span.style))
            else:
                if word and size + _cell(char) > width:
                    yield gap, word
                    gap, word, size = [], [], 0
                word.append(Span(char, span.style))
                size += _cell(char)
    if word:
        yield gap, word


def _joined(line: list[Span]) -> Line:
    joined: list[Span] = []
    for span in line:
        if joined and joined[-1].style == span.style:
            joined[-1] = Span(joined[-1].text + span.text, span.style)
        else:
            joined.append(span)
    return tuple(joined)


def hang(head: Sequence[Span], body: Sequence[Span], screen: Screen, *, indent: int | None = None) -> list[str]:
    """Painted lines: `head`, then `body` wrapped under itself (or under `indent` columns)."""
    column = width_of(head) if indent is None else indent
    first, *rest = wrap(body, max(screen.measure - max(column, width_of(head)), 10))
    pad = (Span(" " * column),)
    return [screen.paint((*head, *first)), *(screen.paint((*pad, *line)) for line in rest)]


def stressed(sentence: str, strong: Iterable[str]) -> list[Span]:
    """The sentence with its strong parts, each sought after the one before."""
    spans: list[Span] = []
    at = 0
    for part in strong:
        found = sentence.find(part, at) if part else -1
        if found >= 0:
            spans += [Span(sentence[at:found]), Span(part, Style.STRONG)]
            at = found + len(part)
    return [span for span in (*spans, Span(sentence[at:])) if span.text]


def right(left: Sequence[Span], text: Span, screen: Screen) -> str:
    """`left`, and `text` at the right edge where there is room for it."""
    room = screen.width - width_of(left) - cells(text.text)
    return screen.paint((*left, Span(" " * room), text)) if room > 1 else screen.paint(left)


def table(rows: Sequence[Sequence[Span]], screen: Screen, *, head: Sequence[str]) -> str:
    """Columns as wide as they need, the widest cut where the screen is too narrow for all.

    Under 40 columns nothing is aligned.
    """
    heading = [Span(word, Style.DIM) for word in head]
    if screen.width < TINY:
        return "\n".join(screen.paint(_spaced(row)) for row in rows)
    grid = [heading, *rows]
    widths = _fitted([max(cells(row[n].text) for row in grid) for n in range(len(head))], screen.measure)
    return "\n".join(screen.paint(_row(row, widths, screen)) for row in grid)


def _fitted(widths: list[int], room: int) -> list[int]:
    """The widths, the widest made smaller until all fit beside each other."""
    while sum(widths) + GAP * (len(widths) - 1) > room and max(widths) > SMALLEST_COLUMN:
        widths[widths.index(max(widths))] -= 1
    return widths


def _spaced(row: Sequence[Span]) -> list[Span]:
    return [part for span in row if span.text for part in (span, Span("  "))]


def _row(row: Sequence[Span], widths: Sequence[int], screen: Screen) -> list[Span]:
    line: list[Span] = []
    for span, width in zip(row, widths, strict=True):
        text = cut(span.text, width, screen.spell("…"))
        line += [Span(text, span.style), Span(" " * (width - cells(text) + GAP))]
    return line
