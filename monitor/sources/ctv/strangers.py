"""Labels that were never seen: built like the labels of a page, and unlike everything else on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from monitor.sources.ctv.labels import CHAPTER, SOURCE, could_be_label, is_noise

if TYPE_CHECKING:
    from monitor.sources.ctv.lines import Line
    from monitor.sources.ctv.sections import Piece

_ENOUGH = 4  # known labels of one build: fewer say nothing about what a label looks like here
_MOST = 3  # of that build no more unknown lines than one for so many labels, else values are built alike


def strange_labels(pieces: Sequence[Piece], chosen: Collection[int]) -> frozenset[int]:
    """The places between the first and the last label of what looks like a label and is none that is known.

    A page whose labels are built like its values has none that could be told.
    """
    own = [n for n in sorted(chosen) if pieces[n].label not in (CHAPTER, SOURCE)]
    if not own:
        return frozenset()
    builds = Counter(_build(pieces[n].line) for n in own)
    alike: dict[str, list[int]] = {build: [] for build, number in builds.items() if number >= _ENOUGH and build}
    for n in range(own[0] + 1, own[-1]):
        if n not in chosen and _build(pieces[n].line) in alike:
            alike[_build(pieces[n].line)].append(n)
    few = (found for build, found in alike.items() if len(found) * _MOST <= builds[build])
    return frozenset(n for found in few for n in found if _is_label(pieces, n, chosen))


def _build(line: Line) -> str:
    """How a line is made, letters aside; plain text is made of nothing."""
    return line.style.rpartition(">")[0]


def _is_label(pieces: Sequence[Piece], n: int, chosen: Collection[int]) -> bool:
    """True if it reads like a label, is no other's double, and has something under it."""
    piece, after = pieces[n], pieces[n + 1]
    if piece.label or piece.line.link or piece.line.marker or piece.line.aside or is_noise(piece.text):
        return False
    head = next(_cells(piece), "")
    if not could_be_label(head):
        return False
    return head != piece.text or (n + 1 not in chosen and _build(after.line) != _build(piece.line))


def _cells(piece: Piece) -> Iterator[str]:
    yield from piece.line.cells if piece.whole and len(piece.line.cells) > 1 else (piece.text,)
