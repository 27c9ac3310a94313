"""A page as a flat sequence of lines with minimal roles, from HTML of any make or from plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.text.clean import clean

Role: TypeAlias = Literal["heading", "item", "text"]

INLINE = frozenset(
    """
    a abbr b bdi bdo cite code data dfn em font i img ins kbd label mark q s samp small span strong sub sup time
    tt u var wbr
    """.split()  # noqa: SIM905 (a list of words reads best as words)
)
_CELLS = frozenset({"span", "a", "b", "strong", "label", "time", "mark", "small", "data"})
_SILENT = frozenset(
    """
    script style template noscript svg head nav iframe object canvas video audio select option datalist dialog
    input textarea map math
    """.split()  # noqa: SIM905 (a list of words reads best as words)
)
_ASIDE = frozenset({"aside", "footer", "form"})
_ASIDE_ROLES = frozenset({"complementary", "contentinfo", "form", "note", "alert", "status"})
_SILENT_ROLES = frozenset({"navigation", "dialog", "alertdialog", "search", "menu", "menubar", "tooltip"})
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LIST_LINE = re.compile(r"\n[ \t]*(?=(?:[-*•◦]|\(?\d{1,2}[.)]) )")
_SPACE = re.compile(r"\s+")
_STEP = 3
_DEEPEST_LIST = 8
_STYLE_DEPTH = 3  # elements that make up the look of a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a page as a reader sees it.

    `cells` are its parts where the page sets them side by side without a sentence around them; `lead` is what stands
    before the first change of inline markup. `style` is equal for lines that are built alike, `path` names the
    elements around the line, from the outermost in; `aside` the one of them that holds what is beside the matter.
    `level` is that of a heading, `indent` in columns that of a list item or of a line of plain text.
    """

    text: str
    role: Role = "text"
    level: int = 0
    indent: int = 0
    marker: str = ""
    cells: tuple[str, ...] = ()
    lead: str = ""
    style: str = ""
    path: tuple[int, ...] = ()
    aside: int = 0
    link: bool = False
    loose: bool = True


@dataclass(slots=True)
class _Open:
    """The block under way."""

    pieces: list[tuple[str, tuple[LexborNode, ...], LexborNode]] = field(default_factory=list)
    role: Role = "text"
    level: int = 0
    style: str = ""
    marker: str = ""


def lines_of_text(text: str) -> tuple[Line, ...]:
    """The lines of plain text; indentation and blank lines are kept as facts about them."""
    lines = []
    loose = True
    for raw in re.sub(r"\r\n?", "\n", text).expandtabs(4).split("\n"):
        shown = clean(raw)
        if shown:
            style = "upper" if shown.isupper() else ""
            lines.append(Line(text=shown, indent=len(raw) - len(raw.lstrip()), style=style, loose=loose))
        loose = not shown
    return tuple(lines)


def lines_of_html(page: LexborHTMLParser) -> tuple[Line, ...]:
    """The lines of an HTML document in reading order, without scripts, menus and what is hidden."""
    return () if page.body is None else tuple(_Walk().run(page.body))


