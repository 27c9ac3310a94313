"""An item cut in two, or two put together: words that only changed places say nothing of who fits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from monitor.diff.directions import Direction
from monitor.diff.rows import Row

_JOINTS = frozenset({"and", "or", "the", "a", "of"})  # words that a cut takes out or a joint puts in
_MOST = 0.8  # of an item's words found again in the text of its neighbour


class Shifts:
    """The items of two versions whose words went from one item to another."""

    def __init__(self, pairs: Sequence[tuple[Row, Row]], removed: Sequence[Row], added: Sequence[Row]) -> None:
        self._directions: dict[int, Direction] = {}
        changed = [(was, now) for was, now in pairs if was.key != now.key]
        for was, now in changed:
            self._join(was, now, [row for row in added if _within(row, was, now)], [])
            self._join(was, now, [], [row for row in removed if _within(row, now, was)])

    def direction(self, was: Row | None, now: Row | None) -> Direction | None:
        """What to say of an item that took part in a cut or a joint; None for any other."""
        return self._directions.get(id(was)) or self._directions.get(id(now))

    def _join(self, was: Row, now: Row, added: Sequence[Row], removed: Sequence[Row]) -> None:
        """Reworded if nothing but joints came or went, unclear if more did."""
        if not added and not removed:
            return
        old, new = _words(was, *removed), _words(now, *added)
        direction: Direction = "reworded" if old == new else "unclear"
        for row in (was, now, *added, *removed):
            self._directions[id(row)] = direction


def _within(row: Row, whole: Row, rest: Row) -> bool:
    """True if most of the row's words stood in `whole` and no longer stand in what became of it."""
    words = _words(row)
    moved = words & (_words(whole) - _words(rest))
    return row.section == whole.section and bool(words) and sum(moved.values()) >= sum(words.values()) * _MOST


def _words(*rows: Row) -> Counter[str]:
    return Counter(word for row in rows for word in re.findall(r"\w+", row.key.casefold()) if word not in _JOINTS)
