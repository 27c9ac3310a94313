"""Taking a JSON document apart key by key, so that nothing of it is lost in silence.

An `Item` is one JSON object. Each method takes one key out of it, with the type that the registry's data model
gives it; a value of another type is noted as a fault of the document, never raised half-way. What nobody took is
left over, and `Document.left_over` gives it under its dotted path.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

import orjson

from monitor.errors import NotARecord
from monitor.model.json import Json
from monitor.model.sections import StudyDate
from monitor.sources.ctgov import words
from monitor.text.clean import clean

JsonDict: TypeAlias = dict[str, Json]

DEEPEST = 60  # levels of nesting; the deepest real document has 12
_TOLD_FAULTS = 10  # reasons that one document gives
_DATE_LENGTHS = {4: "-01-01", 7: "-01", 10: ""}


class Document:
    """What was noted while one document was taken apart."""

    def __init__(self) -> None:
        self.faults: dict[str, None] = {}
        self.unknown: dict[str, None] = {}
        self.items: list[Item] = []

    def item(self, value: Mapping[str, Json], path: str) -> Item:
        item = Item(self, value, path)
        self.items.append(item)
        return item

    def wrong_type(self, place: str, value: Json, wanted: str) -> None:
        self.faults[f"{place or 'The document'} is {_kind(value)} where {wanted} is expected."] = None

    def word(self, name: str, word: str) -> None:
        """Note a word that the registry's lists do not have."""
        self.unknown[f"{name}: {word}"] = None

    def raise_faults(self) -> None:
        if self.faults:
            raise NotARecord(tuple(self.faults)[:_TOLD_FAULTS])

    def places_left(self) -> list[str]:
        """The paths of what nobody took, in the order in which they were met."""
        return [f"{item.path}.{key}" if item.path else key for item in self.items for key in item.left]

    def left_over(self) -> dict[str, Json]:
        """What nobody took, by path; under a path with [] all that the items of that list had there."""
        single: dict[str, Json] = {}
        several: dict[str, list[Json]] = {}
        for item in self.items:
            for key, value in item.left.items():
                place = f"{item.path}.{key}" if item.path else key
                if "[]" in place:
                    several.setdefault(place, []).append(cleaned(value, place))
                else:
                    single[place] = cleaned(value, place)
        for place, values in several.items():
            single[place] = sorted(values, key=lambda value: orjson.dumps(value, option=orjson.OPT_SORT_KEYS))
        return single


