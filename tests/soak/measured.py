"""What is measured of a daemon that works for long, and the bounds that it must keep."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

WARM: Final = 30  # days until a daemon has loaded what it needs and its caches, each of bounded length, are near full
FEW: Final = 24  # days below which a life says nothing of its growth
GROWTH: Final = 1.05
ROOM: Final = 1.10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One idle moment of one process: resident kilobytes, open descriptors; the store's versions and bytes."""

    life: int
    resident: int
    descriptors: int
    versions: int
    size: int


def sample(life: int, pid: int, store: Path) -> Sample:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as database:
        (versions,) = database.execute("SELECT count(*) FROM versions").fetchone()
    files = (store, store.with_name(f"{store.name}-wal"))
    size = sum(file.stat().st_size for file in files if file.exists())
    descriptors = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return Sample(life=life, resident=resident, descriptors=descriptors, versions=versions, size=size)


def out_of_bounds(samples: Sequence[Sample]) -> Iterator[str]:
    """MEMORY, DESCRIPTORS and SIZE, each with its evidence."""
    for life in sorted({each.life for each in samples}):
        mine = [each for each in samples if each.life == life][WARM:]
        if len(mine) < FEW:
            continue
        quarter = len(mine) // 4
        before, after = (median(each.resident for each in part) for part in (mine[:quarter], mine[-quarter:]))
        if after > before * GROWTH:
            yield f"MEMORY: from {before:.0f} to {after:.0f} kB in {len(mine)} days of one process"
        lowest, last = (min(each.descriptors for each in part) for part in (mine[:quarter], mine[-quarter:]))
        if last > lowest:
            yield f"DESCRIPTORS: from {lowest} to {last} in {len(mine)} days of one process"
    yield from _size(samples)


def _size(samples: Sequence[Sample]) -> Iterator[str]:
    """The model: a store's bytes grow with its versions as they did in the first half."""
    if len(samples) < FEW:
        return
    first, middle, last = samples[0], samples[len(samples) // 2], samples[-1]
    if middle.versions <= first.versions:
        return
    each = (middle.size - first.size) / (middle.versions - first.versions)
    expected = middle.size + each * (last.versions - middle.versions)
    if last.size > expected * ROOM:
        yield f"SIZE: {last.size} bytes with {last.versions} versions, {expected:.0f} by the model"


def summary(samples: Sequence[Sample]) -> dict[str, int]:
    """The figures for the page."""
    return {
        "most kB resident": max(each.resident for each in samples),
        "most descriptors": max(each.descriptors for each in samples),
        "versions": samples[-1].versions,
        "bytes of the store": samples[-1].size,
    }
