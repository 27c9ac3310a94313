"""From lines to labelled sections, whatever the order and the make of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from monitor.sources.ctv.choosing import LISTS, choose_labels
from monitor.sources.ctv.labels import (
    CHAPTER,
    LISTED,
    PROSE,
    SOURCE,
    is_button,
    is_loading,
    is_noise,
    read_label,
)
from monitor.sources.ctv.lines import Line
from monitor.sources.ctv.strangers import strange_labels

_IN_TEXT = PROSE | LISTS


@dataclass(frozen=True, slots=True)
class Piece:
    """A line, or a part of one, that is a label or stands under one."""

    text: str
    line: Line
    label: str | None = None
    style: str = ""
    whole: bool = True  # the piece is its whole line

    @property
    def parts(self) -> tuple[str, ...]:
        """What the page sets side by side in this piece."""
        return self.line.cells or (self.text,) if self.whole else (self.text,)


@dataclass(slots=True)
class Sections:
    """What stands under each label; `around` is what stands under none, in order; `order` the labels as met.

    `strange` is what stands under labels that were never seen, by their text.
    """

    under: dict[str, list[Piece]] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    around: list[Piece] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    strange: dict[str, list[str]] = field(default_factory=dict)

    def __contains__(self, label: str) -> bool:
        return label in self.under

    def pieces(self, label: str) -> list[Piece]:
        """The pieces under a label, without the word that says that they are still to come."""
        return [piece for piece in self.under.get(label, ()) if not is_loading(piece.text)]

    def values(self, label: str) -> list[str]:
        """The values under a label, one for each line or cell; a cell that ends with a colon goes with the next."""
        values: list[str] = []
        for piece in self.pieces(label):
            parts = list(piece.parts)
            while parts:
                part = parts.pop(0)
                if part.endswith(":") and parts:
                    part = f"{part} {parts.pop(0)}"
                values.append(part)
        return values

    def is_loading(self, label: str) -> bool:
        """True if the page says that what belongs under this label is still to come."""
        return any(is_loading(piece.text) for piece in self.under.get(label, ()))


def cut_sections(lines: Sequence[Line]) -> Sections:
    """Cut the lines of a page at its labels."""
    pieces = _without_asides(list(_without_echoes(lines)))
    chosen = choose_labels(pieces)
    foreign = _foreign(pieces, chosen)
    strange = strange_labels(pieces, chosen)
    sections = Sections()
    current: str | None = None
    stranger: list[str] | None = None
    level, home = 0, 0
    for n, piece in enumerate(pieces):
        if n in chosen:
            current, stranger, level, home = piece.label, None, piece.line.level, piece.line.aside
            if current not in (None, CHAPTER):
                sections.under.setdefault(str(current), [])
                sections.headings.setdefault(str(current), piece.text)
                sections.order.append(str(current))
            continue
        if n in strange and _may_end(piece, current, level):
            current, level, home = None, piece.line.level, piece.line.aside
            head, *beside = piece.parts
            stranger = sections.strange.setdefault(head.strip(" :："), [])
            stranger += beside
            continue
        if (current or stranger is not None) and (_ends(piece, current, level) or piece.line.aside not in (0, home)):
            current, stranger = None, None
        if stranger is not None:
            stranger += piece.parts
        elif current in (None, CHAPTER, SOURCE) or n in foreign:
            sections.around.extend(_apart(piece))
        else:
            _put(sections.under[str(current)], piece, whole_lines=current in _IN_TEXT)
    return sections


def _put(under: list[Piece], piece: Piece, *, whole_lines: bool) -> None:
    """Add a piece; in prose and criteria "Age: 18 to 65" is one line of them, though it looks like label and value."""
    last = under[-1] if under and whole_lines else None
    if last and last.line is piece.line and last.style.endswith("+") and not piece.label:
        under[-1] = replace(last, text=f"{last.text} {piece.text}", style="")
    else:
        under.append(piece)


def _may_end(piece: Piece, current: str | None, level: int) -> bool:
    """Whether a label that was never seen ends the section: in prose and in lists only a heading that always does."""
    in_text = current in _IN_TEXT
    return current not in LISTED and (not in_text or bool(piece.line.level and _ends(piece, current, level)))


def _without_echoes(lines: Sequence[Line]) -> Iterator[Piece]:
    """The pieces; a label in other words right after itself is a value ("Volunteers", "Healthy volunteers")."""
    last: Piece | None = None
    for piece in (piece for line in lines for piece in _pieces(line)):
        if is_button(piece.text):
            continue
        if last and piece.label and piece.label == last.label and piece.text.casefold() != last.text.casefold():
            piece = replace(piece, label=None)  # noqa: PLW2901 (the same piece, read otherwise)
        yield piece
        last = piece


def _pieces(line: Line) -> Iterator[Piece]:
    found = read_label(line.text)
    if found and not found[1]:
        yield Piece(line.text, line, found[0], _style(line, line.text))
    elif len(line.cells) > 1 and any(read_label(cell) for cell in line.cells):
        for cell in line.cells:
            yield from _split(cell, line)
    elif line.lead and line.lead != line.text and (lead := read_label(line.lead)) and not lead[1]:
        yield Piece(line.lead, line, lead[0], _style(line, line.lead) + "+", whole=False)
        yield Piece(line.text.removeprefix(line.lead).strip(), line, whole=False)
    elif found:
        yield from _split(line.text, line)
    else:
        yield Piece(line.text, line)


def _split(text: str, line: Line) -> Iterator[Piece]:
    found = read_label(text)
    if not found:
        yield Piece(text, line, whole=False)
        return
    label, value = found
    head = text[: len(text) - len(value)].strip() if value else text
    yield Piece(head, line, label, _style(line, head) + ("+" if value else ""), whole=False)
    if value:
        yield Piece(value, line, whole=False)


def _apart(piece: Piece) -> Iterator[Piece]:
    """What stands around the facts, cell by cell; headings are whole."""
    if piece.line.level or not piece.whole or len(piece.line.cells) < 2:  # noqa: PLR2004 (one cell is the piece)
        yield piece
        return
    for cell in piece.line.cells:
        yield Piece(cell, piece.line, whole=False)


def _without_asides(pieces: list[Piece]) -> list[Piece]:
    """The pieces without asides, footers and forms that hold no label of their own."""
    outside = {piece.label for piece in pieces if piece.label and not piece.line.aside}
    needed = {piece.line.aside for piece in pieces if piece.label and piece.label not in outside}
    return [piece for piece in pieces if not piece.line.aside or piece.line.aside in needed]


def _foreign(pieces: Sequence[Piece], chosen: set[int]) -> set[int]:
    """Pieces that follow a label's facts but stand outside of the element that holds them (an advertisement).

    Only on pages that give each label and its facts an element of their own; elsewhere nothing can be told.
    """
    order = sorted(chosen)
    held: list[int] = []
    outside: dict[int, list[int]] = {}
    for place, n in enumerate(order):
        end = order[place + 1] if place + 1 < len(order) else len(pieces)
        own = _own_path(n, order, pieces)
        following = [m for m in range(n + 1, end) if pieces[m].line is not pieces[n].line]
        strange = [m for m in following if pieces[m].line.path[: len(own)] != own]
        if len(strange) < len(following):
            held.append(n)
        if strange and len(own) < len(pieces[n].line.path):
            outside[n] = strange
    if 2 * len(held) < len(order) or 3 * len(outside) > len(order):
        return set()
    return {m for found in outside.values() for m in found}


def _own_path(n: int, order: Sequence[int], pieces: Sequence[Piece]) -> tuple[int, ...]:
    """The path to the outermost element that holds this label and no other."""
    path = pieces[n].line.path
    shared = max((_shared(path, pieces[other].line.path) for other in order if other != n), default=0)
    return path[: shared + 1]


def _shared(one: Sequence[int], other: Sequence[int]) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length


def _style(line: Line, text: str) -> str:
    letters = "upper" if text.isupper() else "title" if text.istitle() and " " in text else ""
    return f"{line.style}|{letters}|{':' if text.rstrip().endswith(':') else ''}"


def _ends(piece: Piece, current: str | None, level: int) -> bool:
    """Whether a piece that is no label ends the section: another heading, or a label's double outside of prose."""
    if piece.label:
        return current not in _IN_TEXT or piece.line.link
    if current in _IN_TEXT and not piece.line.level:
        return is_noise(piece.text) and len(piece.text.split()) > 1
    if is_noise(piece.text):
        return True
    if not piece.line.level or current in LISTED:
        return False
    return not level or piece.line.level <= level