class _Walk:
    """One walk over a document; no recursion, so that no depth of nesting can hurt."""

    def __init__(self) -> None:
        self._lists: list[int | None] = []
        self._blocks: list[LexborNode] = []
        self._path: list[int] = []
        self._aside = 0
        self._inline: list[LexborNode] = []
        self._open = _Open()
        self._first_of_item = False

    def run(self, root: LexborNode) -> Iterator[Line]:
        stack: list[tuple[LexborNode, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                yield from self._leave(node)
                continue
            if node.tag == "-text":
                self._add_text(node)
                continue
            if _is_silent(node):
                continue
            yield from self._enter(node)
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(_children(node)))
        yield from self._flush()

    def _add_text(self, node: LexborNode) -> None:
        text = node.text_content or ""
        if self._blocks and self._blocks[-1].tag != "pre":
            text = _LIST_LINE.sub("\x00", text)
            text = _SPACE.sub(" ", text).replace("\x00", "\n")
        if text:
            owner = self._inline[-1] if self._inline else self._blocks[-1]
            self._open.pieces.append((text, tuple(self._inline), owner))

    def _enter(self, node: LexborNode) -> Iterator[Line]:
        tag = node.tag or ""
        if tag in INLINE:
            self._inline.append(node)
            alt = node.attributes.get("alt") if tag == "img" else None
            if alt:
                yield from self._flush()
                self._open.pieces.append((alt, (node,), node))
                yield from self._flush()
            return
        yield from self._flush()
        self._blocks.append(node)
        self._path.append(node.mem_id)
        if not self._aside and _is_aside(node):
            self._aside = node.mem_id
        if tag in ("ul", "ol") and len(self._lists) < _DEEPEST_LIST:
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._first_of_item = True

    def _leave(self, node: LexborNode) -> Iterator[Line]:
        tag = node.tag or ""
        if tag in INLINE:
            self._inline.pop()
            return
        yield from self._flush()
        self._blocks.pop()
        if self._path.pop() == self._aside:
            self._aside = 0
        if tag in ("ul", "ol"):
            del self._lists[-1:]
        elif tag == "li":
            self._first_of_item = False

    def _flush(self) -> Iterator[Line]:
        pieces, self._open = self._open.pieces, _Open()
        if not pieces or not self._blocks:
            return
        solid = {owner.mem_id for text, _, owner in pieces if text.strip()}
        cells = _cells(pieces, solid)
        if len(cells) == 1 and "\n" in cells[0]:
            for part in cells[0].split("\n"):
                yield from self._line((part,), part, link=False)
            return
        link = all(any(each.tag == "a" for each in path) for text, path, _ in pieces if text.strip())
        lead = next(text for text, _, _ in pieces if text.strip()) if solid else ""
        yield from self._line(tuple(cells), lead, link=link)

    def _line(self, cells: tuple[str, ...], lead: str, *, link: bool) -> Iterator[Line]:
        shown = tuple(text for cell in cells if (text := clean(cell).replace("\n", " ")))
        if not shown:
            return
        level = _heading_level(self._blocks)
        marker = self._item_marker()
        yield Line(
            text=" ".join(shown),
            role="heading" if level else "item" if marker else "text",
            level=level,
            indent=_STEP * max(len(self._lists) - 1, 0) + (2 if self._lists and not marker else 0),
            marker=marker,
            cells=shown,
            lead=clean(lead),
            style=_style(self._blocks, self._inline, shown[0]),
            path=tuple(self._path),
            aside=self._aside,
            link=link,
        )

    def _item_marker(self) -> str:
        if not (self._lists and self._first_of_item):
            return ""
        self._first_of_item = False
        if self._lists[-1] is None:
            return "* "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "


def _children(node: LexborNode) -> list[LexborNode]:
    """The elements and texts within an element; those of a table of two rows go column by column."""
    if node.tag == "table" and (cells := _columns(node)):
        return cells
    found = []
    child = node.child
    while child is not None:
        if child.tag == "-text" or not (child.tag or "").startswith(("-", "!")):
            found.append(child)
        child = child.next
    return found


def _columns(table: LexborNode) -> list[LexborNode]:
    """The cells of a table with a row of heads and one row of values, each head before its value; else none."""
    rows = table.css("tr")
    if len(rows) != 2:  # noqa: PLR2004 (heads and values)
        return []
    heads, values = ([cell for cell in row.iter() if cell.tag in ("th", "td")] for row in rows)
    if len(heads) < 2 or len(heads) != len(values) or any(head.tag != "th" for head in heads):  # noqa: PLR2004 (one column is no table)
        return []
    if any(value.tag != "td" for value in values):
        return []
    return [cell for pair in zip(heads, values, strict=True) for cell in pair]


def _is_aside(node: LexborNode) -> bool:
    return node.tag in _ASIDE or (node.attributes.get("role") or "") in _ASIDE_ROLES


def _is_silent(node: LexborNode) -> bool:
    if node.tag in _SILENT:
        return True
    attributes = node.attributes
    if not attributes:
        return False
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or (attributes.get("role") or "") in _SILENT_ROLES
        or bool(_HIDING.search(attributes.get("style") or ""))
    )


def _cells(pieces: list[tuple[str, tuple[LexborNode, ...], LexborNode]], solid: set[int]) -> list[str]:
    """Join pieces into cells: one for each outermost inline element that has text of its own.

    Where the block itself has text, or an element is no usual cell (sup, em, ...), the whole is one sentence.
    """
    keys = []
    for text, path, _ in pieces:
        outer = next((each for each in path if each.mem_id in solid), None)
        if text.strip() and (outer is None or outer.tag not in _CELLS):
            return ["".join(piece[0] for piece in pieces)]
        keys.append(outer.mem_id if outer is not None else 0)
    cells: dict[int, str] = {}
    for key, (text, _, _) in zip(keys, pieces, strict=True):
        if key:
            cells[key] = cells.get(key, "") + text
    return list(cells.values())


def _heading_level(blocks: list[LexborNode]) -> int:
    for block in reversed(blocks[-2:]):
        tag = block.tag or ""
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":  # noqa: PLR2004 (h1 to h6)
            return int(tag[1])
        if block.attributes.get("role") == "heading":
            stated = block.attributes.get("aria-level") or ""
            return int(stated) if stated and stated in "123456789" and len(stated) == 1 else 2
    return 0


def _style(blocks: list[LexborNode], inline: list[LexborNode], first: str) -> str:
    path = [each.tag or "" for each in [*blocks, *inline][-_STYLE_DEPTH:]]
    return ">".join([*path, "upper" if first.isupper() else ""])
