"""Who to ask: contacts and officials, by name first, then by what else tells that two entries are one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

from monitor.diff.align import by_identity
from monitor.diff.found import Found, kind_of
from monitor.diff.names import names_alike, nearly_alike, one_person, person_words
from monitor.diff.sameness import as_json, folded, same, telling
from monitor.diff.status import SOON, recruits
from monitor.model.change import Category
from monitor.model.json import Json
from monitor.model.people import Contact, Official
from monitor.model.record import TrialRecord

Person = TypeVar("Person", Contact, Official)
_CONTACT = ("name", "role", "phone", "phone_ext", "email")
_OFFICIAL = ("name", "affiliation", "role")


def people_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """Central contacts and officials, one change for each person."""
    yield from _contacts(before, after)
    yield from _officials(before.contacts.officials, after.contacts.officials)


def contact_key(contact: Contact) -> Hashable:
    """Equal for two entries that say the same of the same person."""
    return (
        folded(contact.name),
        contact.role,
        folded(contact.phone),
        folded(contact.phone_ext),
        folded(contact.email),
    )


def _contacts(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    old, new = telling(before.contacts.central), telling(after.contacts.central)
    pairs, removed, added = align_contacts(old, new)
    for was, now in pairs:
        yield from _contact_change(was, now, alone=len(old) == len(new) == 1)
    vanished = not new and not recruits(after.status.overall) and recruits(before.status.overall)
    for n, gone in enumerate(removed):
        event = "contacts.withdrawn" if vanished and n == 0 else "contacts.removed"  # why is said once
        yield _found(event, "contacts.central", gone, None, "gone")
    first = "contacts.first" if before.status.overall in SOON else "contacts.listed"
    for come in added:
        yield _found("contacts.added" if old else first, "contacts.central", None, come, "given")


def align_contacts(
    old: Sequence[Contact], new: Sequence[Contact]
) -> tuple[list[tuple[Contact, Contact]], list[Contact], list[Contact]]:
    """The same person on both sides, then the same line, then the one who came where one went."""
    keys: tuple[Callable[[Contact], Hashable], ...] = (
        contact_key,
        lambda c: (person_words(c.name or ""), c.role, folded(c.email)),
        lambda c: (person_words(c.name or ""), c.role),
        lambda c: person_words(c.name or ""),
    )
    pairs, removed, added = _matched(old, new, keys)
    for alike in (_one_contact, _same_line):
        pairs += _paired(removed, added, alike)
    if len(removed) == len(added) == 1:
        pairs.append((removed.pop(), added.pop()))
    return pairs, removed, added


def _matched(
    old: Sequence[Person], new: Sequence[Person], keys: Sequence[Callable[[Person], Hashable]]
) -> tuple[list[tuple[Person, Person]], list[Person], list[Person]]:
    """Pairs by one key after the other, each over what the one before left."""
    pairs: list[tuple[Person, Person]] = []
    for key in keys:
        aligned = by_identity(old, new, key)
        pairs.extend(aligned.pairs)
        old, new = aligned.removed, aligned.added
    return pairs, list(old), list(new)


def _paired(
    removed: list[Person], added: list[Person], alike: Callable[[Person, Person], bool]
) -> list[tuple[Person, Person]]:
    """Pairs that are alike, taken out of both lists."""
    pairs: list[tuple[Person, Person]] = []
    for was in list(removed):
        now = next((each for each in added if alike(was, each)), None)
        if now is not None:
            pairs.append((was, now))
            removed.remove(was)
            added.remove(now)
    return pairs


def _one_contact(was: Contact, now: Contact) -> bool:
    """True if both may be one person: the name tells it, or a like name together with phone or e-mail."""
    if one_person(was.name, now.name):
        return True
    if _same_line(was, now) and nearly_alike(was.name, now.name):
        return True
    lines = [_line(each) for each in (was, now)]
    return names_alike(was.name, now.name) and (bool(lines[0] & lines[1]) or not (lines[0] and lines[1]))


def _line(contact: Contact) -> frozenset[str]:
    """Phone and e-mail, as they are compared."""
    email = (folded(contact.email) or "").casefold()
    phone = "".join(letter for letter in contact.phone or "" if letter.isdigit())
    return frozenset(each for each in (email, phone) if each)


def _same_line(was: Contact, now: Contact) -> bool:
    """True if phone and e-mail are the same, and one of them is given."""
    return bool(_line(was)) and _line(was) == _line(now) and same(was.phone_ext, now.phone_ext)


def _contact_change(was: Contact, now: Contact, *, alone: bool) -> Iterator[Found]:
    fields = _differing(was, now, _CONTACT)
    if not fields:
        return
    step = _contact_step(was, now, fields)
    event = {"renamed": "contacts.renamed", "replaced": "contacts.replaced"}.get(step, "contacts.details")
    if fields == ["name"] and step == "respelled":
        event = "contacts.respelled"
    yield _found(event, "contacts.central", was, now, step, fields=fields, alone=alone)


def _contact_step(was: Contact, now: Contact, fields: Sequence[str]) -> str:
    """What happened first of all: who it is comes before how to reach them."""
    if "name" in fields:
        if _one_contact(was, now):
            return "respelled"
        return "renamed" if _same_line(was, now) else "replaced"
    return next(field.removesuffix("_ext") for field in ("phone", "phone_ext", "email", "role") if field in fields)


def _differing(was: Person, now: Person, names: Sequence[str]) -> list[str]:
    return [name for name in names if not same(getattr(was, name), getattr(now, name))]


def _officials(old: Sequence[Official], new: Sequence[Official]) -> Iterator[Found]:
    keys: tuple[Callable[[Official], Hashable], ...] = (
        lambda o: (folded(o.name), o.role, folded(o.affiliation)),
        lambda o: (person_words(o.name or ""), o.role, folded(o.affiliation)),
        lambda o: (person_words(o.name or ""), o.role),
        lambda o: person_words(o.name or ""),
    )
    pairs, removed, added = _matched(telling(old), telling(new), keys)
    pairs += _paired(removed, added, _one_official)
    for role in dict.fromkeys(official.role for official in removed):
        went, came = ([each for each in side if each.role == role] for side in (removed, added))
        if len(went) == len(came) == 1:
            pairs.append((went[0], came[0]))
            removed.remove(went[0])
            added.remove(came[0])
    for was, now in pairs:
        fields = _differing(was, now, _OFFICIAL)
        if fields:
            yield _official_change(was, now, fields)
    for gone in removed:
        yield _found("officials.removed", "contacts.officials", gone, None, "gone")
    for come in added:
        yield _found("officials.added", "contacts.officials", None, come, "given")


def _one_official(was: Official, now: Official) -> bool:
    if names_alike(was.name, now.name):
        return True
    return was.role == now.role and same(was.affiliation, now.affiliation) and nearly_alike(was.name, now.name)


def _official_change(was: Official, now: Official, fields: list[str]) -> Found:
    if "name" not in fields:
        step, event = ("role" if "role" in fields else "affiliation"), "officials.details"
    elif _one_official(was, now):
        step, event = "respelled", "officials.respelled" if fields == ["name"] else "officials.details"
    else:
        step, event = "replaced", "officials.replaced"
    return _found(event, "contacts.officials", was, now, step, fields=fields)


def _found(
    event: str, path: str, was: Contact | Official | None, now: Contact | Official | None, step: str, **detail: Json
) -> Found:
    before, after = as_json(was) if was else None, as_json(now) if now else None
    return Found(
        event=event,
        category=Category.CONTACTS,
        path=path,
        kind=kind_of(before, after),
        before=before,
        after=after,
        detail={"step": step, **detail},
    )
