"""The change history as CSV for spreadsheets: everything quoted, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

import orjson

from monitor.cli.days import show_utc
from monitor.model.change import StoredChange
from monitor.model.json import Json
from monitor.text.clean import harmless

COLUMNS = (
    "id", "observed_at", "registry_id", "label", "title", "category", "kind", "severity", "cause", "path", "before",
    "after", "sentence", "from_version", "to_version",
)  # fmt: skip

_ACTIVE = re.compile(r"""[\s"'`“”‘’«»\u00a0\u3000＂＇]*[=+\-@\t\r\n|%＝＋－＠﹢﹣−]""")


def history_csv(changes: Iterable[StoredChange]) -> bytes:
    """One line a change under a line of column names, in UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for stored in changes:
        writer.writerow(_row(stored))
    return out.getvalue().encode()


def _row(stored: StoredChange) -> list[str | int]:
    change = stored.change
    return [
        stored.id,
        show_utc(stored.observed_at) or "",
        *map(cell, (stored.registry_id, stored.label, stored.title)),
        *(change.category.value, change.kind.value, change.severity.value, change.cause.value),
        *map(cell, (change.path, change.before, change.after, change.sentence)),
        stored.from_version,
        stored.to_version,
    ]


def cell(value: Json) -> str:
    """The value as text; an apostrophe stands before what a spreadsheet would take for a formula.

    Numbers stay numbers; lists and objects are written as JSON.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return _guarded(harmless(value, keep_newlines=True))
        case _:
            return _guarded(harmless(orjson.dumps(value).decode(), keep_newlines=True))


def _guarded(text: str) -> str:
    return f"'{text}" if _ACTIVE.match(text) else text
