"""How much of the data of persons is kept: names, phones and e-mail addresses of contacts and officials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Level(StrEnum):
    """From all to nothing. A stricter form can be made of a looser one, never the other way round."""

    FULL = "full"
    MASKED = "masked"  # what a person knows again, and a keyed digest
    HASHED = "hashed"  # a keyed digest alone
    DROPPED = "dropped"  # nothing but that something stood there

    @property
    def rank(self) -> int:
        return _LOOSEST_FIRST.index(self)


_LOOSEST_FIRST = tuple(Level)


def strictest(*levels: Level) -> Level:
    return max(levels, key=lambda level: level.rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A keyed digest of a name, phone or e-mail address that is to be forgotten. `kind` is name, phone or email.

    `size` is its number of words, digits or characters: what is of another size need not be digested to be told apart.
    """

    kind: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What is kept, and how long after something newer took its place; None is for ever."""

    contacts: Level = Level.FULL
    keep_contacts: timedelta | None = None
    keep_bodies: timedelta | None = None
