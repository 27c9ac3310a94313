"""Contacts and locations, as far as a page labels them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.model.people import Contact, Site
from monitor.sources.ctv.values import Unknown

_COUNT = re.compile(
    r"(\d[\d,]{0,9})\s*(?:trial |study )?(?:locations?|sites?|centers?|centres?)?\s*:?"
    r"|(?:locations?|sites?)\s*:?\s*\(?(\d[\d,]{0,9})\)?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![^\s;,<>()])[^\s;,<>()@]+@[^\s;,<>()]+\.[A-Za-z]{2,}")
_PHONE = re.compile(
    r"(?:(?:phone|tel|telephone|call)\s*[.:]?\s*)?(?P<phone>\+?\(?\d[\d ().-]{5,}\d)"
    r"(?:\s*(?:ext|x|extension)\.?\s*:?\s*(?P<ext>\d{1,6}))?",
    re.IGNORECASE,
)
_CONTACT_WORD = re.compile(r"^(?:contact|name|e-?mail|phone|tel)\s*:\s*", re.IGNORECASE)
_FIELDS = {
    **dict.fromkeys(
        ("facility", "facility name", "site", "site name", "institution", "location", "hospital"), "facility"
    ),
    **dict.fromkeys(("city", "town"), "city"),
    **dict.fromkeys(("state", "province", "state/province", "state or province", "region"), "state"),
    **dict.fromkeys(("zip", "zip code", "postal code", "postcode", "zip/postal code"), "zip"),
    "country": "country",
    **dict.fromkeys(("status", "site status", "recruitment status", "recruiting status"), "status"),
}
_FEWEST_COLUMNS = 3


def read_count(values: Sequence[str]) -> tuple[int | None, Sequence[str]]:
    """The number of locations that the page states first, and what it shows after it."""
    found = _COUNT.fullmatch(values[0]) if values else None
    if not found:
        return None, values
    return int((found[1] or found[2]).replace(",", "")), values[1:]


def read_sites(values: Sequence[str], unknown: Unknown) -> tuple[Site, ...] | None:
    """The sites, where each fact of them is labelled or stands in a table with a head; None if they are not."""
    rows = _table(values) if values else None
    if rows is None:
        rows = _labelled(values)
    if not rows:
        return None
    return tuple(_site(row, unknown) for row in rows)


def _site(row: dict[str, str], unknown: Unknown) -> Site:
    status = row.pop("status", None)
    return replace(Site(**row), status=unknown.code("locations.sites.status", status))  # type: ignore[arg-type]  # names of fields


def _table(values: Sequence[str]) -> list[dict[str, str]] | None:
    columns = []
    for value in values:
        name = _FIELDS.get(value.casefold().strip(" :"))
        if name is None or name in columns:
            break
        columns.append(name)
    cells = values[len(columns) :]
    if len(columns) < _FEWEST_COLUMNS or not cells or len(cells) % len(columns):
        return None
    starts = range(0, len(cells), len(columns))
    return [dict(zip(columns, cells[start : start + len(columns)], strict=True)) for start in starts]


def _labelled(values: Sequence[str]) -> list[dict[str, str]] | None:
    """Rows of labelled facts; None if something stands there without a label."""
    rows: list[dict[str, str]] = []
    for name, value in _facts(values):
        if name is None:
            return None
        if not rows or name in rows[-1]:
            rows.append({})
        rows[-1][name] = value
    return rows if all("facility" in row or "city" in row for row in rows) else None


def _facts(values: Sequence[str]) -> Iterator[tuple[str | None, str]]:
    waiting: str | None = None
    for value in values:
        head, colon, rest = value.partition(":")
        name = _FIELDS.get(head.casefold().strip())
        if waiting is not None:
            yield waiting, value
            waiting = None
        elif name and (not colon or not rest.strip()):
            waiting = name
        else:
            yield name, rest.strip()


def read_contacts(values: Sequence[str]) -> tuple[Contact, ...]:
    """People, parted by semicolons or lines; a phone or an e-mail belongs to the person before it."""
    contacts: list[Contact] = []
    for part in (part for value in values for part in value.split(";")):
        name, facts = _person(part)
        if name:
            contacts.append(Contact(name=name))
        if facts and contacts:
            contacts[-1] = replace(contacts[-1], **facts)
        elif facts:
            contacts.append(Contact(**facts))
    return tuple(contacts)


def _person(part: str) -> tuple[str, dict[str, str]]:
    facts: dict[str, str] = {}
    text = part.strip()
    if email := _EMAIL.search(text):
        facts["email"] = email[0]
        text = text.replace(email[0], " ")
    if phone := _PHONE.search(text):
        facts["phone"] = phone["phone"].strip()
        if phone["ext"]:
            facts["phone_ext"] = phone["ext"]
        text = text.replace(phone[0], " ")
    name = " ".join(text.split())
    while (stripped := _CONTACT_WORD.sub("", name)) != name:
        name = stripped
    name = name.strip(" ,|·•()<>")
    return ("" if name.casefold().rstrip(": ") in {"e-mail", "email", "phone", "tel", "contact"} else name), facts
