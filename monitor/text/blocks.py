"""Raw text in any markup, cut into blocks: paragraphs and list items with their indentation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.text.clean import clean
from monitor.text.markup import html_to_lines, is_html

NUMBER, LETTER, BULLET, WEAK_BULLET = "number", "letter", "bullet", "weak bullet"
PARAGRAPH = ""

_NARROWEST, _WIDEST = 60, 120  # columns at which plain text is wrapped by machines
_RAGGED, _FULL_LINES = 20, 3  # so many lines end within so many columns of the longest
_MARGIN = 4  # columns that a registry's wrapped files leave free, and blank lines part their items
_TAB = 4

_MARKER = re.compile(
    r"""(?:\\?[*+]\s+ | \\?-{1,3}\s+ | [–—−·○□■∙]\s+ | [•●‣⁃➢➤✓✔◆♦❖]\s*   # a bullet
         | (?P<hyphen>\\?-(?=[A-Z≥≤<>(\\]))                       # a hyphen with no space after it
         | (?P<weak>[◦▪▫○]\s*|o\s+(?=\S))
         | (?P<number>\(?\d{1,3}(?:\\?[.)]\)?\s+|\\?[)]\s*|\\?\.(?=[A-Z≥≤<>])|[、）．]\s*)|（\d{1,2}）\s*)
         | (?P<levels>\d{1,2}(?:\\?\.\d{1,2}){1,3}(?:\\?[.)]\s+|\s+(?=[A-Z][a-z]{3})))
         | (?P<letter>\(?(?:[a-z]|[ivx]{1,5})(?:\\?[.)]\)?\s+|\\?\)\.?\s*)
                     |\(?(?:[A-Z]|[IVX]{1,5})(?:\\?\)\.?\s*|\\?\.\s+(?=[A-Z\d]))))
    """,
    re.VERBOSE,
)
_SECOND_NUMBER = re.compile(r"\(?\d{1,3}\\?[.)]\)?\s+(?=\D)")
_ONLY_MARKER = re.compile(r"\\?[-*+•●·◦▪]|\(?\d{1,3}[.)]")
_DIGITS = re.compile(r"\d+")
_SECTION = re.compile(r"(?:[A-Z]\w+ ){0,3}(?:In|Ex|IN|EX)(?i:clusion(?: criteri(?:a|on))?\s*:?)")
_CONTINUES = re.compile(r"[a-z,;)\]%/&=]")
_ENDS_OPEN = re.compile(r"(?:[,(\[/–-]|\b(?:and|or|of|the|to|with|in|for|by|at|on|from|than|that))\Z", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """A paragraph or a list item of the text. `text` is clean; `number` is 0 where the marker is none."""

    indent: int
    kind: str
    number: int
    text: str
    text_indent: int
    loose: bool  # a blank line stands before it


def cut_blocks(raw: str) -> list[Block]:
    """The blocks of a text (Markdown, numbered, bulleted, wrapped, HTML) in its order, none of them empty."""
    text = html_to_lines(raw, lambda line: bool(_MARKER.match(line))) if is_html(raw) else raw
    lines = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text).expandtabs(_TAB).split("\n")
    blocks: list[Block] = []
    for block in _join(lines, _wrap_width(lines), parted=_margin(lines) >= _MARGIN):
        block.text = clean(block.text)
        if block.text:
            blocks.append(block)
    return blocks


def _wrap_width(lines: list[str]) -> int:
    """The column at which the text was wrapped; 0 if its lines are not wrapped."""
    lengths = [len(line) for line in lines if " " in line.strip()]  # one word alone cannot be wrapped
    longest = max(lengths, default=0)
    wrapped = _margin(lines) >= _MARGIN or sum(length > longest - _RAGGED for length in lengths) >= _FULL_LINES
    return longest if wrapped and _NARROWEST <= longest <= _WIDEST else 0


def _margin(lines: list[str]) -> int:
    return min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)


def _join(lines: list[str], width: int, *, parted: bool) -> Iterator[Block]:
    """The lines as blocks. `width`: where they are wrapped (0: nowhere); `parted`: blank lines stand between items."""
    current: Block | None = None
    last = marker = ""
    loose = True
    for line in lines:
        stripped = line.strip()
        if not stripped:
            loose = True
            continue
        indent = len(line) - len(line.lstrip())
        full = bool(width) and len(last.rstrip()) + 1 + len(stripped.split(" ", 1)[0]) > width
        inside = parted and full and not loose and current and indent in (current.indent, current.text_indent)
        if _ONLY_MARKER.fullmatch(stripped) and not inside:
            marker = line  # of the text on the next line
            continue
        block = _read_line(stripped, indent, loose=loose)
        if marker and block.kind is PARAGRAPH:
            block = _read_line(f"{marker.strip()} {stripped}", len(marker) - len(marker.lstrip()), loose=True)
        marker = ""
        if current and not loose and (inside or _goes_on(current, last, block, stripped, full=full)):
            current.text += " " + stripped
        else:
            if current:
                yield current
            current = block
        last, loose = line, False
    if current:
        yield current


def _read_line(stripped: str, indent: int, *, loose: bool) -> Block:
    found = _MARKER.match(stripped)
    if not found:
        return Block(indent, PARAGRAPH, 0, stripped, indent, loose)
    text = stripped[found.end() :]
    kind, number = BULLET, 0
    if found["number"] or found["levels"]:
        digits = _DIGITS.findall(found[0])
        kind, number = NUMBER, int(digits[-1])
    elif found["letter"]:
        kind = LETTER
    elif found["weak"]:
        kind = WEAK_BULLET
    if second := _SECOND_NUMBER.match(text):
        text = text[second.end() :]
    return Block(indent, kind, number, text, indent + found.end(), loose)


def _goes_on(current: Block, last: str, block: Block, stripped: str, *, full: bool) -> bool:
    """Whether a line without a blank line before it goes on with the sentence of the line above, if that is `full`."""
    if block.kind is PARAGRAPH:
        if _SECTION.fullmatch(block.text):
            return False
        return full or bool(_CONTINUES.match(block.text)) or bool(_ENDS_OPEN.search(last.rstrip()))
    if not full or (current.kind is PARAGRAPH and block.indent != current.indent):
        return False
    if stripped[0] != "o" and block.kind in (BULLET, WEAK_BULLET):
        return False
    follows = block.kind is NUMBER and block.number in (1, current.number + 1)
    return not follows and block.indent == current.text_indent
