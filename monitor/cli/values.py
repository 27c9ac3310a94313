"""JSON values of a record as a reader takes them in: dates and codes in words, people and places on one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from monitor.model.json import Json
from monitor.text.dates import show_date
from monitor.text.words import plain_word, status_word

CODED = frozenset({"type", "role", "agency_class", "status"})  # fields that hold a code of the registry
_DATE = re.compile(r"\d{4}(-\d{2}){0,2}", re.ASCII)
_STATUSES = frozenset({"RECRUITING", "ACTIVE_NOT_RECRUITING", "COMPLETED", "SUSPENDED", "TERMINATED", "UNKNOWN"})
_CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", re.ASCII)


def leaves(value: Json, *, codes: bool = True) -> Iterator[str]:
    """Every text, number and answer in a value, in its order, in words; without `codes` no types and roles."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        yield "yes" if value else "no"
    elif isinstance(value, int | float):
        yield f"{value:,}"
    elif isinstance(value, str):
        yield in_words(value)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if key in CODED and isinstance(each, str):
                yield from [plain_word(each)] if codes else ()
            else:
                yield from leaves(each, codes=codes)
    else:
        for each in value:
            yield from leaves(each, codes=codes)


def in_words(text: str) -> str:
    """2 Sep 2026 for 2026-09-02, Not yet recruiting for NOT_YET_RECRUITING; any other text as it is."""
    if _DATE.fullmatch(text):
        return show_date(text)
    if text in _STATUSES:
        return status_word(text)
    return plain_word(text) if "_" in text and _CODE.fullmatch(text) else text


def one_line(value: Json) -> str:
    """The value on one line; the items of a list are parted by semicolons."""
    if isinstance(value, list | tuple):
        return "; ".join(text for each in value if (text := one_line(each)))
    return ", ".join(leaves(value))
