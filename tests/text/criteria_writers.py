"""Criteria in a registry's Markdown, written in its two other forms by a reader of Markdown that is not ours."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_WIDTH, _MARGIN, _STEP = 100, 8, 5
_LEGACY_ITEM = re.compile(r"( *)(-|\d{1,2}\.) +")
_MARKDOWN = MarkdownIt("commonmark", {"breaks": True}).disable(["code", "heading", "lheading", "hr", "html_block"])


def as_html(markdown: str) -> str:
    """As in the registry's history: lists, paragraphs, line breaks."""
    return str(_MARKDOWN.render(markdown))


def as_legacy(markdown: str) -> str:
    """As in the registry's files before 2024: indented, wrapped, a blank line between any two blocks."""
    return "\n" + "\n\n".join(_blocks(SyntaxTreeNode(_MARKDOWN.parse(markdown)), _MARGIN)) + "\n"


def legacy_as_markdown(legacy: str) -> str:
    """The registry's wrapped text as Markdown: one line an item, set in by its level."""
    written: list[str] = []
    for block in re.split(r"\n\s*\n", legacy.rstrip()):
        lines = [line for line in block.split("\n") if line.strip()]
        found = _LEGACY_ITEM.match(lines[0]) if lines else None
        if found:
            level = "  " * round((len(found[1]) - _MARGIN - 2) / _STEP)
            text = " ".join([lines[0][found.end() :], *lines[1:]])
            written.append(f"{level}{found[2].replace('-', '*')} {' '.join(text.split())}")
        elif lines:
            written.append(f"\n{' '.join(' '.join(lines).split())}\n")
    return "\n".join(written).strip()


def _blocks(node: SyntaxTreeNode, margin: int) -> Iterator[str]:
    for child in node.children:
        if child.type in ("bullet_list", "ordered_list"):
            number = int(child.attrs.get("start", 1))
            for n, item in enumerate(child.children, number):
                yield from _item(item, "-  " if child.type == "bullet_list" else f"{n}. ", margin + 2)
        elif child.type == "paragraph":
            yield from (_wrapped(line, " " * margin, " " * margin) for line in _lines(child))
        else:
            yield from _blocks(child, margin)


def _item(item: SyntaxTreeNode, marker: str, margin: int) -> Iterator[str]:
    first, rest = (item.children[0], item.children[1:]) if item.children else (None, [])
    inner = margin + 3
    lead = " " * (inner - len(marker)) + marker
    if first is None or first.type != "paragraph":
        yield lead.rstrip()
        yield from _blocks(item, inner)
        return
    opening, *more = _lines(first)
    yield _wrapped(opening, lead, " " * inner)
    yield from (_wrapped(line, " " * inner, " " * inner) for line in more)
    for child in rest:
        yield from _blocks(SyntaxTreeNode(child.to_tokens()), inner)


def _lines(paragraph: SyntaxTreeNode) -> list[str]:
    """The lines of a paragraph as plain text."""
    return _plain(paragraph.children[0]).split("\n")


def _plain(node: SyntaxTreeNode) -> str:
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    return node.content if not node.children else "".join(map(_plain, node.children))


def _wrapped(text: str, lead: str, margin: str) -> str:
    return textwrap.fill(
        " ".join(text.split()),
        _WIDTH,
        initial_indent=lead,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
