"""What became of a text, word by word: removed and added words marked, long equal stretches left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from monitor.cli.terminal import Line, Screen, Span, Style, cells, width_of, wrap
from monitor.model.json import Json

Pieces: TypeAlias = Sequence[tuple[str, str]]

STYLES = {"-": Style.REMOVED, "+": Style.ADDED}
BRACKETS = {Style.REMOVED: ("[-", "-]"), Style.ADDED: ("{+", "+}")}
KEPT = 60  # characters of an equal stretch that stay on each side of a gap
RULE = " │ "


def read_pieces(value: Json) -> Pieces:
    """The `pieces` of a change's detail, [[sign, text], ...]; empty for anything else."""
    if not isinstance(value, list | tuple):
        return ()
    pairs = [(str(item[0]), str(item[1])) for item in value if isinstance(item, list | tuple) and len(item) == 2]  # noqa: PLR2004 (a pair)
    return pairs if len(pairs) == len(value) else ()


def shortened(pieces: Pieces) -> Pieces:
    """The pieces with the middle of every long equal stretch left out."""
    last = len(pieces) - 1
    return [
        (sign, _gap(text, first=n == 0, last=n == last) if sign == "=" else text)
        for n, (sign, text) in enumerate(pieces)
    ]


def _gap(text: str, *, first: bool, last: bool) -> str:
    if len(text) <= 3 * KEPT:
        return text
    head = "" if first else text[:KEPT].rpartition(" ")[0]
    tail = "" if last else text[-KEPT:].partition(" ")[2]
    return " ".join(part for part in (head, "…", tail) if part)


def inline(pieces: Pieces, screen: Screen) -> list[Span]:
    """One running text. Without colour removed words stand in [- -], added ones in {+ +}."""
    return [span for sign, text in pieces for span in _marked(sign, screen.fit(text), screen)]


def _marked(sign: str, text: str, screen: Screen) -> list[Span]:
    """The space before and after a piece stays outside its marks."""
    core = text.strip()
    style = STYLES.get(sign, Style.PLAIN)
    if not style or not core:
        return [Span(text)]
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    opening, closing = ("", "") if screen.color else BRACKETS[style]
    return [Span(before), Span(f"{opening}{core}{closing}", style), Span(after)]


def side_by_side(pieces: Pieces, screen: Screen, *, indent: int) -> list[str]:
    """The old text on the left, the new one on the right, with a rule between."""
    rule = screen.spell(RULE)
    width = (screen.width - indent - cells(rule)) // 2
    left = _column([piece for piece in pieces if piece[0] != "+"], width, screen)
    right = _column([piece for piece in pieces if piece[0] != "-"], width, screen)
    rows = max(len(left), len(right))
    left, right = left + [()] * (rows - len(left)), right + [()] * (rows - len(right))
    return [
        screen.paint((Span(" " * indent), *old, Span(" " * (width - width_of(old)) + rule), *new))
        for old, new in zip(left, right, strict=True)
    ]


def _column(pieces: Pieces, width: int, screen: Screen) -> list[Line]:
    """Wrapped so that every line still fits when each marked stretch in it has brackets of its own."""
    spans = [Span(screen.fit(text), STYLES.get(sign, Style.PLAIN)) for sign, text in pieces]
    lines: list[Line] = []
    for spare in range(0, width // 2, 2):
        lines = [_bracketed(line, screen) for line in wrap(spans, width - spare)]
        if all(width_of(line) <= width for line in lines):
            break
    return lines


def _bracketed(line: Line, screen: Screen) -> Line:
    if screen.color:
        return line
    done: list[Span] = []
    for span in line:
        opening, closing = BRACKETS.get(span.style, ("", ""))
        core = span.text.strip()
        if not opening or not core:
            done.append(span)
            continue
        start = span.text.index(core)
        done.append(Span(span.text[:start]))
        done.append(replace(span, text=f"{opening}{core}{closing}"))
        done.append(Span(span.text[start + len(core) :]))
    return tuple(done)
