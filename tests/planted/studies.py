"""Real study documents, each trial once: those of this repository, or those of the recorded corpora."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard

PAYLOADS = Path(__file__).parents[1] / "payloads"


def repository_studies() -> dict[str, dict[str, Any]]:
    """By NCT number, the documents that the tests of this repository are made of."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((*PAYLOADS.glob("c*/NCT*.json"), *PAYLOADS.glob("ctgov/whole_model.json"))):
        _keep(found, json.loads(path.read_bytes()))
    with gzip.open(PAYLOADS / "pairs" / "changed_pairs.jsonl.gz", "rt", encoding="utf-8") as lines:
        for pair in map(json.loads, lines):
            _keep(found, pair["before"])
    return found


def recorded_studies(corpora: Path) -> dict[str, dict[str, Any]]:
    """By NCT number, every trial of the corpora of whole documents."""
    found: dict[str, dict[str, Any]] = {}
    with gzip.open(corpora / "v2_studies.jsonl.gz", "rt", encoding="utf-8") as lines:
        for document in map(json.loads, lines):
            _keep(found, document["study"])
    for document in series(corpora / "v2_series_all.jsonl.zst"):
        _keep(found, document["study"])
    return found


def series(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a compressed series, one after another."""
    with path.open("rb") as packed:
        lines = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(packed)
        yield from map(json.loads, io.TextIOWrapper(lines, encoding="utf-8"))


def _keep(found: dict[str, dict[str, Any]], study: dict[str, Any]) -> None:
    found.setdefault(study["protocolSection"]["identificationModule"]["nctId"], study)
