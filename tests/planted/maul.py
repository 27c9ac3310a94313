"""Documents that somebody cut, blanked or stuffed at random: what the gate lets through must still compare."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

_STUFFING: tuple[Any, ...] = (
    None,
    "",
    " ",
    [],
    {},
    "x" * 3000,
    "((((" * 200,
    "\\>" * 300,
    "\u202e\u0000\ud7ff",
    0,
    -1,
    99999999,
    True,
    "2031-02",
    "* a\n  * b\n\n1. c",
    [{}],
    [""],
    [{"name": ""}],
)


def mauled(study: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The document, changed in place in one to six spots."""
    spots = list(_spots(study))
    for holder, key in chance.sample(spots, chance.randrange(1, 7)):
        match chance.randrange(3):
            case 0 if isinstance(holder, dict):
                holder.pop(key, None)
            case 1 if isinstance(holder, list):
                holder.append(holder[0])
            case _:
                holder[key] = chance.choice(_STUFFING)
    return study


def _spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in which a value stands."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _spots(value[key])
