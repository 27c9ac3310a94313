"""Who a person is, by all that is stored: the names, phones and addresses of the entries that a text finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from monitor.errors import MonitorError, UsageError
from monitor.model.json import Json
from monitor.model.privacy import Identifier
from monitor.model.reading import Body
from monitor.model.watch import RecordKey
from monitor.sources import normalise
from monitor.store import bodies, forgotten, sections, superseded
from monitor.store.transaction import Tx
from monitor.text.canonical import section_bytes
from monitor.text.entries import entries
from monitor.text.guard import Guard, formed_tag, is_formed
from monitor.text.persons import FEWEST_DIGITS, Kind, addresses_in, canonical, digits_of, words_of

AT_ONCE = 100  # versions whose sections are in memory together
KINDS: tuple[Kind, ...] = ("name", "phone", "email")
LEAST_WORDS = 2


@dataclass(slots=True)
class Person:
    """What is to be forgotten, as it was spelled; `shared` is kept, since others are reached by it too."""

    found: dict[tuple[Kind, str], str] = field(default_factory=dict)
    shared: dict[tuple[Kind, str], str] = field(default_factory=dict)
    entries: int = 0

    def identifiers(self, guard: Guard) -> list[Identifier]:
        return [each for (kind, _), text in self.found.items() for each in guard.identify(kind, text)]


@dataclass(frozen=True, slots=True)
class Query:
    """A person as a user names one."""

    kind: Kind
    text: str

    def finds(self, entry: Mapping[str, Json], guard: Guard) -> bool:
        if formed_tag(_text(entry, self.kind)):
            return formed_tag(_text(entry, self.kind)) == guard.tag(self.kind, self.text)
        if self.kind == "name":
            return set(words_of(self.text)) <= set(words_of(_text(entry, "name")))
        return canonical(self.kind, self.text) in {said for kind, said, _ in _values(entry) if kind == self.kind}


def read_query(text: str) -> Query:
    """Raises UsageError for what names too many."""
    if addresses_in(text):
        return Query("email", addresses_in(text)[0])
    if len(digits_of(text)) >= FEWEST_DIGITS:
        return Query("phone", text)
    if len(words_of(text)) < LEAST_WORDS:
        raise UsageError(f"{text!r} may be many people: give a full name, an e-mail address or a phone number.")
    return Query("name", text)


def forget(tx: Tx, text: str, now: datetime) -> Person:
    """Look through all that is stored for the person, and forget them from here on."""
    query, person = read_query(text), Person()
    others: dict[tuple[Kind, str], str] = {}
    forgotten.make_key(tx)
    guard = forgotten.read_guard(tx)
    for entry in _all_entries(tx):
        theirs = query.finds(entry, guard)
        person.entries += theirs
        into = person.found if theirs else others
        into |= {(kind, said): spelled for kind, said, spelled in _values(entry)}
    person.shared = {key: spelled for key, spelled in person.found.items() if key in others and key[0] != "name"}
    person.found = {key: spelled for key, spelled in person.found.items() if key not in person.shared}
    asked = (query.kind, canonical(query.kind, query.text))
    person.found[asked] = query.text  # whoever else has it: it was named
    person.shared.pop(asked, None)
    forgotten.add(tx, person.identifiers(guard), now)
    return person


def _text(entry: Mapping[str, Json], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _values(entry: Mapping[str, Json]) -> Iterator[tuple[Kind, str, str]]:
    """Kind, what it is compared by, and how it is spelled."""
    for kind in KINDS:
        text = _text(entry, kind)
        for spelled in (addresses_in(text) or [text]) if kind == "email" else [text]:
            said = canonical(kind, spelled)
            if said and not is_formed(spelled) and (kind != "phone" or len(said) >= FEWEST_DIGITS):
                yield kind, said, spelled


def _all_entries(tx: Tx) -> Iterator[Mapping[str, Json]]:
    numbers = superseded.all_versions(tx)
    for start in range(0, len(numbers), AT_ONCE):
        for document in sections.documents(tx, numbers[start : start + AT_ONCE]):
            yield from entries(document)
    for digest, key in superseded.bodies_of(tx).items():
        for document in body_documents(key, bodies.read_body(tx, digest)):
            yield from entries(document)


def body_documents(key: RecordKey, body: Body) -> Iterator[Json]:
    """What a body states as JSON: itself, or the sections of a page as far as it can be read."""
    try:
        yield orjson.loads(body.content)
    except orjson.JSONDecodeError:
        try:
            yield from map(orjson.loads, section_bytes(normalise(key, body, complete=False)).values())
        except MonitorError:
            return
