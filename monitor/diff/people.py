"""Who to ask: contacts and officials, by name first, then by what else tells that two entries are one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

from monitor.diff.align import by_identity, likeness
from monitor.diff.found import Found
from monitor.diff.sameness import as_json, folded, same, spelled, telling
from monitor.diff.status import SOON, recruits
from monitor.model.change import Category, Kind
from monitor.model.people import Contact, Official
from monitor.model.record import TrialRecord

_ALIKE = 80  # of 100: two names that are one, spelled anew
Person = TypeVar("Person", Contact, Official)


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
    keys: tuple[Callable[[Contact], Hashable], ...] = (
        contact_key,
        lambda c: (spelled(c.name), c.role),
        lambda c: spelled(c.name),
    )
    pairs, removed, added = _matched(old, new, keys)
    more, removed, added = _one_person(removed, added)
    for was, now in pairs + more:
        yield from _contact_change(was, now)
    if len(removed) == len(added) == 1:
        yield _found("contacts.replaced", "contacts.central", removed[0], added[0])
        return
    for gone in removed:
        vanished = not new and not recruits(after.status.overall) and recruits(before.status.overall)
        yield _found("contacts.withdrawn" if vanished else "contacts.removed", "contacts.central", gone, None)
    first = "contacts.first" if before.status.overall in SOON else "contacts.listed"
    for come in added:
        yield _found("contacts.added" if before.contacts.central else first, "contacts.central", None, come)


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


def _one_person(
    removed: list[Contact], added: list[Contact]
) -> tuple[list[tuple[Contact, Contact]], list[Contact], list[Contact]]:
    """Pairs with another name but the same phone and e-mail, or nearly the same name."""
    pairs: list[tuple[Contact, Contact]] = []
    for was in list(removed):
        now = next((each for each in added if _alike(was, each)), None)
        if now is not None:
            pairs.append((was, now))
            removed.remove(was)
            added.remove(now)
    return pairs, removed, added


def _alike(was: Contact, now: Contact) -> bool:
    if was.name and now.name and likeness(spelled(was.name), spelled(now.name), _ALIKE):
        return True
    return _same_line(was, now) and bool(was.phone or was.email)


def _same_line(was: Contact, now: Contact) -> bool:
    """True if phone and e-mail are the same."""
    return (
        same(was.phone, now.phone)
        and same(was.phone_ext, now.phone_ext)
        and same((was.email or "").casefold(), (now.email or "").casefold())
    )


def _contact_change(was: Contact, now: Contact) -> Iterator[Found]:
    if contact_key(was) == contact_key(now):
        return
    fields = [
        name
        for name in ("name", "role", "phone", "phone_ext", "email")
        if not same(getattr(was, name), getattr(now, name))
    ]
    event = "contacts.details"
    if "name" in fields and _same_line(was, now):
        close = likeness(spelled(was.name), spelled(now.name), _ALIKE)
        event = "contacts.respelled" if close else "contacts.renamed"
    elif "name" in fields and spelled(was.name) != spelled(now.name):
        event = "contacts.name_and_details"
    yield _found(event, "contacts.central", was, now, fields=fields)


def _officials(old: Sequence[Official], new: Sequence[Official]) -> Iterator[Found]:
    keys: tuple[Callable[[Official], Hashable], ...] = (
        lambda o: (folded(o.name), o.role, folded(o.affiliation)),
        lambda o: (spelled(o.name), o.role),
        lambda o: spelled(o.name),
    )
    pairs, removed, added = _matched(telling(old), telling(new), keys)
    for was, now in pairs:
        fields = [name for name in ("name", "affiliation", "role") if not same(getattr(was, name), getattr(now, name))]
        if fields:
            yield _found("officials.details", "contacts.officials", was, now, fields=fields)
    if len(removed) == len(added) == 1:
        respelled = likeness(spelled(removed[0].name), spelled(added[0].name), _ALIKE)
        event = "officials.respelled" if respelled else "officials.replaced"
        yield _found(event, "contacts.officials", removed[0], added[0])
        return
    for gone in removed:
        yield _found("officials.removed", "contacts.officials", gone, None)
    for come in added:
        yield _found("officials.added", "contacts.officials", None, come)


def _found(
    event: str,
    path: str,
    was: Contact | Official | None,
    now: Contact | Official | None,
    *,
    fields: Sequence[str] = (),
) -> Found:
    kind = Kind.ADDED if was is None else (Kind.REMOVED if now is None else Kind.CHANGED)
    return Found(
        event=event,
        category=Category.CONTACTS,
        path=path,
        kind=kind,
        before=as_json(was) if was else None,
        after=as_json(now) if now else None,
        detail={"fields": list(fields)} if fields else {},
    )
