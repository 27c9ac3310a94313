"""Persons taken out of what is shown to many: their entries, and their names, numbers and addresses in any text.

Every e-mail address goes, whoever has it. A line of a company or a mere role ("Study Director") is no person's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from monitor.model.change import Change
from monitor.model.json import Json, JsonObject
from monitor.model.message import Named
from monitor.model.privacy import Level
from monitor.text.entries import FIELDS, INVESTIGATORS, entries, is_person
from monitor.text.guard import Guard
from monitor.text.offices import is_line, names_nobody, without_company
from monitor.text.persons import FEWEST_DIGITS, digits_of, numbers_in, words_in, words_of

HELD: Final = "held back"
"""What stands in an entry for a name."""
OTHER: Final = "held back, now another"
"""The same where nothing else would show that something changed."""
MARK: Final = f"[{HELD}]"
"""What stands in running text."""

_SHOWN: Final = 80  # characters of a name in a sentence
_SEPARATE: Final = re.compile(r"\s*(?:[;/&|]|,| and | or )\s*")
_TITLED: Final = re.compile(
    r"(?<!\w)(?:(?:Dr|Prof|Professor|Doctor|Mrs?|Ms)\.?\s+|(?:[^\W\d_]\.[\s-]?){1,3})([^\W\d_]{2,}(?:[-'’][^\W\d_]+)*)"
)
"""A surname behind a title or initials."""
_RUN: Final = re.compile(r"""[^\s,;<>()\[\]"“”]+""")
_ADDRESS: Final = re.compile(r"\w@")
_END: Final = ".:!?'’"
_FEWEST_LETTERS: Final = 4  # of a name of one word that is looked for in texts
_FIRST_OF_CJK: Final = "\u2e80"  # words of these letters stand without spaces between them
_DEEPEST: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What is held back of one record: `guard` knows names and numbers, the others what it cannot."""

    guard: Guard
    surnames: frozenset[str]
    singles: re.Pattern[str] | None
    companies: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, named: Named) -> Withheld:
        """Everybody that is named is held back, companies are not."""
        companies = tuple(frozenset(words_of(each)) for each in named.companies)
        persons = [each for each in named.persons if not _nobody(_text(each, "name"), companies)]
        names = list(dict.fromkeys(name for each in persons for name in _spellings(_text(each, "name"))))
        phones = {
            digits
            for each in named.persons
            if not is_line(_text(each, "name"))
            for digits in _numbers(_text(each, "phone"))
        }
        guard = Guard(level=Level.DROPPED, mark=MARK)
        found = [each for name in names for each in guard.identify("name", name) if each.size > 1]
        found += [each for digits in phones for each in guard.identify("phone", digits)]
        return cls(
            guard=Guard(
                level=Level.DROPPED,
                mark=MARK,
                known={each.digest: MARK for each in found},
                sizes=frozenset((each.kind, each.size) for each in found),
            ),
            surnames=frozenset(word for name in names for word in _surname(name)),
            singles=_singles(names),
            companies=companies,
        )

    def text(self, text: str) -> str:
        """Running text in which no person is named."""
        text = self.guard.text(text)
        if "@" in text:
            text = _RUN.sub(lambda run: _addressed(run[0]), text)
        if self.surnames:
            text = _TITLED.sub(lambda found: MARK if self._is_surname(found[1]) else found[0], text)
        return self.singles.sub(MARK, text) if self.singles else text

    def _is_surname(self, word: str) -> bool:
        return not self.surnames.isdisjoint(folded for folded, _, _ in words_in(word))

    def document(self, value: Json, deep: int = _DEEPEST) -> Json:
        """A value of any shape; entries keep their shape, with nothing to know or reach a person by."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping | list | tuple) and not deep:
            return MARK  # deeper than any record is
        if isinstance(value, Mapping):
            made = (self._person if is_person(value) else self._object)(value, deep - 1)
            return _told_apart(value, made) if {"before", "after"} <= made.keys() else made
        if isinstance(value, list | tuple):
            return [self.document(each, deep - 1) for each in value]
        return value

    def _object(self, value: JsonObject, deep: int) -> dict[str, Json]:
        return {
            self.text(key): HELD if key in INVESTIGATORS and each else self.document(each, deep)
            for key, each in value.items()
        }

    def _person(self, value: JsonObject, deep: int) -> dict[str, Json]:
        key = "name" if "name" in value else "title"
        name = _text(value, key)
        shown = dict(self._object(value, deep))
        for field, kind in FIELDS.items():
            if field in value and kind != "name" and (kind == "email" or not is_line(name)):
                shown[field] = None
            elif field in value and kind == "phone":
                shown[field] = value[field]
        if name and not _nobody(name, self.companies):
            shown[key] = HELD
        return shown

    def held_in(self, value: Json) -> frozenset[str]:
        """Of "name", "phone" and "email": what is held back of the persons in a document."""
        return frozenset(self._held_in(value, _DEEPEST))

    def _held_in(self, value: Json, deep: int) -> Iterator[str]:
        if not deep:
            return
        if isinstance(value, Mapping):
            if is_person(value):
                shown = self._person(value, 1)
                gone = [key for key, each in value.items() if each and each != HELD and _is_gone(shown[key])]
                yield from (FIELDS.get(key, "name") for key in gone)
            for each in value.values():
                yield from self._held_in(each, deep - 1)
        elif isinstance(value, list | tuple):
            for each in value:
                yield from self._held_in(each, deep - 1)