class Item:
    """One JSON object, of which each key is taken once. A key that is not there, or null, gives None or ()."""

    __slots__ = ("_document", "left", "path")

    def __init__(self, document: Document, value: Mapping[str, Json], path: str) -> None:
        self._document = document
        self.left = dict(value)
        self.path = path

    def text(self, key: str) -> str | None:
        """Free text, cleaned; None if nothing is left of it."""
        value = self._string(key)
        return None if value is None else clean(value) or None

    def exact(self, key: str) -> str | None:
        """An identifier, address or number plate: nothing is undone in it but space around it."""
        value = self._string(key)
        return None if value is None else " ".join(value.split()) or None

    def raw(self, key: str) -> str | None:
        """Text as it came."""
        return self._string(key)

    def word(self, key: str, known: frozenset[str], name: str) -> str | None:
        """A word of one of the registry's lists, as it spells it; one that is not in `known` is noted."""
        word = self.exact(key)
        self.note(known, name, word)
        return word

    def note(self, known: frozenset[str], name: str, word: str | None) -> None:
        """Note a word that is not in `known`."""
        if word is not None and word not in known:
            self._document.word(name, word)

    def words(self, key: str, known: frozenset[str], name: str) -> tuple[str, ...]:
        found = self.exacts(key)
        for word in found:
            self.note(known, name, word)
        return found

    def flag(self, key: str) -> bool | None:
        value = self.left.pop(key, None)
        if value is None or isinstance(value, bool):
            return value
        self._wrong(key, value, "true or false")
        return None

    def number(self, key: str) -> int | None:
        value = self.left.pop(key, None)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self._wrong(key, value, "a whole number")
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(filter(None, (clean(text) for text in self._strings(key))))

    def exacts(self, key: str) -> tuple[str, ...]:
        return tuple(filter(None, (" ".join(text.split()) for text in self._strings(key))))

    def date(self, key: str) -> StudyDate | None:
        """A date that stands alone."""
        text = self.exact(key)
        return None if text is None else StudyDate(date=self._checked(key, text))

    def dated(self, key: str, name: str) -> StudyDate | None:
        """A date with its type ("startDateStruct")."""
        struct = self.item(key)
        stated = struct.date("date")
        if stated is None:
            return None
        return StudyDate(date=stated.date, type=struct.word("type", words.DATE_TYPE, f"{name}.type"))

    def item(self, key: str) -> Item:
        """The object under `key`; an empty one where there is none."""
        value = self.left.pop(key, None)
        if isinstance(value, dict):
            return self._document.item(value, self._place(key))
        if value is not None:
            self._wrong(key, value, "an object")
        return Item(self._document, {}, self._place(key))

    def items(self, key: str) -> list[Item]:
        values = self._list(key)
        if not values:
            return []
        place = f"{self._place(key)}[]"
        found = [self._document.item(value, place) for value in values if isinstance(value, dict)]
        if len(found) < len(values):
            odd = next(value for value in values if not isinstance(value, dict))
            self._document.wrong_type(place, odd, "an object")
        return found

    def mapping(self, key: str) -> JsonDict:
        """The object under `key` as cleaned JSON."""
        value = self.left.pop(key, None)
        if value is None:
            return {}
        if isinstance(value, dict):
            return {name: cleaned(each, self._place(key)) for name, each in value.items()}
        self._wrong(key, value, "an object")
        return {}

    def _string(self, key: str) -> str | None:
        value = self.left.pop(key, None)
        if value is None or isinstance(value, str):
            return value
        self._wrong(key, value, "text")
        return None

    def _strings(self, key: str) -> list[str]:
        values = self._list(key)
        found = [value for value in values if isinstance(value, str)]
        if len(found) < len(values):
            odd = next(value for value in values if not isinstance(value, str))
            self._document.wrong_type(f"{self._place(key)}[]", odd, "text")
        return found

    def _list(self, key: str) -> list[Json]:
        value = self.left.pop(key, None)
        if isinstance(value, list):
            return value
        if value is not None:
            self._wrong(key, value, "a list")
        return []

    def _checked(self, key: str, text: str) -> str:
        if not is_date(text):
            self._document.faults[f'{self._place(key)} is "{text[:40]}", which is no date.'] = None
        return text

    def _wrong(self, key: str, value: Json, wanted: str) -> None:
        self._document.wrong_type(self._place(key), value, wanted)

    def _place(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def is_date(text: str) -> bool:
    """True for a day, month or year that the calendar has: yyyy-MM-dd, yyyy-MM, yyyy."""
    rest = _DATE_LENGTHS.get(len(text))
    if rest is None or not text.isascii() or not text.replace("-", "").isdigit():
        return False
    try:
        date.fromisoformat(text + rest)
    except ValueError:
        return False
    return True


def cleaned(value: Json, place: str, deep: int = DEEPEST) -> Json:
    """The value with all its texts cleaned. Raises NotARecord if it is nested too deeply to be stored."""
    if isinstance(value, str):
        return clean(value)
    if deep == 0:
        raise NotARecord((f"{place} is nested more deeply than any record is.",))
    if isinstance(value, dict):
        return {key: cleaned(each, place, deep - 1) for key, each in value.items()}
    if isinstance(value, list):
        return [cleaned(each, place, deep - 1) for each in value]
    return value


def _kind(value: Json) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "an object" if isinstance(value, dict) else "nothing" if value is None else "a list"
