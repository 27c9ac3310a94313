"""Names of facilities: which two are one name, spelled anew, translated, shortened, or with a department added.

A name is read as proper words ("Foch"), kinds ("university", "hospital", in any of a dozen languages), fields of
medicine, and numbers. Two hospitals of one town share kinds; what tells them apart are the other three.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from monitor.diff.lettering import WORD, plain, reads_alike

_TABLE: Mapping[str, Any] = tomllib.loads((files(__package__) / "facilities.toml").read_text(encoding="utf-8"))
_KIND_RULES = {name: re.compile(rule) for name, rule in _TABLE["kinds"].items()}
_FIELD_RULES = {name: re.compile(rule) for name, rule in _TABLE["fields"].items()}
_TELLING_APART: Mapping[str, str] = _TABLE["numbers"]
_WITHOUT_WEIGHT = frozenset(_TABLE["weightless"]["words"])
_NUMBER = re.compile(r"0*(\d+)(?:st|nd|rd|th|er|eme|o|a)?\Z")
_LETTER = re.compile(r"(?<=\s)[a-z]\Z")  # at the end of "Clinic B" it is as good as a number
_SHORTENED = re.compile(r"\w+(?=\.)")
_PLACEHOLDER = re.compile(
    r"\b(?:local institution|(?:research|investigational|investigative|study|trial|clinical)"
    r"(?: research| trial| study)?"
    r" (?:sites?|facility|location))\b"
)
_OWN_WORDS = 2  # of its sponsor, that a name for an unnamed site may hold ("Novartis Investigative Site")
_LONGEST = 500  # characters; what stands behind them is no name
_NOTICE = 15  # words from which it is no name, but says whom to ask
_QUALIFIERS = frozenset({"public", "private", "general", "national", "regional", "military", "teaching"})
_LOOSE = frozenset({"unit", "group", "saint", "many"})  # kinds that come and go with the spelling
_JUNK = re.compile(r"(?<=[^\x00-\x7f])[\"'<>´`](?=\w)")  # what a wrong encoding leaves behind a letter
_ALIKE = 84  # of 100: two spellings of one proper word
_STEM = 4  # letters that a shortened word keeps
_INITIALS = 3
_SLIP = 2  # letters of a word in which one may be wrong, missing or too many


class Likeness(IntEnum):
    """How sure it is that two names are of one facility, where the rest of the address agrees."""

    OTHER = 0
    UNNAMED = 1  # one of them is a stand-in ("Local Institution - 0041")
    RELATED = 2  # one is the other with words of its own added
    ALIKE = 3  # the same but for language, abbreviation, department or legal form
    SAME = 4  # the same letters


@dataclass(frozen=True, slots=True)
class FacilityName:
    """A name taken apart. `unnamed` says that it is a stand-in for a name."""

    text: str
    words: tuple[str, ...]
    told: tuple[str, ...]
    proper: tuple[str, ...]
    kinds: frozenset[str]
    fields: frozenset[str]
    numbers: frozenset[str]
    shortened: frozenset[str]
    unnamed: bool


@lru_cache(maxsize=8192)
def read_name(facility: str) -> FacilityName:
    """The parts of a name, whatever its language."""
    facility = facility[:_LONGEST]
    text = plain(_JUNK.sub("", facility))
    words = tuple(WORD.findall(text))
    told = tuple(word for word in words if word not in _WITHOUT_WEIGHT)
    proper = tuple(word for word in told if len(word) > 1 and not (_number(word) or _kinds(word) or _fields(word)))
    notice = len(words) > _NOTICE
    stand_in = bool(_PLACEHOLDER.search(" ".join(words))) and (notice or len(proper) <= _OWN_WORDS)
    return FacilityName(
        text=facility,
        words=words,
        told=told,
        proper=proper,
        kinds=frozenset[str]().union(*map(_kinds, told)),
        fields=frozenset[str]().union(*map(_fields, told)),
        numbers=frozenset()
        if stand_in and notice
        else frozenset(filter(None, (*map(_number, told), *_LETTER.findall(text)))),
        shortened=frozenset(_SHORTENED.findall(text)),
        unnamed=stand_in or not words,
    )


def name_likeness(one: FacilityName, other: FacilityName, places: Iterable[str] = ()) -> Likeness:
    """`places` are the words of the towns and states of both: a name that says its town says nothing by it."""
    if one.words == other.words or reads_alike(one.text, other.text):
        return Likeness.SAME
    if _one_slip(one, other):
        return Likeness.ALIKE
    if one.unnamed or other.unnamed:
        return _unnamed(one, other)
    if one.numbers != other.numbers:
        return Likeness.OTHER
    if _is_initials(one, other) or _is_initials(other, one) or _in_order(one, other):
        return Likeness.ALIKE
    named = frozenset(places)
    return max(_extended(one, other, named), _by_words(one, other, named))


def _one_slip(one: FacilityName, other: FacilityName) -> bool:
    """The same words but for one letter of one of them; "II" is no slip for "III", nor "Clinic A" for "Clinic B"."""
    if len(one.words) != len(other.words):
        return False
    apart = [pair for pair in zip(one.words, other.words, strict=True) if pair[0] != pair[1]]
    if len(apart) != 1 or not (apart[0][0].isalpha() and apart[0][1].isalpha()):
        return False
    short, long = sorted(apart[0], key=len)
    numbers = [word for word in (short, long) if _number(word)]
    if len(short) < _SLIP or len(numbers) == 2 or any(len(word) < _STEM for word in numbers):  # noqa: PLR2004 (both)
        return False
    fields = _fields(short), _fields(long)
    return not (all(fields) and fields[0] != fields[1]) and Levenshtein.distance(short, long, score_cutoff=1) == 1


def _unnamed(one: FacilityName, other: FacilityName) -> Likeness:
    """Two stand-ins are one site only by the same number."""
    if one.unnamed and other.unnamed:
        return Likeness.SAME if one.numbers and one.numbers == other.numbers else Likeness.OTHER
    return Likeness.UNNAMED


def _in_order(one: FacilityName, other: FacilityName) -> bool:
    """True for the same words with slips of the pen, shortened, or in another language."""
    shortened = one.shortened | other.shortened
    return len(one.told) == len(other.told) and all(
        word == now or _stands_for(word, now, shortened) for word, now in zip(one.told, other.told, strict=True)
    )


def _stands_for(word: str, now: str, shortened: frozenset[str]) -> bool:
    """ "Hosp." for "Hospital"; but "Neurology" is no slip for "Urology"."""
    kinds, fields = (_kinds(word), _kinds(now)), (_fields(word), _fields(now))
    if all(fields) and fields[0] != fields[1]:
        return False
    return bool(kinds[0] and kinds[0] == kinds[1] and not any(fields)) or _one_word(word, now, shortened)


def _extended(one: FacilityName, other: FacilityName, places: frozenset[str]) -> Likeness:
    """One name before or behind more words: a department or a town names nothing, another word may."""
    short, full = sorted((one, other), key=lambda name: len(name.told))
    size = len(short.told)
    if not size or short.told not in (full.told[:size], full.told[-size:]):
        return Likeness.OTHER
    rest = full.told[size:] if full.told[:size] == short.told else full.told[:-size]
    if any(word in full.proper and word not in places for word in rest):
        return Likeness.RELATED if size > 1 else Likeness.OTHER
    added = frozenset[str]().union(*(_kinds(word) for word in rest if word not in places))
    return Likeness.ALIKE if added <= {"unit", "research"} else Likeness.RELATED


def _by_words(one: FacilityName, other: FacilityName, places: frozenset[str]) -> Likeness:
    """Each may say more than the other in nothing that names: words, fields; and then also in its kinds."""
    names = [[word for word in name.proper if word not in places] for name in (one, other)]
    shortened = one.shortened | other.shortened
    left, right = _unmatched(names[0], names[1], shortened), _unmatched(names[1], names[0], shortened)
    more = bool(left or one.fields - other.fields), bool(right or other.fields - one.fields)
    if all(more) or not _one_within(one.kinds & _QUALIFIERS, other.kinds & _QUALIFIERS):
        return Likeness.OTHER
    if len(names[0]) == len(left):
        return _by_kinds(one, other, more=any(more))
    full, short = (one, other) if more[0] else (other, one)
    if any(more) and not short.kinds - _LOOSE <= full.kinds:
        return Likeness.OTHER
    return Likeness.RELATED if left or right else Likeness.ALIKE


def _by_kinds(one: FacilityName, other: FacilityName, *, more: bool) -> Likeness:
    """Names without a word in common, as that of the hospitals of a town, which the address names."""
    kinds = one.kinds - _LOOSE, other.kinds - _LOOSE
    if more:
        return (
            Likeness.RELATED
            if "many" in one.kinds ^ other.kinds and "hospital" in kinds[0] & kinds[1]
            else Likeness.OTHER
        )
    return Likeness.ALIKE if kinds[0] and kinds[0] == kinds[1] else Likeness.OTHER


def _one_within(one: frozenset[str], other: frozenset[str]) -> bool:
    return one <= other or other <= one


def _unmatched(words: Sequence[str], others: Sequence[str], shortened: frozenset[str]) -> list[str]:
    """Words that the other name has in no spelling; words written as one there are looked for as one."""
    joined = "".join(others)
    return [
        word
        for word in words
        if not any(_one_word(word, other, shortened) for other in others)
        and not (len(word) >= _STEM and word in joined)
    ]


def _one_word(one: str, other: str, shortened: frozenset[str]) -> bool:
    short, long = sorted((one, other), key=len)
    if one == other or (short in shortened and long.startswith(short)):
        return True
    return len(short) >= _STEM and fuzz.ratio(short, long) >= _ALIKE


def _is_initials(short: FacilityName, full: FacilityName) -> bool:
    """ "MSKCC" of "Memorial Sloan Kettering Cancer Center"."""
    if len(short.words) != 1 or len(short.words[0]) < _INITIALS:
        return False
    initials = {"".join(word[0] for word in full.words)}
    initials.add("".join(word[0] for word in full.words if word not in _WITHOUT_WEIGHT))
    return short.words[0] in initials


@lru_cache(maxsize=8192)
def _number(word: str) -> str | None:
    found = _NUMBER.match(word)
    if found:
        return found[1]
    return word if any(map(str.isdigit, word)) else _TELLING_APART.get(word)  # "DE02" tells sites apart as "2" does


@lru_cache(maxsize=16384)
def _kinds(word: str) -> frozenset[str]:
    return frozenset(name for name, rule in _KIND_RULES.items() if rule.match(word))


@lru_cache(maxsize=16384)
def _fields(word: str) -> frozenset[str]:
    return frozenset(name for name, rule in _FIELD_RULES.items() if rule.match(word))
