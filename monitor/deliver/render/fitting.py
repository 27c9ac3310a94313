"""Rows of a mail within its size: what does not fit is counted, never left out in silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from monitor.deliver.render import sheet
from monitor.deliver.render.markup import Html, html, join_html
from monitor.deliver.render.telling import Statement, kinds_of

_ROOM: Final = 62_000  # bytes of rows; with head and foot a mail stays under 90 kB
Item = TypeVar("Item")


def fit_rows(items: Sequence[Item], make: Callable[[Item, Html], Html]) -> Html:
    """As many rows as fit, in order, then one that says how many more there are and where they stand.

    `make` is given the item and the rule to draw above it.
    """
    rows: list[Html] = []
    used = 0
    for n, item in enumerate(items):
        made = make(item, html(sheet.RULE) if n else html(""))
        used += made.size
        if used > _ROOM and rows:
            rows.append(_folded(items[n:]))
            break
        rows.append(made)
    return join_html(rows)


def _folded(left: Sequence[object]) -> Html:
    kinds = kinds_of([item for item in left if isinstance(item, Statement)])
    of_what = f": {kinds}" if kinds else ""
    words = f"{len(left):,} more{of_what}. All of them are in the text part of this mail."
    return html(sheet.PLAIN_ROW, rule=html(sheet.RULE), said=html(sheet.SMALL, text=words))
