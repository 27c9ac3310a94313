"""The people and sites of a record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    name: str | None = None
    role: str | None = None
    phone: str | None = None
    phone_ext: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    name: str | None = None
    affiliation: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    central: tuple[Contact, ...] = ()
    officials: tuple[Official, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    facility: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    status: str | None = None
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Locations:
    """`count` is known even where the sites themselves are unavailable (a page that loads them later)."""

    count: int | None = None
    sites: tuple[Site, ...] = ()
