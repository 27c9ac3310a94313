"""Lists of trials in files: any text, or CSV with columns of its own for label, tags, source and interval.

`write_list` gives what `read_list` takes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.cli.csv_out import cell
from monitor.cli.interval import read_interval
from monitor.cli.list_views import interval
from monitor.errors import UsageError
from monitor.model.watch import Watch, WatchSource, WatchSpec
from monitor.sources.references import find_references

COLUMNS = ("ref", "label", "tags", "source", "every")
SOURCES: Mapping[str, WatchSource] = {"both": "both", "page": "page", "registry": "registry"}
LARGEST = 20_000_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`unused` names the lines with text from which nothing was taken."""

    specs: Sequence[WatchSpec]
    unused: Sequence[str]


def read_list(file: Path, tags: frozenset[str]) -> Found:
    """Every NCT number and ctv study page in the file. Raises UsageError for a file that is no text."""
    with file.open("rb") as stream:
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise UsageError(f"{file.name} is larger than {LARGEST // 1_000_000} MB; split it.")
    try:
        text = content.decode("utf-8-sig")
        table = _as_table(text)
    except UnicodeDecodeError as error:
        raise UsageError(f"{file.name} is no UTF-8 text; save it as UTF-8 (CSV) first.") from error
    except csv.Error as error:
        raise UsageError(f"{file.name} cannot be read as CSV: {error}.") from error
    return _from_table(table, tags) if table else _from_text(text, tags)


def _as_table(text: str) -> list[dict[str, str]] | None:
    """The rows of a CSV text with a `label` or `tags` column, else None."""
    first = text.partition("\n")[0]
    names = [name.strip().casefold() for name in next(csv.reader([first]), [])]
    if not {"label", "tags"} & set(names):
        return None
    rows = csv.reader(io.StringIO(text), strict=False)
    next(rows, None)
    return [dict(zip(names, row, strict=False)) for row in rows if any(field.strip() for field in row)]


def _from_table(rows: Iterable[Mapping[str, str]], tags: frozenset[str]) -> Found:
    specs, unused = [], []
    for number, row in enumerate(rows, 2):
        named = " ".join(value for name, value in row.items() if name not in COLUMNS[1:])
        found = find_references(named)
        own = frozenset(tag for tag in row.get("tags", "").replace(";", " ").replace(",", " ").split() if tag)
        label = row.get("label", "").strip().removeprefix("'") or None
        reads = SOURCES.get(row.get("source", "").strip().casefold(), "both")
        every = read_interval(row.get("every", ""))
        specs += [WatchSpec(reference=each, tags=tags | own, label=label, source=reads, every=every) for each in found]
        if not found:
            unused.append(f"line {number}")
    return Found(specs=specs, unused=unused)


def _from_text(text: str, tags: frozenset[str]) -> Found:
    specs = [WatchSpec(reference=each, tags=tags) for each in find_references(text)]
    lines = enumerate(text.splitlines(), 1)
    unused = [f"line {number}" for number, line in lines if line.strip() and not find_references(line)]
    return Found(specs=specs, unused=unused)


def write_list(found: Sequence[Watch]) -> str:
    """CSV with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for watch in found:
        every = interval(watch.every) if watch.every else ""
        tags = cell(" ".join(sorted(watch.tags)))
        writer.writerow([watch.reference.text, cell(watch.label or ""), tags, watch.source, every])
    return out.getvalue()
