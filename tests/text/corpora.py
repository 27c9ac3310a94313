"""The recorded corpora, record by record."""

from __future__ import annotations

import gzip
import html
import io
import re
from collections.abc import Iterator
from pathlib import Path

import orjson
import zstandard


def lines(path: Path) -> Iterator[bytes]:
    """The lines of a packed file."""
    if path.suffix == ".gz":
        with gzip.open(path) as opened:
            yield from opened
    else:
        with path.open("rb") as packed, zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(packed) as out:
            yield from io.BufferedReader(out)


def markdown_texts(corpora: Path) -> Iterator[tuple[str, str]]:
    """Every criteria text of the present API, with its trial's number."""
    for name in ("v2_studies.jsonl.gz", "v2_series_all.jsonl.zst", "v2_changed_pairs.jsonl.gz"):
        for line in lines(corpora / name):
            document = orjson.loads(line)
            module = document["study"].get("protocolSection", {}).get("eligibilityModule", {})
            if text := module.get("eligibilityCriteria"):
                yield document["nct_id"], text


def legacy_texts(corpora: Path) -> Iterator[tuple[str, str]]:
    """Every criteria text of the registry's files before 2024, with its trial's number."""
    for line in lines(corpora / "ctgov_legacy_xml.jsonl.zst"):
        document = orjson.loads(line)
        found = re.search(r"<criteria>\s*<textblock>(.*?)</textblock>", document["xml"], re.DOTALL)
        if found:
            yield document["nct_id"], html.unescape(found[1])
