"""Which of the pieces that read like labels are the labels of a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from monitor.sources.ctv.labels import CHAPTER, CRITERIA, EXCLUSION, INCLUSION, PROSE, SOURCE, is_noise

if TYPE_CHECKING:
    from monitor.sources.ctv.sections import Piece

LISTS = frozenset({INCLUSION, EXCLUSION, CRITERIA})
_ENOUGH = 4  # labels built alike: what is built otherwise, in the middle of prose or criteria, is none


def choose_labels(pieces: Sequence[Piece]) -> set[int]:
    """The pieces that are labels of the page, one for each label (a chapter's heading as often as it is there).

    A word of a table of contents, of another trial's card or of the prose can look like a label. What is no link, has
    something under it and is built like the other labels goes first.
    """
    candidates: dict[str, list[int]] = defaultdict(list)
    alike: dict[str, set[str]] = defaultdict(set)
    for n, piece in enumerate(pieces):
        if piece.label:
            candidates[piece.label].append(n)
            alike[piece.style].add(piece.label)
    after_noise = _after_noise(pieces)
    most = max((len(labels) for labels in alike.values()), default=0)
    prose, listed = _in_text(pieces, PROSE), _in_text(pieces, LISTS)
    chosen: set[int] = set()
    for label, found in candidates.items():
        if label == CHAPTER:
            chosen.update(found)
            continue
        if label == SOURCE:
            chosen.add(found[-1])
            continue

        def rank(n: int) -> tuple[bool, bool, bool, int, bool, int]:
            piece = pieces[n]
            empty = n + 1 >= len(pieces) or pieces[n + 1].label is not None
            return n in after_noise, piece.line.link, empty, -len(alike[piece.style]), n in prose, n

        best = min(found, key=rank)
        few = len(alike[pieces[best].style]) if most >= _ENOUGH else most
        if not (few == 1 and best in prose and _goes_on(pieces[best], pieces[best - 1])) and not (
            few in (1, 2) and best in listed and _is_listed(pieces, best)
        ):
            chosen.add(best)
    return chosen


def _after_noise(pieces: Sequence[Piece]) -> set[int]:
    """Places under a heading of something else (other trials, a newsletter), up to the next heading of its level."""
    after: set[int] = set()
    level = 0
    for n, piece in enumerate(pieces):
        if piece.line.level and is_noise(piece.text):
            level = piece.line.level
        elif level and 0 < piece.line.level <= level:
            level = 0
        if level:
            after.add(n)
    return after


def _in_text(pieces: Sequence[Piece], texts: frozenset[str]) -> set[int]:
    """Labels that follow one of these, directly or after others built alike: they may be words of that text."""
    found: set[int] = set()
    last: int | None = None
    for n, piece in enumerate(pieces):
        if not piece.label:
            continue
        if last is not None and (pieces[last].label in texts or (last in found and pieces[last].style == piece.style)):
            found.add(n)
        last = n
    return found


def _is_listed(pieces: Sequence[Piece], n: int) -> bool:
    """Whether a label with its value beside it is built and placed like the line before or after it: one of a list."""
    after = next((each for each in pieces[n + 1 :] if each.line is not pieces[n].line), pieces[n])
    return pieces[n].style.endswith("+") and any(_goes_on(pieces[n], each) for each in (pieces[n - 1], after))


def _goes_on(piece: Piece, before: Piece) -> bool:
    """Whether a piece is built and placed like the one before it."""
    return piece.line.style == before.line.style and piece.line.path[:-1] == before.line.path[:-1]