def _addressed(run: str) -> str:
    """A run of text without the address that it is, of whatever form."""
    bare = run.rstrip(_END)
    return MARK + run[len(bare) :] if _ADDRESS.search(bare) else run


def persons_in(change: Change) -> Iterator[JsonObject]:
    """The entries of persons in the values of a change; a value that stands alone is known by the end of its path."""
    leaf = change.path.rpartition(".")[2]
    for value in (change.before, change.after, change.detail):
        yield from entries({leaf: value})


def _is_gone(shown: Json) -> bool:
    return shown is None or shown == HELD


def told_apart(before: Json, after: Json, shown: tuple[Json, Json]) -> Json:
    """The new value as it is shown: where the two look the same and are not, it says so."""
    return _renamed(shown[1]) if before != after and shown[0] == shown[1] else shown[1]


def _told_apart(value: JsonObject, made: dict[str, Json]) -> dict[str, Json]:
    return {**made, "after": told_apart(value["before"], value["after"], (made["before"], made["after"]))}


def _renamed(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _renamed(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_renamed(each) for each in value]
    return OTHER if value == HELD else value


def _text(entry: JsonObject, key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _nobody(name: str, companies: Iterable[frozenset[str]]) -> bool:
    words = frozenset(words_of(name))
    return (
        not words
        or name in (HELD, OTHER)
        or names_nobody(name)
        or any(words in (each, without_company(each)) for each in companies)
    )


def _spellings(name: str) -> Iterator[str]:
    """The name, each of several in one entry, first and last word alone, and what a sentence shows of a long one."""
    parts = [part for part in _SEPARATE.split(name) if len(words_of(part)) > 1 and not names_nobody(part)]
    for each in (name, *parts):
        yield each
        words = [word for word, _, _ in words_in(each)]
        if len(words) > 2:  # noqa: PLR2004 (first, middle, last)
            yield f"{words[0]} {words[-1]}"
    if len(name) >= _SHOWN:
        yield name[: _SHOWN - 1].rpartition(" ")[0]


def _numbers(phone: str) -> Iterator[str]:
    """The digits of each number in an entry, whole and as they are written without prefixes."""
    for digits in {digits_of(phone), *(found for _, _, found in numbers_in(phone))}:
        for size in range(FEWEST_DIGITS, len(digits) + 1):
            yield digits[-size:]


def _surname(name: str) -> Iterator[str]:
    words = [word for word, _, _ in words_in(name)]
    yield from (word for word in {*words[-1:], *words[:1]} if len(word) > 1)


def _singles(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds names of one word, as they are spelled."""
    single = [name.strip() for name in names if len(name.split()) == 1]
    found = [re.escape(name) for name in single if name >= _FIRST_OF_CJK and len(name) > 1]
    found += [
        rf"(?<!\w){re.escape(name)}(?!\w)"
        for name in single
        if name < _FIRST_OF_CJK and sum(map(str.isalpha, name)) >= _FEWEST_LETTERS
    ]
    return re.compile("|".join(sorted(found, key=len, reverse=True))) if found else None
