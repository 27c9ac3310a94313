"""What was run, kept beside the report: one entry for each part. Parts add up, for no seed counts twice."""

from __future__ import annotations

import fcntl
import json
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.sweep.running import Sum

FOLDER: Final = Path(__file__).parents[1] / "reports"
KEPT: Final = FOLDER / "sweep.json"
ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The seeds `first` to `end` (not included) of a sweep, when, on what, and what they came to."""

    sweep: str
    first: int
    end: int
    counts: Mapping[str, int]
    distinct: int
    faults: Sequence[str]
    seconds: int
    date: str
    commit: str
    machine: str

    def meets(self, other: Part) -> bool:
        """True if both ran some seed of the same sweep."""
        return self.sweep == other.sweep and self.first < other.end and other.first < self.end


def part_of(sweep: str, total: Sum) -> Part:
    """A finished part as it is kept."""
    return Part(
        sweep=sweep,
        first=total.first,
        end=total.first + total.done,
        counts=dict(sorted(total.counts.items())),
        distinct=len(total.shapes),
        faults=total.faults,
        seconds=round(total.seconds),
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        commit=_commit(),
        machine=f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}",
    )


def keep(part: Part, path: Path = KEPT) -> list[Part]:
    """Add a part to those kept, in place of any that ran one of its seeds; all that are kept then."""
    path.parent.mkdir(exist_ok=True)
    with _alone(path):
        others = [each for each in kept(path) if not each.meets(part)]
        parts = sorted([*others, part], key=lambda each: (each.sweep, each.first))
        path.write_text(json.dumps([asdict(each) for each in parts], indent=1) + "\n", encoding="utf-8")
        return parts


def kept(path: Path = KEPT) -> list[Part]:
    """All parts that are kept."""
    found: list[dict[str, Any]] = json.loads(path.read_bytes()) if path.exists() else []
    return [Part(**each) for each in found]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Parts that end at the same moment wait for one another."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _commit() -> str:
    """The commit that was run, with a + if the work tree differs from it but for reports; "-" outside a clone."""
    commit = _git("rev-parse", "--short=9", "HEAD")
    return commit + "+" * bool(_git("status", "--porcelain", "--", ".", ":!tests/reports")) if commit else "-"


def _git(*arguments: str) -> str:
    command = [shutil.which("git") or "false", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
