"""The recorded corpora, line by line."""

from __future__ import annotations

import gzip
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import orjson
import zstandard

from monitor.model.reading import Body
from monitor.model.record import TrialRecord
from monitor.sources import normalise

Line: TypeAlias = dict[str, Any]


def lines_of(path: Path) -> Iterator[Line]:
    """The JSON objects of a packed file, one a line."""
    with path.open("rb") as packed:
        unpacked = (
            gzip.GzipFile(fileobj=packed)
            if path.suffix == ".gz"
            else zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(packed)
        )
        yield from map(json.loads, io.TextIOWrapper(unpacked, encoding="utf-8"))


def following(lines: Iterable[Line], *names: str) -> Iterator[tuple[Line, Line]]:
    """Each line with the next one that has the same values under `names`."""
    series: defaultdict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in lines:
        series[tuple(line[name] for name in names)].append(line)
    for each in series.values():
        yield from pairwise(each)


def partial_record(study: Mapping[str, Any]) -> TrialRecord:
    """A record of a document that has not all its modules."""
    body = Body(content=orjson.dumps(study), media_type="application/json")
    return normalise("ctgov", body, complete=False)
