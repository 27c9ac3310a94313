"""Names, phone numbers and e-mail addresses: where they stand in a text, and which two are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["name", "phone", "email"]

FEWEST_DIGITS = 7  # of a number that tells somebody from somebody else
_TELLING_DIGITS, _MOST_DIGITS = 9, 15
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"\b(?:[A-Za-z]{1,3}\.){2,}")  # "M.D.", "Ph.D."
_DEGREE = re.compile(
    r"(?:bsc?|bsn|crc|d[dmo]s|dmd|doctor|dr|facs|frcpc?|mb|mba|mbbs|md|miss|mph|mrs?|ms|msc|msn|pharmd|phd|prof|professor|rn)"
    r"\Z"
)
EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")  # from the start of a run: in linear time
_DIGITS = re.compile(r"\d+")
_GROUP = re.compile(r"(?<!\w)\d+")  # no part of a word: NCT01234567 is no phone number
_BETWEEN = re.compile(r"[\s().+/\-–]{0,4}\Z")


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in alphabetical order, folded, without degrees and initials; all where nothing else is."""
    return tuple(sorted(word for word, _, _ in words_in(name))) or tuple(sorted(_plain(name).split()))


def digits_of(phone: str) -> str:
    """What tells one number from another: its last nine digits, so that the country's prefix does not count."""
    return "".join(_DIGITS.findall(phone))[-_TELLING_DIGITS:]


def canonical(kind: Kind, text: str) -> str:
    """Equal for two spellings of one name, number or address."""
    if kind == "name":
        return " ".join(words_of(text))
    return digits_of(text) if kind == "phone" else text.strip(" .+%-<>").casefold()


def addresses_in(text: str) -> list[str]:
    """The e-mail addresses in a text."""
    return EMAIL.findall(text)


def in_full(kind: Kind, text: str) -> str:
    """A name with its initials, a number with its prefix: a change of these is one. Degrees and accents are none."""
    if kind == "phone":
        return "".join(_DIGITS.findall(text)) or text
    if kind == "name":
        words = (word for word in _PLAIN_WORD.findall(_plain(text)) if not _DEGREE.match(word))
        return " ".join(sorted(words)) or canonical(kind, text)
    return canonical(kind, text)


def _plain(text: str) -> str:
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_in(text: str, *, bare: bool = False) -> Iterator[tuple[str, int, int]]:
    """Folded words with where they stand; degrees and initials are left out unless nothing else is there."""
    dotted = {spot for found in _DOTTED.finditer(text) for spot in range(*found.span())}
    found = [(_plain(each[0]), *each.span()) for each in _WORD.finditer(text)]
    kept = [each for each in found if len(each[0]) > 1 and each[1] not in dotted and not _DEGREE.match(each[0])]
    yield from kept if kept or bare else found


def numbers_in(text: str) -> Iterator[tuple[int, int, str]]:
    """What may be a phone number, and what it is compared by: groups of digits close together, the longest first."""
    groups = [(found[0], *found.span()) for found in _GROUP.finditer(text)]
    for first, (_, start, _) in enumerate(groups):
        spans, digits, last = [], "", start
        for group, begin, end in groups[first : first + _MOST_DIGITS]:
            digits += group
            if len(digits) > _MOST_DIGITS or not _BETWEEN.match(text[last:begin]):
                break
            last = end
            if len(digits) >= FEWEST_DIGITS:
                spans.append((start, end, digits[-_TELLING_DIGITS:]))
        yield from reversed(spans)
