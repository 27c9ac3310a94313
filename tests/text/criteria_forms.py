"""One tree of criteria, written in the forms that registries and pages use."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from html import escape

Item = tuple[str, tuple[str, ...]]
Lists = tuple[Sequence[Item], Sequence[Item]]
_WIDTH = 95


def markdown(lists: Lists) -> str:
    def one(items: Sequence[Item]) -> str:
        lines = []
        for text, children in items:
            lines.append(f"* {text}")
            if children:
                lines += ["", *(f"  * {child}" for child in children)]
        return "\n".join(lines)

    return f"Inclusion Criteria:\n\n{one(lists[0])}\n\nExclusion Criteria:\n\n{one(lists[1])}"


def numbered(lists: Lists) -> str:
    def one(items: Sequence[Item]) -> str:
        lines = []
        for n, (text, children) in enumerate(items, 1):
            lines.append(f"{n}. {text}")
            if children:
                lines += ["", *(f"   {chr(97 + c)}. {child}" for c, child in enumerate(children))]
        return "\n".join(lines)

    return f"INCLUSION CRITERIA:\n\n{one(lists[0])}\n\nEXCLUSION CRITERIA:\n\n{one(lists[1])}"


def legacy(lists: Lists) -> str:
    """Wrapped and indented as in the registry's files before 2024."""

    def item(text: str, margin: int) -> str:
        pad = " " * margin
        return textwrap.fill(
            text,
            _WIDTH,
            initial_indent=f"{pad}-  ",
            subsequent_indent=pad + "   ",
            break_long_words=False,
            break_on_hyphens=False,
        )

    def one(items: Sequence[Item]) -> str:
        blocks = [block for text, children in items for block in (item(text, 10), *(item(c, 15) for c in children))]
        return "\r\n\r\n".join(blocks)

    parts = ("        Inclusion Criteria:", one(lists[0]), "        Exclusion Criteria:", one(lists[1]))
    return "\r\n" + "\r\n\r\n".join(parts) + "\r\n"


def bulleted(lists: Lists) -> str:
    def one(items: Sequence[Item]) -> str:
        return "\n".join(f"• {text}" + "".join(f"\n  ◦ {child}" for child in children) for text, children in items)

    return f"Key Inclusion Criteria\n{one(lists[0])}\nKey Exclusion Criteria\n{one(lists[1])}"


def html_lists(lists: Lists) -> str:
    def nested(texts: Sequence[str]) -> str:
        return f"<ol>{''.join(f'<li><p>{escape(text)}</p></li>' for text in texts)}</ol>" if texts else ""

    def one(items: Sequence[Item]) -> str:
        return f"<ul>{''.join(f'<li>{escape(text)}{nested(children)}</li>' for text, children in items)}</ul>"

    return f"<p>Inclusion Criteria:</p>{one(lists[0])}<p><strong>Exclusion Criteria:</strong></p>{one(lists[1])}"


def html_paragraphs(lists: Lists) -> str:
    def one(items: Sequence[Item]) -> str:
        parts = []
        for n, (text, children) in enumerate(items, 1):
            parts.append(f"<p>{n}) {escape(text)}</p>")
            parts += [f"<p>{chr(97 + c)}) {escape(child)}</p>" for c, child in enumerate(children)]
        return "\n".join(parts)

    return f"<h3>Inclusion</h3>{one(lists[0])}<h3>Exclusion</h3>{one(lists[1])}"


FORMS: tuple[Callable[[Lists], str], ...] = (markdown, numbered, legacy, bulleted, html_lists, html_paragraphs)
