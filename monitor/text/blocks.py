"""Raw text in any markup, cut into blocks: paragraphs and list items with their indentation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.text.clean import TAGS, clean

NUMBER, LETTER, BULLET, WEAK_BULLET = "number", "letter", "bullet", "weak bullet"
PARAGRAPH = ""

_NARROWEST, _WIDEST = 60, 120  # columns at which plain text is wrapped by machines
_TAB = 4
_DEEPEST = 12  # levels of nested HTML lists that count
_HTML_STEP = 3

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
_HTML = re.compile(r"<(?:li|p|br|ul|ol|div|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TOKEN = re.compile(rf"<(?P<close>/?)(?P<name>{TAGS})(?:\s*/?|\s[^<>=]*=[^<>]*)>", re.IGNORECASE)
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
    text = html_to_lines(raw) if _HTML.search(raw) else raw
    lines = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text).expandtabs(_TAB).split("\n")
    blocks: list[Block] = []
    for block in _join(lines, _wrap_width(lines)):
        block.text = clean(block.text)
        if block.text:
            blocks.append(block)
    return blocks


def _wrap_width(lines: list[str]) -> int:
    """The column at which the text was wrapped; 0 if its lines are not wrapped."""
    longest = max(map(len, lines))
    return longest if _NARROWEST <= longest <= _WIDEST else 0


def _join(lines: list[str], width: int) -> Iterator[Block]:
    current: Block | None = None
    last = marker = ""
    loose = True
    for line in lines:
        stripped = line.strip()
        if not stripped:
            loose = True
            continue
        if _ONLY_MARKER.fullmatch(stripped):
            marker = line  # of the text on the next line
            continue
        block = _read_line(stripped, len(line) - len(line.lstrip()), loose=loose)
        if marker and block.kind is PARAGRAPH:
            indent = len(marker) - len(marker.lstrip())
            block = _read_line(f"{marker.strip()} {stripped}", indent, loose=True)
        marker = ""
        if current and not loose and _goes_on(current, last, block, stripped, width):
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


def _goes_on(current: Block, last: str, block: Block, stripped: str, width: int) -> bool:
    """Whether a line without a blank line before it goes on with the sentence of the line above."""
    first_word = block.text.split(" ", 1)[0]
    full = bool(width) and len(last.rstrip()) + 1 + len(first_word) > width
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


def html_to_lines(raw: str) -> str:
    """HTML as plain lines: list items with a marker, indented by their depth, paragraphs parted by blank lines."""
    pieces: list[str] = []
    counters: list[int | None] = []
    position = 0
    for token in _TOKEN.finditer(raw):
        pieces.append(_html_text(raw[position : token.start()], len(counters)))
        pieces.append(_html_break(token["name"].lower(), bool(token["close"]), counters))
        position = token.end()
    pieces.append(_html_text(raw[position:], len(counters)))
    return "".join(pieces)


def _html_text(text: str, depth: int) -> str:
    """Line breaks in HTML are spaces, but some texts keep the lists of plain text between their tags."""
    lines = text.split("\n")
    if len(lines) == 1:
        return text
    listed = any(_MARKER.match(line.strip()) for line in lines[1:])
    return ("\n" if listed and not depth else " ").join(line if listed else line.strip() for line in lines)


def _html_break(name: str, close: bool, counters: list[int | None]) -> str:  # noqa: FBT001 (one caller)
    if name in ("ul", "ol"):
        if close:
            del counters[-1:]
        elif len(counters) < _DEEPEST:
            counters.append(0 if name == "ol" else None)
        return "\n"
    margin = " " * (_HTML_STEP * max(len(counters) - 1, 0))
    if name == "li":
        return "\n" if close else f"\n{margin}{_html_marker(counters)}"
    if name == "br":
        return "\n" + (margin + "  " if counters else "")
    if name in ("p", "div", "tr", "dd", "dt", "table", "blockquote", "hr") or name[0] == "h":
        return "\n\n" + (margin + "  " if counters else "")
    return ""


def _html_marker(counters: list[int | None]) -> str:
    if not counters or counters[-1] is None:
        return "* "
    counters[-1] += 1
    return f"{counters[-1]}. "
