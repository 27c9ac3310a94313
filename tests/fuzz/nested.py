"""Repeats within repeats of a regular expression, where one text can be parted between them in many ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as kinds  # type: ignore[attr-defined]  # the parser that `re` itself compiles with
from re import _parser as parser  # type: ignore[attr-defined]  # as above
from typing import Any, Final

_LETTERS: Final = (*map(chr, range(1, 0x250)), "≥", "–", "•", "…", "“", "中", "\u2028")
_REPEATS: Final = (kinds.MAX_REPEAT, kinds.MIN_REPEAT)
_ONE: Final = (kinds.IN, kinds.LITERAL, kinds.NOT_LITERAL, kinds.ANY, kinds.CATEGORY)
_MANY: Final = 10  # a repeat that may go on for so long counts as endless


def ambiguous(pattern: re.Pattern[str]) -> list[str]:
    """The endless repeats in an endless repeat that nothing parts: no character ends one that could not go on in it.

    An empty list says that no text takes exponential time. Empty repeats (`(?:a*)*`) are ambiguous too.
    """
    tree = list(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    return [str(body)[:200] for body in _endless(tree) if not _is_parted(body)]


def _endless(items: list[Any]) -> Iterator[list[Any]]:
    """The bodies of all endless repeats."""
    for kind, value in items:
        if kind in _REPEATS and (value[1] is kinds.MAXREPEAT or value[1] > _MANY):
            yield list(value[2])
        for inner in _inner(kind, value):
            yield from _endless(inner)


def _inner(kind: Any, value: Any) -> list[list[Any]]:
    if kind in _REPEATS or kind is kinds.POSSESSIVE_REPEAT:
        return [list(value[2])]
    if kind is kinds.SUBPATTERN:
        return [list(value[-1])]
    if kind is kinds.BRANCH:
        return [list(each) for each in value[1]]
    if kind in (kinds.ASSERT, kinds.ASSERT_NOT):
        return [list(value[1])]
    return [list(value)] if kind is kinds.ATOMIC_GROUP else []


def _is_parted(body: list[Any]) -> bool:
    """True if the body, in each of its ways, repeats nothing or has a character that none of its repeats can take."""
    return all(_way_is_parted(way) for way in _ways(body))


def _way_is_parted(way: list[Any]) -> bool:
    taken = set().union(*(_characters(inner) for inner in _endless(way)))
    return not taken or any(kind in _ONE and not _of(kind, value) & taken for kind, value in way)


def _ways(body: list[Any]) -> list[list[Any]]:
    """The body with its groups opened: one list of items for each branch."""
    ways: list[list[Any]] = [[]]
    for kind, value in body:
        inner = _inner(kind, value) if kind in (kinds.SUBPATTERN, kinds.BRANCH) else []
        if kind in _REPEATS and value[0] > 0 and value[1] <= _MANY:
            inner = [list(value[2]) * value[0]]
        opened = [way for each in inner for way in _ways(each)] or [[(kind, value)]]
        ways = [way + more for way in ways for more in opened]
    return ways


def _characters(items: list[Any]) -> set[str]:
    """All characters that can stand anywhere in what the items match."""
    found: set[str] = set()
    for kind, value in items:
        if kind in _ONE:
            found |= _of(kind, value)
        elif kind not in (kinds.ASSERT, kinds.ASSERT_NOT):
            found = found.union(*(_characters(inner) for inner in _inner(kind, value)))
    return found


def _of(kind: Any, value: Any) -> set[str]:
    return {each for each in _LETTERS if _matches(kind, value, each)}


def _matches(kind: Any, value: Any, char: str) -> bool:
    if kind is kinds.ANY:
        return char != "\n"
    if kind is kinds.LITERAL:
        return bool(chr(value) == char)
    if kind is kinds.NOT_LITERAL:
        return bool(chr(value) != char)
    if kind is kinds.CATEGORY:
        return _in_category(value, char)
    negated = bool(value) and value[0][0] is kinds.NEGATE
    return any(_in_set(each, char) for each in value[negated:]) != negated


def _in_set(item: Any, char: str) -> bool:
    kind, value = item
    if kind is kinds.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    return _in_category(value, char) if kind is kinds.CATEGORY else bool(value == ord(char))


def _in_category(value: Any, char: str) -> bool:
    name = str(value).removeprefix("CATEGORY_").replace("UNI_", "")
    found = {"DIGIT": char.isdigit(), "SPACE": char.isspace(), "WORD": char.isalnum() or char == "_"}
    return not found[name.removeprefix("NOT_")] if name.startswith("NOT_") else found[name]


def least_texts(items: list[Any]) -> set[str]:
    """A short text for the whole and for each endless repeat of it: what to repeat to keep the pattern at work."""
    whole = _least(items)
    pumps = {_least(body) for body in _endless(items)}
    return {each for each in ({whole, f"{whole} "} | pumps | {f"{each} " for each in pumps}) if each.strip()}


def _least(items: list[Any]) -> str:
    """A short text that the items match, assertions aside."""
    made = ""
    for kind, value in items:
        if kind in _ONE:
            made += next((each for each in "a1 -" if _matches(kind, value, each)), "") or next(
                (each for each in _LETTERS if _matches(kind, value, each)), "a"
            )
        elif kind in _REPEATS:
            made += _least(list(value[2])) * min(max(value[0], 1), _MANY)
        elif kind is kinds.BRANCH:
            made += _least(list(value[1][0]))
        elif kind not in (kinds.ASSERT, kinds.ASSERT_NOT):
            made += "".join(_least(inner) for inner in _inner(kind, value))
    return made
