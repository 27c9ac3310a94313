"""A message without persons, for channels that many people read. The one place where that is done, before any form.

Names, phones and e-mail addresses of contacts, officials and investigators are held back wherever they stand: in
values, sentences, titles, notices and digests. Every form of a message is made from what this leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import orjson

from monitor.model.change import Category, Change, Kind
from monitor.model.json import Json, JsonObject
from monitor.model.message import (
    ChangeMessage,
    Content,
    DigestMessage,
    Message,
    Named,
    NoticeItem,
    NoticeMessage,
    Origin,
    PlainMessage,
    Standing,
    TestMessage,
    TrialEventMessage,
    TrialHeader,
    WelcomeMessage,
)
from monitor.text.withheld import Withheld, persons_in, told_apart

_SENTENCES: Final[Mapping[str, str]] = {
    "contacts.first": "A first contact is listed.",
    "contacts.listed": "A contact is now listed. None was listed before.",
    "contacts.added": "A new contact is listed.",
    "contacts.removed": "The contact is no longer listed.",
    "contacts.withdrawn": (
        "The contact is no longer listed. Contacts are usually withdrawn when a trial stops recruiting."
    ),
    "contacts.renamed": "The contact was renamed; phone and e-mail are the same.",
    "contacts.respelled": "The name of the contact is spelled otherwise now.",
    "contacts.replaced": "Another contact is listed now in place of the one before.",
    "officials.added": "An official was added: {role}.",
    "officials.removed": "An official is no longer named: {role}.",
    "officials.replaced": "Another person is named now: {role}.",
    "officials.respelled": "The name of an official is spelled otherwise now: {role}.",
}
"""By kind of change: what is said of people where nobody is named."""

_BARE: Final = {Kind.ADDED: "added", Kind.REMOVED: "removed", Kind.CHANGED: "details", Kind.MOVED: "details"}
_FIELDS: Final = {
    "name": "name",
    "phone": "phone number",
    "phone_ext": "phone extension",
    "email": "e-mail address",
    "role": "role",
    "affiliation": "affiliation",
}
_TELLS_OF_PEOPLE: Final = frozenset({"sites.contact"})


def masked(message: Message) -> Message:
    """The message with everybody in it held back. Pure; masking twice is once."""
    held = Withheld.of(message.named + _named_in(message.content))
    content = _content(message.content, held)
    return replace(message, content=content, named=Named())


def _named_in(content: Content) -> Named:
    if isinstance(content, ChangeMessage):
        return Named(persons=tuple(each for change in content.changes for each in persons_in(change)))
    return Named()


def _content(content: Content, held: Withheld) -> Content:  # noqa: PLR0911 (one for each kind of message)
    match content:
        case ChangeMessage():
            return replace(
                content,
                header=_header(content.header, held),
                changes=tuple(_change(each, held) for each in content.changes),
                origin=_origin(content.origin, held),
                unchanged=tuple(map(held.text, content.unchanged)),
                note=content.note and replace(content.note, text=held.text(content.note.text)),
            )
        case TrialEventMessage():
            return replace(
                content,
                header=_header(content.header, held),
                sentences=tuple(map(held.text, content.sentences)),
                origin=_origin(content.origin, held),
            )
        case WelcomeMessage():
            return WelcomeMessage(trials=tuple(_header(each, held) for each in content.trials))
        case NoticeMessage():
            return NoticeMessage(items=tuple(_item(each, held) for each in content.items))
        case PlainMessage():
            lines = tuple(_line(each, held) for each in content.lines)
            return replace(content, title=held.text(content.title), lines=lines)
        case DigestMessage():
            return replace(content, messages=tuple(map(masked, content.messages)), standing=_standing(content, held))
        case TestMessage():
            return content


def _standing(content: DigestMessage, held: Withheld) -> Standing | None:
    standing = content.standing
    return standing and replace(standing, missing=tuple(map(held.text, standing.missing)))


def _header(header: TrialHeader, held: Withheld) -> TrialHeader:
    """Links stay as they are: they lead to the source, and an edited one leads nowhere."""
    return replace(
        header,
        title=held.text(header.title),
        label=None if header.label is None else held.text(header.label),
        sponsor=None if header.sponsor is None else held.text(header.sponsor),
        single_site_city=None if header.single_site_city is None else held.text(header.single_site_city),
    )


def _origin(origin: Origin, held: Withheld) -> Origin:
    return replace(origin, reasons=tuple(map(held.text, origin.reasons)))


def _item(item: NoticeItem, held: Withheld) -> NoticeItem:
    return NoticeItem(what=held.text(item.what), trust=held.text(item.trust), todo=held.text(item.todo))


def _line(line: str, held: Withheld) -> str:
    """A bare line; where a value of several parts stands in it, its entries are known by their shape."""
    name, colon, rest = line.partition(": ")
    if rest[:1] in ("{", "["):
        try:
            shown = held.document(orjson.loads(rest))
        except orjson.JSONDecodeError:
            return held.text(line)
        return f"{held.text(name)}{colon}{orjson.dumps(shown).decode()}"
    return held.text(line)


def _change(change: Change, held: Withheld) -> Change:
    leaf = change.path.rpartition(".")[2]
    before, after = (_value(held, leaf, value) for value in (change.before, change.after))
    sentence, strong = _sentence(change, held)
    return replace(
        change,
        before=before,
        after=told_apart(change.before, change.after, (before, after)),
        sentence=sentence,
        strong=strong,
        detail=_detail(change.detail, held),
    )


def _value(held: Withheld, leaf: str, value: Json) -> Json:
    """A value by the name under which it stands: an investigator's name is one wherever it stands alone."""
    shown = held.document({leaf: value})
    return next(iter(shown.values())) if isinstance(shown, Mapping) and leaf in shown else held.document(value)


