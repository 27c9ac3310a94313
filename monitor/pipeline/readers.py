"""A reader is forgotten: nothing more is sent to them, and no byte of the store's files names them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from typing import Final
from urllib.parse import quote

from monitor.model.json import Json
from monitor.store import forgotten, readers
from monitor.store.engine import Store
from monitor.store.readers import NOBODY
from monitor.store.transaction import Tx

_DEEPEST: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How many alerts were open and are dropped, and how many rows named the reader, by table."""

    dropped: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)

    @property
    def something(self) -> bool:
        return bool(self.dropped or self.rows)


def forget_reader(store: Store, address: str, *, dry_run: bool = False) -> Forgotten:
    """Take a reader out of the outbox, its attempts and notices. The run's lock must be held. Raises StoreError.

    The files are then written anew, so that their free parts hold nothing either; a run that died before that is made
    up for by this again, or by the daily pruning. With `dry_run` nothing is stored.
    """
    done = Forgotten()
    with suppress(_GivenUpError), store.write() as tx:
        done = _forget(tx, address)
        if dry_run:
            raise _GivenUpError
    if not dry_run:
        store.sweep()
        with store.write() as tx:
            forgotten.mark_swept(tx)
    return done


class _GivenUpError(Exception):
    """Ends a transaction of which nothing is to stay."""


def _forget(tx: Tx, address: str) -> Forgotten:
    dropped = readers.drop_open(tx, address)
    readers.unroute(tx, address)
    clear = _Clear(pattern_of_address(address))
    forgotten.mark_unswept(tx)  # free parts of the files may hold what no row says any more
    return Forgotten(dropped=dropped, rows=readers.erase(tx, spellings(address), clear.value))


def spellings(address: str) -> tuple[str, ...]:
    """How an address stands in texts, URLs and documents."""
    found = (address, quote(address, safe=""), quote(address), json.dumps(address)[1:-1], escape(address))
    return tuple(dict.fromkeys(found))


def pattern_of_address(address: str) -> re.Pattern[str]:
    """What finds an address as a whole: jane@example.org is not found in mary-jane@example.org."""
    found = "|".join(re.escape(each) for each in sorted(spellings(address), key=len, reverse=True))
    return re.compile(rf"(?<![\w.+%@#-])(?:{found})(?![\w-]|\.\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Clear:
    pattern: re.Pattern[str]

    def value(self, value: Json) -> Json:
        return self._value(value, _DEEPEST)

    def _value(self, value: Json, deep: int) -> Json:
        if isinstance(value, str):
            return self.pattern.sub(NOBODY, value)
        if isinstance(value, Mapping | list | tuple) and not deep:
            return NOBODY
        if isinstance(value, Mapping):
            return dict(self._items(value, deep - 1))
        if isinstance(value, list | tuple):
            return [self._value(each, deep - 1) for each in value]
        return value

    def _items(self, value: Mapping[str, Json], deep: int) -> Iterator[tuple[str, Json]]:
        for key, each in value.items():
            yield self.pattern.sub(NOBODY, key), self._value(each, deep)
