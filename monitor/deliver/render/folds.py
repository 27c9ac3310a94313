"""What does not fit into a chat: how much is shown, and what is said of the rest. Nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from monitor.deliver.render.telling import Statement, kinds_of
from monitor.deliver.render.words import counted
from monitor.model.change import Severity

_GRAVE: Final = (Severity.CRITICAL, Severity.MAJOR)


def grave_in(statements: Sequence[Statement]) -> int:
    """How many are critical or major: these are folded only where they do not fit."""
    return sum(each.severity in _GRAVE for each in statements)


def most_that_fit(number: int, fits: Callable[[int], bool]) -> int:
    """The largest of 0 to `number` that fits; what is more takes more room. 0 even where that does not fit."""
    low, high = 0, number
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def left_words(left: Sequence[Statement]) -> str:
    """ "35 more: criteria (30) and sites (5); 12 of them critical or major, which did not fit"."""
    grave = grave_in(left)
    why = f"; {grave:,} of them critical or major, which did not fit" if grave else ""
    return f"{len(left):,} more: {kinds_of(left)}{why}"


def listed_elsewhere(statement: Statement) -> str:
    """What is said where a sentence counts the places of a change, and each of them stands in the whole text."""
    number = len(statement.deltas)
    return f" ({counted(number, 'site')} one by one: at the link.)" if number > 1 else ""
