"""Texts as the words that carry meaning, in one spelling, with their limits as single words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rapidfuzz.distance import OSA

from monitor.diff.bounds import Bound, find_bounds
from monitor.diff.judging.synonyms import LONGEST, OPENERS, PHRASES, SILENT, SPELLINGS, listed

LIMIT = "§"
_TOKEN = re.compile(r"[^\W_]+(?:['’][a-z]+)?|[≥≤<>=%+±/,;:()\[\]]|\.(?=\s)", re.IGNORECASE)
_PLURAL_MARK = re.compile(r"\((?:s|es|ies)\)", re.IGNORECASE)
_MARKS = frozenset("/,;:()[].=")
_JOINTS = frozenset({"and", "or"})
_ASIDE = listed(  # what follows a comma that parts no list
    "such including include e i like within unless except excluding other provided if as where whichever defined with"
    " without in for at prior after during at but not requiring require due based per according"
)
_PAIRED = listed("eye ear knee hip lung kidney leg hand foot feet arm breast side shoulder limb ovary")
_SCALE_WORDS = frozenset({"grade", "class", "stage"})
_LIST_LOOK = 7  # words from a comma to the next one or to the joint of its list
_OPPOSED = ("hyper", "hypo", "inter", "intra", "pre", "per", "pro")
_TYPO = 5  # letters of a word that a slip of one letter does not turn into another


@dataclass(frozen=True, slots=True)
class Word:
    """A word in its one spelling at `start`..`end` of its text; a limit is one word too. Joints are "and" and "or"."""

    key: str
    start: int
    end: int
    bound: Bound | None = None
    slash: bool = False

    @property
    def joint(self) -> bool:
        return self.key in _JOINTS


def words_of(text: str) -> list[Word]:
    """The words that carry meaning. Commas of a list stand as its joint, a slash as "or", other marks are left out."""
    return _once(list(_without_marks(_with_joints(_merged(list(_raw(text)), text)))), text)


def _raw(text: str) -> Iterator[Word]:
    position = 0
    for bound in find_bounds(text):
        yield from _plain(text, position, bound.start)
        yield Word(LIMIT, bound.start, bound.end, bound)
        position = bound.end
    yield from _plain(text, position, len(text))


def _plain(text: str, start: int, end: int) -> Iterator[Word]:
    marked = {m.start() for m in _PLURAL_MARK.finditer(text, start, end)}
    skip = -1
    for match in _TOKEN.finditer(text, start, end):
        if match.start() in marked:
            skip = text.index(")", match.start()) + 1
        if match.start() >= skip:
            key = "world-health" if match[0] == "WHO" else _spelled(match[0].casefold())
            yield Word(key, match.start(), match.end())


def _spelled(word: str) -> str:
    word = word.replace("’", "'").removesuffix("'s").removesuffix("s'")
    if word in SPELLINGS:
        return SPELLINGS[word]
    if len(word) > 4:  # noqa: PLR2004 (shorter ones have no second spelling)
        word = word.replace("ae", "e").replace("oe", "e").replace("isation", "ization").replace("our", "or")
        word = (
            re.sub(r"is(e|ed|ing)\Z", r"iz\1", word)
            if not word.endswith(("cise", "wise", "rise", "vised", "ovise"))
            else word
        )
    return SPELLINGS.get(word) or _singular(word)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):  # noqa: PLR2004 ("dies", "lies")
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "is", "us")):  # noqa: PLR2004 (not "gas")
        word = word[:-1]
    return SPELLINGS.get(word, word)


def _merged(raw: Sequence[Word], text: str) -> list[Word]:
    """Phrases told by their one name: "upper limit of normal" is "uln"."""
    merged: list[Word] = []
    n = 0
    while n < len(raw):
        longest = LONGEST if raw[n].key in OPENERS else 0
        for length in range(min(longest, len(raw) - n), 0, -1):
            named = PHRASES.get(tuple(word.key for word in raw[n : n + length]))
            if named is not None:
                merged.extend(Word(key, raw[n].start, raw[n + length - 1].end) for key in named)
                n += length
                break
        else:
            merged.append(raw[n])
            n += 1
    return [
        word
        for word, following in zip_longest(merged, merged[1:])
        if word.key not in SILENT or _named_a(word, text) or (following and _of_two(word, following))
    ]


def _of_two(word: Word, following: Word) -> bool:
    """True for "both eyes" and "either eye", which are not the same."""
    return word.key in {"both", "either"} and following.key in _PAIRED


def _named_a(word: Word, text: str) -> bool:
    """True for the A of "hepatitis A" or "drug A", which is no article."""
    return (
        word.key == "a" and text[word.start : word.end] == "A" and word.start > 0 and text[word.start - 2] not in ".:;"
    )


def _with_joints(words: Sequence[Word]) -> Iterator[Word]:
    """Commas that part a list become the joint that ends the list."""
    joint: str | None = None
    since = 0
    reversed_words: list[Word] = []
    for n in range(len(words) - 1, -1, -1):
        word = words[n]
        since += 1
        if word.joint:
            joint, since = word.key, 0
        elif word.key in _MARKS and word.key not in {",", "/"}:
            joint = None
        elif word.key == "," and joint and since <= _LIST_LOOK and words[n + 1].key not in _ASIDE:
            since = 0
            word = Word(joint, word.start, word.end)
        elif word.key == ",":
            joint = None
        reversed_words.append(word)
    yield from reversed(reversed_words)


def _without_marks(words: Sequence[Word] | Iterator[Word]) -> Iterator[Word]:
    for word in words:
        if word.key == "/":
            yield Word("or", word.start, word.end, slash=True)
        elif word.key not in _MARKS:
            yield word


def _once(words: Sequence[Word], text: str) -> list[Word]:
    """Without what is said twice in a row ("ECOG (ECOG)"), joints that join nothing, abbreviations in brackets."""
    kept: list[Word] = []
    for word in words:
        if word.joint and (not kept or kept[-1].joint):
            if kept and not word.slash and kept[-1].key != word.key:
                kept[-1] = word
            continue
        if kept and word.key == kept[-1].key and not word.bound:
            continue
        if kept and word.bound and word.bound.scale and kept[-1].key in _SCALE_WORDS:
            kept.pop()  # "grade ≥ 3" and "≥ grade 3"
        if len(kept) > 1 and kept[-1].slash and word.key == kept[-2].key and not word.bound:
            kept.pop()
            continue
        if not _abbreviates(word, kept, text):
            kept.append(word)
    while kept and kept[-1].joint:
        kept.pop()
    return kept


def _abbreviates(word: Word, before: Sequence[Word], text: str) -> bool:
    """True for "(TNBC)" after "triple-negative breast cancer": its letters stand in the words before it, in order."""
    if text[word.start - 1 : word.start] != "(" or text[word.end : word.end + 1] != ")" or word.bound:
        return False
    written = text[word.start : word.end]
    if not written.isupper() or len(written) < 2:  # noqa: PLR2004 (a letter is no abbreviation)
        return False
    letters = iter(text[before[-min(len(before), 8)].start : word.start].casefold() if before else "")
    return all(letter in letters for letter in written.casefold() if letter.isalpha())


def slip(one: str, other: str) -> bool:
    """True if two words differ as a typing error or an ending makes them differ."""
    if min(len(one), len(other)) < _TYPO or one[0] != other[0] or not (one + other).isalpha():
        return False
    if one.startswith(_OPPOSED) and other.startswith(_OPPOSED):
        return False
    return OSA.distance(one, other) == 1
