"""Edits of criteria as sponsors make them, each with what a reader must be told of it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from string import ascii_lowercase

from tests.diff.planted_criteria.outline import Line, Outline, read_outline, shown

_NUMBER = re.compile(r"(?<![\w.,/-])\d{1,3}(?:\.\d)?(?![\w.,/-]*\d)")
_CUT = re.compile(r"(?<=[a-z)]{2})(?:\. (?=[A-Z][a-z])|; (?:and |or )?|, (?:and|or) | (?:and|or) )(?=[A-Za-z])")
_CUT_SAYS = ("reworded", "unclear")  # unclear where a negation or the joint settles who fits
_SHORTEST_PART = 4  # words of an item that is cut in two
_LISTS_OF_LETTERS = 20
_MARKERS = ("*", "-", "•", "1.", "1)", "(1)", "a.", "a)")


@dataclass(frozen=True, slots=True)
class Told:
    """One change that a reader must be told, in the words of the outer contract."""

    kind: str
    section: str
    before: str | None = None
    after: str | None = None
    from_section: str | None = None
    directions: tuple[str, ...] | None = None  # None: any


@dataclass(frozen=True, slots=True)
class Planted:
    """An edit and the ways to tell it; one of them, whole, is what a reader must find. Layout is never told."""

    kind: str
    ways: tuple[tuple[Told, ...], ...] = ((),)


@dataclass(slots=True)
class Draft:
    """A text under edit, with items of other trials to put in."""

    outline: Outline
    chance: random.Random
    foreign: Sequence[str]
    planted: list[Planted] = field(default_factory=list)

    def pick(self, wanted: Callable[[Line], bool] = bool) -> Line | None:
        free = [line for line in self.outline.free() if wanted(line)]
        line = self.chance.choice(free) if free else None
        if line:
            line.touched = True
        return line


def insert(draft: Draft) -> Planted | None:
    """An item of another trial."""
    return _put(draft, draft.chance.choice(draft.foreign))


def insert_like(draft: Draft) -> Planted | None:
    """An item that differs from one of the record in a number or a word."""
    twin = draft.pick()
    text = twin and (_other_number(twin.text, draft.chance) or _reworded(twin.text, draft, 1))
    return _put(draft, text) if text else None


def _put(draft: Draft, text: str) -> Planted | None:
    place = draft.pick()
    if not place or any(shown(text) == shown(line.text) for line in draft.outline.lines):
        return None
    place.touched = False
    new = Line(text, place.indent, place.marker, place.gap, place.section, touched=True)
    draft.outline.put(new, place)
    return Planted("insert", ((Told("added", str(place.section), after=shown(text)),),))


def delete(draft: Draft) -> Planted | None:
    line = draft.pick(lambda line: _has_company(draft.outline, line))
    if not line:
        return None
    draft.outline.drop(line)
    return Planted("delete", ((Told("removed", str(line.section), before=shown(line.text)),),))


def _has_company(outline: Outline, line: Line) -> bool:
    return any(len(items) > 1 and line in items for items in outline.lists())


def reword(draft: Draft) -> Planted | None:
    line = draft.pick(lambda line: len(line.text.split()) > 3)
    if not line:
        return None
    most = max(1, len(line.text.split()) // 4)
    return _rewrite(line, _reworded(line.text, draft, draft.chance.randint(1, min(most, 6))), "reword")


def change_bound(draft: Draft) -> Planted | None:
    line = draft.pick(lambda line: bool(_NUMBER.search(line.text)))
    return _rewrite(line, _other_number(line.text, draft.chance), "bound") if line else None


def _rewrite(line: Line, text: str | None, kind: str) -> Planted | None:
    before = shown(line.text)
    if not text or shown(text).strip(" .;,").casefold() == before.strip(" .;,").casefold():
        return None
    line.text = text
    return Planted(kind, ((Told("changed", str(line.section), before, shown(text)),),))


def _other_number(text: str, chance: random.Random) -> str | None:
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    number = chance.choice(found)
    other = str(chance.choice([n for n in (1, 2, 3, 5, 7, 12, 18, 21, 28, 75, 100) if str(n) != number[0]]))
    return text[: number.start()] + other + text[number.end() :]


def _reworded(text: str, draft: Draft, edits: int) -> str:
    words, chance = text.split(), draft.chance
    strange = [word for word in chance.choice(draft.foreign).split() if word.isalpha() and len(word) > 2]
    for _ in range(edits):
        at = chance.randrange(1, len(words)) if len(words) > 1 else 0
        act = chance.choice(("put", "swap", "cut"))
        if act == "cut" and len(words) > 3:
            del words[at]
        elif strange:
            words[at : at + (act == "swap")] = [chance.choice(strange)]
    return " ".join(words)


def split(draft: Draft) -> Planted | None:
    """One item made two at a joint of its sentence; nothing else in it changes."""
    line = draft.pick(lambda line: any(_cuts(line.text)))
    if not line:
        return None
    before, (start, end) = line.text, draft.chance.choice(list(_cuts(line.text)))
    first, second = before[:start].rstrip(".;, "), before[end:]
    line.text = first
    at = draft.outline.lines.index(line)
    twin = Line(second, line.indent, line.marker, line.gap, line.section, touched=True)
    draft.outline.lines[at + 1 : at + 1] = [twin]
    whole, section = shown(before), str(line.section)
    ways = tuple(
        (
            Told("changed", section, whole, shown(kept), directions=_CUT_SAYS),
            Told("added", section, after=shown(other), directions=_CUT_SAYS),
        )
        for kept, other in ((first, second), (second, first))
    )
    return Planted("split", ways)


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    for found in _CUT.finditer(text):
        parts = text[: found.start()], text[found.end() :]
        if min(len(part.split()) for part in parts) >= _SHORTEST_PART and "(" not in parts[0]:
            yield found.span()


def merge(draft: Draft) -> Planted | None:
    """Two neighbours made one item; nothing else in them changes."""
    pairs = [
        (one, two)
        for items in draft.outline.lists()
        for one, two in pairwise(items)
        if all(line.plain and not line.touched for line in (one, two))
    ]
    if not pairs:
        return None
    one, two = draft.chance.choice(pairs)
    first, second = one.text, two.text
    joint = draft.chance.choice(("; ", ". ", "; and " if one.section == "inclusion" else " or "))
    one.text, one.touched = first.rstrip(".;, ") + joint + second, True
    draft.outline.drop(two)
    whole, section = shown(one.text), str(one.section)
    ways = tuple(
        (
            Told("changed", section, shown(kept), whole, directions=_CUT_SAYS),
            Told("removed", section, before=shown(other), directions=_CUT_SAYS),
        )
        for kept, other in ((first, second), (second, first))
    )
    return Planted("merge", ways)


def swap(draft: Draft) -> Planted | None:
    """Two items of a list change places, which is nothing."""
    lists = [[line for line in items if line.plain and not line.touched] for items in draft.outline.lists()]
    lists = [items for items in lists if len(items) > 1]
    if not lists:
        return None
    one, two = draft.chance.sample(draft.chance.choice(lists), 2)
    one.text, two.text = two.text, one.text
    one.touched = two.touched = True
    return Planted("swap")


def move(draft: Draft) -> Planted | None:
    """An item goes to the other section."""
    line = draft.pick(lambda line: _has_company(draft.outline, line))
    if not line:
        return None
    place = draft.pick(lambda other: other.section != line.section)
    if not place:
        line.touched = False
        return None
    place.touched = False
    draft.outline.drop(line)
    new = Line(line.text, place.indent, place.marker, place.gap, place.section, touched=True)
    draft.outline.put(new, place)
    text = shown(line.text)
    return Planted("move", ((Told("moved", str(place.section), text, text, from_section=line.section),),))


def indent(draft: Draft) -> Planted | None:
    """An item is shown as part of the one before it, or its list is set in: layout."""
    lists = [items for items in draft.outline.lists() if len(items) > 1]
    pairs = [
        (one, two)
        for items in lists
        for one, two in pairwise(items)
        if one.plain and two.plain and draft.outline.lines.index(two) == draft.outline.lines.index(one) + 1
    ]
    if not pairs:
        return None
    _, line = draft.chance.choice(pairs)
    line.indent += draft.chance.choice((2, 3, 4))
    return Planted("indent")


def renumber(draft: Draft) -> Planted | None:
    """Another first number, or the numbers that the edits left told anew."""
    lists = [items for items in draft.outline.lists() if items[0].marker[0].isdigit()]
    for items in lists:
        _mark(items, "1.")
    return Planted("renumber") if lists else None


def rebullet(draft: Draft) -> Planted | None:
    """A whole list under other marks."""
    items = draft.chance.choice(list(draft.outline.lists()))
    style = draft.chance.choice(_MARKERS)
    if len(items) > _LISTS_OF_LETTERS and "a" in style:
        return None
    _mark(items, style)
    return Planted("rebullet")


def _mark(items: Sequence[Line], style: str) -> None:
    for n, line in enumerate(items):
        line.marker = style.replace("1", str(n + 1)).replace("a", ascii_lowercase[n % 26])


EDITS = (insert, insert_like, delete, reword, change_bound, split, merge, swap, move)
LAYOUT = (indent, renumber, rebullet)


def plant(raw: str, foreign: Sequence[str], chance: random.Random) -> tuple[str, list[Planted]] | None:
    """The text with one to five edits, and what they are; None for a text too odd or too short to plant in."""
    outline = read_outline(raw)
    if outline is None or len(outline.free()) < 3:
        return None
    draft = Draft(outline, chance, foreign)
    for _ in range(chance.randint(1, 5)):
        _do(draft, EDITS)
    for _ in range(chance.randint(0, 2)):
        _do(draft, LAYOUT)
    return str(draft.outline), draft.planted


def _do(draft: Draft, edits: Sequence[Callable[[Draft], Planted | None]]) -> None:
    done = draft.chance.choice(edits)(draft)
    if done:
        draft.planted.append(done)
