"""What became of a text, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from rapidfuzz.distance import Levenshtein

from monitor.model.json import Json

Sign: TypeAlias = Literal["=", "-", "+"]
Piece: TypeAlias = tuple[Sign, str]

_TOKEN = re.compile(r"\s*(?:\w+(?:[.,'’]\w+)*|[^\w\s])")
_SHORT = 8  # letters of an exchange that needs its neighbours to be understood
_GLUE = 4  # equal runs of so few letters between two edits read better as part of the edit
_LOST = 4  # and so do those that are so many times shorter than either edit


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The words kept, lost and gained: "=" and "-" make the old text, "=" and "+" the new one (spacing aside)."""
    (old, old_words), (new, new_words) = _tokens(before), _tokens(after)
    codes = Levenshtein.opcodes(old_words, new_words)
    runs = [
        ("".join(old[c.src_start : c.src_end]), "".join(new[c.dest_start : c.dest_end]), c.tag == "equal")
        for c in codes
    ]
    return tuple(_signed(_joined(runs)))


@lru_cache(maxsize=8)  # for the pieces of a text, then for its sentence
def _tokens(text: str) -> tuple[Sequence[str], Sequence[str]]:
    """The words and marks of a text, each with the space before it; and the same without."""
    tokens = _TOKEN.findall(text)
    return tokens, [token.strip() for token in tokens]


def _joined(runs: list[tuple[str, str, bool]]) -> list[tuple[str, str, bool]]:
    """Neighbouring edits as one, short equal runs between two edits taken in."""
    joined: list[tuple[str, str, bool]] = []
    for n, (old, new, equal) in enumerate(runs):
        inside = 0 < n < len(runs) - 1 and not joined[-1][2]
        edit = not equal or (inside and _reads_better_joined(new.strip(), joined[-1], runs[n + 1]))
        if edit and joined and not joined[-1][2]:
            joined[-1] = (joined[-1][0] + old, joined[-1][1] + new, False)
        else:
            joined.append((old, new, not edit))
    return joined


def _reads_better_joined(kept: str, left: tuple[str, str, bool], right: tuple[str, str, bool]) -> bool:
    around = min(len(old) + len(new) for old, new, _ in (left, right))
    return len(kept) < max(_GLUE, around // (2 * _LOST)) and not kept.isdigit()


def _signed(runs: list[tuple[str, str, bool]]) -> list[Piece]:
    signed: list[Piece] = []
    for old, new, equal in runs:
        if equal:
            signed.append(("=", new))
            continue
        if old:
            signed.append(("-", old))
        if new:
            signed.append(("+", new))
    return signed


def pieces_json(found: tuple[Piece, ...]) -> Json:
    """As the outer contract spells pieces: [[sign, text], ...]."""
    return [[sign, text] for sign, text in found]


@dataclass(frozen=True, slots=True)
class Edit:
    """A text's change in one phrase. `old` and `new` are whole words, None where there was nothing or too much."""

    kind: Literal["cut", "put", "swapped", "rewritten"]
    old: str | None = None
    new: str | None = None


def one_edit(before: str, after: str) -> Edit:
    """The single spot where two texts differ, or "rewritten" where there are several."""
    (old, old_words), (new, new_words) = _tokens(before), _tokens(after)
    start, end = _shared_ends(old_words, new_words)
    start, end = _whole_words(old, new, start, end)
    start, end = _with_neighbours(old, new, start, end)
    gone, came = "".join(old[start : len(old) - end]).strip(), "".join(new[start : len(new) - end]).strip()
    if len(gone.split()) + len(came.split()) > (len(old) + len(new)) * 0.6 and len(old) > 6:  # noqa: PLR2004 (most of it)
        return Edit("rewritten")
    if not came:
        return Edit("cut", old=gone)
    return Edit("put", new=came) if not gone else Edit("swapped", gone, came)


def _shared_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    shortest = min(len(old), len(new))
    start = next((n for n in range(shortest) if old[n] != new[n]), shortest)
    rest = shortest - start
    end = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    return start, end


def _whole_words(old: Sequence[str], new: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Shared ends drawn back from the middle of a written word ("allocation" + "/randomization")."""
    while start and (_clings(old, start, end) or _clings(new, start, end)):
        start -= 1
    while end and (_leans(old, start, end) or _leans(new, start, end)):
        end -= 1
    return start, end


def _with_neighbours(old: Sequence[str], new: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """A word on each side of an exchange so short that it would say nothing alone ("200" for "100")."""
    middles = ["".join(tokens[start : len(tokens) - end]).strip() for tokens in (old, new)]
    if not all(middles) or max(map(len, middles)) > _SHORT:
        return start, end
    start -= bool(start and old[start - 1].strip().isalnum())
    end -= bool(end and old[len(old) - end].strip().isalnum())
    return start, end


def _clings(tokens: Sequence[str], start: int, end: int) -> bool:
    middle = tokens[start : len(tokens) - end]
    return bool(middle) and not middle[0][0].isspace() and middle[0] not in {".", ",", ";", ")", ":"}


def _leans(tokens: Sequence[str], start: int, end: int) -> bool:
    follows = tokens[len(tokens) - end]
    middle = tokens[start : len(tokens) - end]
    return bool(middle) and not follows[0].isspace() and follows not in {".", ",", ";", ")", ":"}
