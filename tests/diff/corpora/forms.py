"""The same texts in the three forms that the registry has given them: Markdown, HTML, and wrapped plain text."""

from __future__ import annotations

import copy
import html
import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Form: TypeAlias = Callable[[str], str]

_ITEM = re.compile(r"(?P<indent> *)(?P<mark>[*-]|\d{1,3}[.)]) +(?P<text>.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\([!-/:-@\[\]-`{-~])")
_START = re.compile(r"\n(?= *(?:[*-]|\d{1,3}[.)]) )")
_BLANK = re.compile(r"\n\s*\n")
_MARKED_UP = ("briefSummary", "detailedDescription", "description", "studyPopulation")
_ONE_LINE = ("measure", "timeFrame", "briefTitle", "officialTitle", "label", "whyStopped")
_WIDTH, _MARGIN = 94, " " * 6


def in_form(study: dict[str, Any], form: Form) -> dict[str, Any]:
    """The study with each of its free texts in another form; the criteria have tests of their own."""
    told = copy.deepcopy(study)
    _rewrite(told["protocolSection"], form)
    return told


def as_html(text: str) -> str:
    """Paragraphs and lists as the registry's history shows them, a list as deep as its items are indented."""
    return "".join(_html(_blocks(text)))


def as_plain(text: str) -> str:
    """Lines wrapped and indented, as the registry's XML had them; nothing is escaped."""
    blocks = []
    for indent, mark, words in _blocks(text):
        margin = _MARGIN + " " * indent + (" " * 4 if mark else "")
        lead = margin + (f"{'-' if mark in '*-' else mark} " if mark else "")
        follow = " " * len(lead)
        lines = textwrap.TextWrapper(_WIDTH, lead, follow, break_on_hyphens=False, break_long_words=False)
        blocks.append(lines.fill(words).replace("\n", "\r\n"))
    return "\r\n" + "\r\n\r\n".join(blocks) + "\r\n    "


def _rewrite(value: Any, form: Form) -> None:
    if isinstance(value, list):
        for inner in value:
            _rewrite(inner, form)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str) and name in _MARKED_UP:
                value[name] = form(inner)
            elif isinstance(inner, str) and name in _ONE_LINE:
                value[name] = _ESCAPE.sub(r"\1", inner) if form is as_plain else html.escape(inner, quote=False)
            else:
                _rewrite(inner, form)


def _blocks(text: str) -> Iterator[tuple[int, str, str]]:
    """Indentation, mark ("" for a paragraph) and words of each block."""
    for paragraph in _BLANK.split(text):
        for part in _START.split(paragraph):
            found = _ITEM.fullmatch(part.rstrip())
            words = found["text"] if found else part
            spoken = " ".join(_ESCAPE.sub(r"\1", words).split())
            if spoken:
                yield (len(found["indent"]), found["mark"], spoken) if found else (0, "", spoken)


def _html(blocks: Iterator[tuple[int, str, str]]) -> Iterator[str]:
    open_lists: list[tuple[int, str]] = []
    for indent, mark, words in blocks:
        while open_lists and (not mark or open_lists[-1][0] > indent):
            yield f"</{open_lists.pop()[1]}>"
        if not mark:
            yield f"<p>{html.escape(words, quote=False)}</p>"
            continue
        if not open_lists or open_lists[-1][0] < indent:
            number = mark.rstrip(".)")
            open_lists.append((indent, "ol" if number.isdigit() else "ul"))
            yield f'<ol start="{number}">' if number.isdigit() and number != "1" else f"<{open_lists[-1][1]}>"
        yield f"<li>{html.escape(words, quote=False)}</li>"
    while open_lists:
        yield f"</{open_lists.pop()[1]}>"
