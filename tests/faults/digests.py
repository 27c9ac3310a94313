"""A digest taken apart: what waited for one recipient, told in one message, each alert with its own code below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

Entry: TypeAlias = Mapping[str, Any]

_HEAD: Final = re.compile(r"^(?P<number>\d[\d,]*) alerts had waited\.", re.MULTILINE)
_RULE: Final = re.compile(r"^={72}$", re.MULTILINE)
_FOOT: Final = re.compile(r"^-- ?$", re.MULTILINE)
_ALERT: Final = re.compile(r"^Alert ([0-9A-Z]{4}-[0-9A-Z]{4})\.$", re.MULTILINE)


def number_in(entry: Entry) -> int:
    """How many alerts the message says it tells of; 0 if it is no digest."""
    found = _HEAD.search(str(entry["text"]))
    return int(found["number"].replace(",", "")) if found else 0


def apart(entry: Entry) -> tuple[Entry, ...]:
    """What a digest tells, as a message for each alert that it names; `within` is the digest's own name."""
    if not number_in(entry):
        return ()
    _, *parts = _RULE.split(str(entry["text"]))
    parts[-1:] = [_FOOT.split(part)[0] for part in parts[-1:]]
    named = ((part.strip("\n"), _ALERT.findall(part)) for part in parts)
    return tuple(
        {**entry, "text": text, "alert": names[-1], "within": entry["alert"]} for text, names in named if names
    )


def each_told(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Each message, and in place of a digest what it tells."""
    for entry in entries:
        yield from apart(entry) or (entry,)