def _detail(detail: JsonObject, held: Withheld) -> JsonObject:
    shown = held.document(detail)
    made = dict(shown) if isinstance(shown, Mapping) else {}
    if isinstance(detail.get("pieces"), list | tuple):
        made["pieces"] = _pieces(detail["pieces"], held)
    return made


def _pieces(pieces: Json, held: Withheld) -> Json:
    """The words kept, lost and gained; as two whole texts where a name might be parted between them."""
    found = [each for each in pieces if isinstance(each, list | tuple)] if isinstance(pieces, list | tuple) else []
    made: list[Json] = []
    for sign in "-+":
        whole = "".join(str(text) for mark, text, *_ in found if mark in ("=", sign))
        if held.text(whole) == whole:
            made.append(None)
        made.append([sign, held.text(whole)])
    return pieces if made.count(None) == 2 else [each for each in made if each is not None]  # noqa: PLR2004 (both)


def _sentence(change: Change, held: Withheld) -> tuple[str, tuple[str, ...]]:
    fields = held.held_in([change.before, change.after, change.detail])
    told = _of_people(change) if fields - {"email"} and change.category is Category.CONTACTS else None
    if told is not None:
        return f"{told} {_held(fields)}", ()
    sentence = held.text(change.sentence)
    if fields and change.detail.get("event") in _TELLS_OF_PEOPLE:
        sentence = f"{sentence} {_held(fields)}"
    return sentence, tuple(map(held.text, change.strong))


def _of_people(change: Change) -> str:
    """What happened to a contact or official, in words of our own: those of the record's may name somebody."""
    of = "officials" if change.path.endswith("officials") else "contacts"
    event = str(change.detail.get("event") or f"{of}.{_BARE[change.kind]}")
    told = _SENTENCES.get(event)
    if told is None:
        fields = change.detail.get("fields")
        names = [_FIELDS[each] for each in fields if each in _FIELDS] if isinstance(fields, list | tuple) else []
        who = "an official" if of == "officials" else "the contact"
        return f"What is given of {who} changed{': ' + ', '.join(names) if names else ''}."
    person = change.after or change.before
    role = person.get("role") if isinstance(person, Mapping) else None
    return told.format(role=_plain(role))


def _plain(role: Json) -> str:
    """The registry's own word for a role, in small letters; nobody's name is written so."""
    known = isinstance(role, str) and role.replace("_", "").isalpha() and role.isupper() and role.isascii()
    return role.replace("_", " ").lower() if known and isinstance(role, str) else "role not given"


def _held(fields: frozenset[str]) -> str:
    """ "Name and phone are held back in this channel."."""
    words = [word for field, word in (("name", "name"), ("phone", "phone")) if field in fields]
    if "email" in fields and "phone" not in fields:
        words.append("e-mail")
    told = " and ".join(words).capitalize()
    return f"{told} {'are' if len(words) > 1 else 'is'} held back in this channel."
