"""One place under several names: countries that the registry renamed, towns spelled in another language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from rapidfuzz import fuzz

from monitor.diff.lettering import WORD, plain, reads_alike

_TABLE: Mapping[str, Any] = tomllib.loads((files(__package__) / "geography.toml").read_text(encoding="utf-8"))
_COUNTRY: Mapping[str, str] = {name: names[0] for names in _TABLE["countries"] for name in names}
_TOWN: Mapping[str, str] = {name: names[0] for names in _TABLE["towns"] for name in names}
_ALIKE = 75  # of 100: two spellings of one town
_ZIP = 5  # signs of a postcode that are enough: "77030" is "77030-4000"


@lru_cache(maxsize=1024)
def country_key(country: str | None) -> str:
    """Equal for the names that one country has had in the registry."""
    words = " ".join(WORD.findall(plain(country or "")))
    return _COUNTRY.get(words, words)


@lru_cache(maxsize=4096)
def zip_key(code: str | None) -> str:
    """The postcode without blanks and hyphens."""
    return "".join(WORD.findall(plain(code or "")))


def same_zip(one: str | None, other: str | None) -> bool | None:
    """True if two postcodes are one, a longer form of it included; None if one of them is not given."""
    first, second = sorted((zip_key(one), zip_key(other)), key=len)
    if not first:
        return None
    return first == second or (len(first) >= _ZIP and second.startswith(first))


@lru_cache(maxsize=4096)
def town_words(town: str | None) -> tuple[str, ...]:
    """The words of a town's name, where it has an English one of that."""
    words = " ".join("saint" if word in ("st", "ste") else word for word in WORD.findall(plain(town or "")))
    return tuple(_TOWN.get(words, words).split())


def town_key(town: str | None) -> str:
    return "".join(town_words(town))


def same_town(one: str | None, other: str | None) -> bool:
    """True for one town in two languages or spellings, or with its district ("Praha 8")."""
    first, second = set(town_words(one)), set(town_words(other))
    if not first or not second:
        return False
    if first <= second or second <= first or reads_alike(one or "", other or ""):
        return True
    return fuzz.ratio(town_key(one), town_key(other)) >= _ALIKE
