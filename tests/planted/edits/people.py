"""Central contacts and officials: a new phone, a name respelled, another person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.planted.plot import Editor, Fact, Plot, odd, spelled, texts_once

PERSON = {"name": "name", "role": "role", "phone": "phone", "phoneExt": "phone_ext", "email": "email"}
_OFFICIAL = {"name": "name", "affiliation": "affiliation", "role": "role"}


def phone(plot: Plot) -> str:
    return f"+1 {plot.chance.randrange(200, 999)}-555-{plot.chance.randrange(10_000):04}"


def email(plot: Plot) -> str:
    return f"{plot.phrase(2).replace(' ', '.')}{plot.chance.randrange(1000)}@example.org"


def _contacts(plot: Plot) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = plot.module("contactsLocationsModule").setdefault("centralContacts", [])
    return listed


def _told(edit: str, before: dict[str, Any] | None, after: dict[str, Any] | None, fields: list[str]) -> list[Fact]:
    detail = {"fields": fields} if fields else {}
    names = ("contacts", "contacts.central")
    return [Fact(edit=edit, category=names[0], path=names[1], before=before, after=after, detail=detail)]


def _one(plot: Plot, listed: list[dict[str, Any]]) -> dict[str, Any] | None:
    """A person whom nothing else in the list is like."""
    free = [each for each in listed if ("person", each.get("name")) not in plot.taken]
    if not free or not texts_once([each.get("name") or "" for each in listed]):
        return None
    person: dict[str, Any] = plot.some(free)
    if odd(person) or len(person["name"]) < 8:
        return None
    plot.free(("person", person["name"]))
    return person


def _lines(listed: list[dict[str, Any]]) -> bool:
    """True if no two of them share a phone or an address."""
    lines = [str(each[key]).casefold() for each in listed for key in ("phone", "email") if each.get(key)]
    return len(set(lines)) == len(lines)


def contact_details(plot: Plot) -> list[Fact]:
    """The same person with another phone, extension, address or role."""
    contact = _one(plot, _contacts(plot))
    if contact is None:
        return []
    before, keys = spelled(contact, PERSON), plot.chance.sample(["phone", "phoneExt", "email"], 1)
    fresh = {"phone": phone(plot), "phoneExt": str(plot.chance.randrange(1000, 9999)), "email": email(plot)}
    for key in keys:
        contact[key] = fresh[key]
    return _told("contact details", before, spelled(contact, PERSON), [PERSON[key] for key in keys])


def contact_respelled(plot: Plot) -> list[Fact]:
    """A letter of the name; phone and address are the same."""
    listed = _contacts(plot)
    contact = _one(plot, listed) if _lines(listed) else None
    if contact is None or not (contact.get("phone") or contact.get("email")):
        return []
    if not plot.unlike("contact", contact["name"]):
        return []
    before, name = spelled(contact, PERSON), contact["name"]
    spot = plot.chance.randrange(2, len(name) - 2)
    contact["name"] = f"{name[:spot]}{name[spot]}{name[spot:]}" if name[spot].isalpha() else f"{name}, PhD"
    plot.free(("person", contact["name"]))
    return _told("contact respelled", before, spelled(contact, PERSON), ["name"])


def contact_respelled_and_moved(plot: Plot) -> list[Fact]:
    """A title behind the name and another phone: still the same person."""
    contact = _one(plot, _contacts(plot))
    if contact is None or len(contact["name"]) < 12 or not plot.unlike("contact", contact["name"]):
        return []
    before = spelled(contact, PERSON)
    contact["name"], contact["phone"] = f"{contact['name']}, MD", phone(plot)
    plot.free(("person", contact["name"]))
    return _told("contact respelled and moved", before, spelled(contact, PERSON), ["name", "phone"])


def contact_replaced(plot: Plot) -> list[Fact]:
    """Another person, reached in another way."""
    contact = _one(plot, _contacts(plot))
    fresh = _person(plot)
    if (
        contact is None
        or not plot.free("a contact comes or goes")
        or not plot.unlike("contact", contact["name"], fresh["name"])
    ):
        return []
    before = spelled(contact, PERSON)
    contact.clear()
    contact.update(fresh)
    plot.free(("person", fresh["name"]))
    return _told("contact replaced", before, spelled(contact, PERSON), [])


def _person(plot: Plot) -> dict[str, Any]:
    return {"name": plot.phrase(2).title(), "role": "CONTACT", "phone": phone(plot), "email": email(plot)}


def contact_added(plot: Plot) -> list[Fact]:
    """One contact more."""
    fresh = _person(plot)
    if not plot.free("a contact comes or goes") or not plot.unlike("contact", fresh["name"]):
        return []
    plot.free(("person", fresh["name"]))
    _contacts(plot).append(fresh)
    return _told("contact added", None, spelled(fresh, PERSON), [])


def contact_removed(plot: Plot) -> list[Fact]:
    """One contact less."""
    listed = _contacts(plot)
    contact = _one(plot, listed)
    if contact is None or not plot.free("a contact comes or goes") or not plot.unlike("contact", contact["name"]):
        return []
    listed.remove(contact)
    return _told("contact removed", spelled(contact, PERSON), None, [])


def _officials(plot: Plot) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = plot.module("contactsLocationsModule").setdefault("overallOfficials", [])
    return listed


def _official(edit: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[Fact]:
    path = "contacts.officials"
    return [Fact(edit=edit, category="contacts", path=path, before=before, after=after)]


def official_changed(plot: Plot) -> list[Fact]:
    """Another affiliation or role, or a name respelled."""
    official = _one(plot, _officials(plot))
    if official is None:
        return []
    before, step = spelled(official, _OFFICIAL), plot.chance.randrange(3)
    if step == 0:
        official["affiliation"] = f"{plot.phrase(2).title()} Clinic"
    elif step == 1:
        official["role"] = "STUDY_CHAIR" if official.get("role") != "STUDY_CHAIR" else "STUDY_DIRECTOR"
    elif plot.free("an official comes or goes"):
        official["name"] = f"{official['name']}{official['name'][-1]}"
        plot.free(("person", official["name"]))
    return (
        []
        if spelled(official, _OFFICIAL) == before
        else _official("official changed", before, spelled(official, _OFFICIAL))
    )


def official_moved(plot: Plot) -> list[Fact]:
    """An official comes, goes, or is replaced by another in the same role."""
    listed = _officials(plot)
    fresh = {"name": plot.phrase(2).title(), "affiliation": plot.phrase(3).title(), "role": "PRINCIPAL_INVESTIGATOR"}
    if not plot.free("an official comes or goes") or not plot.unlike("official", fresh["name"]):
        return []
    step = plot.chance.randrange(3)
    gone = _one(plot, listed) if step else None
    if step and (gone is None or not plot.unlike("official", gone["name"])):
        return []
    if gone is not None:
        listed.remove(gone)
        fresh["role"] = gone.get("role") or fresh["role"]
    if step < 2:
        listed.append(fresh)
        plot.free(("person", fresh["name"]))
    before = spelled(gone, _OFFICIAL) if gone is not None else None
    return _official("official", before, spelled(fresh, _OFFICIAL) if step < 2 else None)


def editors() -> Iterator[tuple[str, Editor]]:
    """Each editor with the category that its edits are told in."""
    for editor in (
        contact_details,
        contact_respelled,
        contact_respelled_and_moved,
        contact_replaced,
        contact_added,
        contact_removed,
        official_changed,
        official_moved,
    ):
        yield "contacts", editor
