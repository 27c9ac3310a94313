"""Letters with and without accents, and letters that a wrong encoding garbled."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_BARE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})
WORD = re.compile(r"\w+")
_ENCODINGS = ("cp1252", "latin-1", "cp1250")
_LOST = re.compile("(?<=[^\\W\\d_])[?\ufffd]+|[?\ufffd]+(?=[^\\W\\d_])|\ufffd+")  # marks in the place of letters
_GAP = re.compile(r"\x00+")
_MOST = 2  # letters that one gap stands for
_READABLE = 0.6  # share of a text that has to be plain letters for its gaps to be filled


class _Letters(NamedTuple):
    """`bare`: accents off; `kept`: the runs of letters that no encoding garbles, between the gaps."""

    bare: str
    kept: tuple[str, ...]


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text in small letters without accents, mended where it was read in a wrong encoding."""
    small = _mended(text).casefold().translate(_BARE)
    if small.isascii():
        return small
    spread = unicodedata.normalize("NFKD", small)
    return "".join(letter for letter in spread if not unicodedata.combining(letter)).translate(_BARE)


def reads_alike(one: str, other: str) -> bool:
    """True if two texts have the same letters but for accents, marks, spaces, and spots that were garbled."""
    first, second = _letters(one), _letters(other)
    if first.bare == second.bare:
        return bool(first.bare)
    return _fits(first, second.bare) or _fits(second, first.bare)


def _fits(letters: _Letters, full: str) -> bool:
    """True if `full` is what was kept with at most `_MOST` letters more in each gap."""
    if len(letters.kept) == 1 or sum(map(len, letters.kept)) < _READABLE * len(full):
        return False
    end = 0
    for n, run in enumerate(letters.kept):
        starts = range(end, end + _MOST + 1) if n else (0,)
        start = next((start for start in starts if full.startswith(run, start)), None)
        if start is None:
            return False
        end = start + len(run)
    return end == len(full) or (not letters.kept[-1] and len(full) - end <= _MOST)


@lru_cache(maxsize=4096)
def _letters(text: str) -> _Letters:
    small = _LOST.sub("\x00", text.casefold().replace("\x00", ""))
    kept = "".join(letter for letter in small if letter.isalnum() or letter == "\x00" or not letter.isascii())
    gapped = "".join(letter if letter.isascii() else "\x00" for letter in kept)
    bare = "".join(letter for letter in plain(text) if letter.isalnum())
    return _Letters(bare, tuple(_GAP.split(gapped)))


def _mended(text: str) -> str:
    """The text that was written, if these letters are it read in a wrong encoding."""
    if text.isascii():
        return text
    for encoding in _ENCODINGS:
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text
