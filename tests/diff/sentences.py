"""The sentences that real updates are told in, as a table. After a deliberate change: python -m tests.diff.sentences"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from monitor.diff.compare import compare
from monitor.model.reading import Body
from monitor.model.record import TrialRecord
from monitor.sources import normalise

TABLE = Path(__file__).parent / "sentences.tsv"
PAYLOADS = Path(__file__).parents[1] / "payloads" / "pairs"
COLUMNS = ("trial", "from", "to", "category", "severity", "sentence")


def table() -> str:
    """Every sentence of every recorded pair, as the file holds them."""
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    writer.writerow(COLUMNS)
    writer.writerows(_rows())
    return lines.getvalue()


def real_pairs() -> Iterator[dict[str, Any]]:
    """Both sides of each recorded update; some hold only the sections that differ."""
    for name in ("changed_pairs.jsonl.gz", "sliced_pairs.jsonl.gz"):
        with gzip.open(PAYLOADS / name, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def sliced_record(study: dict[str, Any]) -> TrialRecord:
    """The record of a study document that need not be complete."""
    return normalise("ctgov", Body(content=orjson.dumps(study), media_type="application/json"), complete=False)


def _rows() -> Iterator[tuple[str, ...]]:
    for pair in real_pairs():
        for change in compare(sliced_record(pair["before"]), sliced_record(pair["after"])):
            told = (change.category.value, change.severity.value, change.sentence)
            yield (pair["nct_id"], pair["from"][:10], pair["to"][:10], *told)


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
