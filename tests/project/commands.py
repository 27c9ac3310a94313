"""Commands of a Markdown text: what a reader is told to type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT = "$ "


@dataclass(frozen=True, slots=True)
class Command:
    """One command and the line of the document on which it stands."""

    line: int
    text: str


def commands(markdown: str) -> Iterator[Command]:
    """Every line of ```sh blocks, and every line after a prompt in ```console blocks; comments and output left out."""
    for fence in _FENCE.finditer(markdown):
        if fence["language"] not in ("sh", "console"):
            continue
        first = markdown.count("\n", 0, fence.start("text")) + 1
        yield from _of_block(fence["text"], first, prompted=fence["language"] == "console")


def _of_block(block: str, first: int, *, prompted: bool) -> Iterator[Command]:
    lines = iter(enumerate(block.splitlines(), start=first))
    for number, line in lines:
        if prompted and not line.startswith(PROMPT):
            continue
        text = line.removeprefix(PROMPT) if prompted else line
        while text.endswith("\\"):
            text = text[:-1].rstrip() + " " + next(lines)[1].strip()
        if text.strip() and not text.lstrip().startswith("#"):
            yield Command(number, _bare(text))


def _bare(text: str) -> str:
    """Without a comment at its end."""
    return re.sub(r"\s{2,}#.*$", "", text).strip()
