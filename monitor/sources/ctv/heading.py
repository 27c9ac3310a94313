"""What stands at the head of a page without a label: the title of the trial and its sponsor."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.sources.ctv.document import Document
from monitor.sources.ctv.labels import SPONSOR, is_loading, is_noise
from monitor.sources.ctv.sections import Piece, Sections

_LOGO = re.compile(r"(?P<name>.+?)\s+logo\Z", re.IGNORECASE)
_SHORTEST_TITLE = 8
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


def read_title(document: Document, sections: Sections, slug: str | None) -> str | None:
    """The trial's title: what the address or the head of the page repeats, else the first heading or line."""
    return next((piece.text for found in _candidates(document, sections.around, slug) for piece in found), None)


def read_sponsor(sections: Sections, title: str | None) -> str | None:
    """The sponsor: what is labelled so, else what a logo names, else the line after the title."""
    labelled = sections.values(SPONSOR)
    if labelled:
        return labelled[0]
    around = [piece.text for piece in sections.around]
    start = around.index(title) + 1 if title in around else 0
    for text in around[start:]:
        if _LOGO.match(text) or _is_initial(text) or is_noise(text) or is_loading(text):
            continue
        return text if title in around else None
    return None


def _candidates(document: Document, around: Sequence[Piece], slug: str | None) -> list[list[Piece]]:
    hint = document.title or ""
    lines = [piece for piece in around if _can_be_title(piece)]
    return [
        [piece for piece in lines if slug and _slug(piece.text) == slug],
        [piece for piece in lines if hint and piece.text == hint],
        [piece for piece in lines if len(hint) >= _SHORTEST_TITLE and hint.startswith(piece.text)],
        [piece for piece in lines if piece.line.level == 1],
        _before_sponsor(around),
        [piece for piece in lines if piece.line.level],
        list(lines),
    ]


def _before_sponsor(around: Sequence[Piece]) -> list[Piece]:
    """The line before a sponsor's logo or initial, which the sponsor's name follows."""
    for n in range(1, len(around) - 1):
        mark, name = around[n].text, around[n + 1].text
        logo = _LOGO.match(mark)
        known = logo["name"] == name if logo else _is_initial(mark) and name.casefold().startswith(mark.casefold())
        if known and _can_be_title(around[n - 1]):
            return [around[n - 1]]
    return []


def _is_initial(text: str) -> bool:
    return len(text) == 1 and text.isalnum()


def _can_be_title(piece: Piece) -> bool:
    text = piece.text
    return len(text) >= _SHORTEST_TITLE and not (is_noise(text) or is_loading(text) or _LOGO.match(text))


def _slug(text: str) -> str:
    return _NOT_LETTERS.sub("-", text.casefold()).strip("-")
