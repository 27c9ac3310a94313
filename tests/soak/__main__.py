"""Runs the daemon for long and writes what came of it: make soak HOURS=0.1

    python -m tests.soak [--hours H | --days N] [--seed S] [--page FILE]

A day of the world takes a few seconds; with --days 3650 ten years pass. Ends with 1 if anything was found.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clocks.programs import compiler
from tests.soak.measured import summary
from tests.soak.soak import Soak

PAGE = Path(__file__).parents[1] / "reports" / "soak.md"
PORTION = 365  # days of one world: then a new one begins
MEMORY = Path("/dev/shm")  # noqa: S108 (a file system in memory where there is one; folders of our own are made in it)


def _soak(seed: int, days: int) -> tuple[Mapping[str, int], Sequence[str]]:
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        soak = Soak(seed, days, Path(folder))
        evidence = soak.run()
        counts = {"days": days, **soak.counts, **(summary(soak.samples) if soak.samples else {})}
        counts["alerts"] = len({(each["alert"], each["recipient"]) for each in evidence.delivered})
        counts["repeats in the window"] = len(evidence.delivered) - counts["alerts"]
        return counts, soak.faults


def _page(told: Sequence[tuple[int, Mapping[str, int], Sequence[str]]], seconds: float) -> str:
    python = f"Python {platform.python_version()}"
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, {python}"
    days = sum(counts["days"] for _, counts, _ in told)
    lines = [
        "# A long run of the daemon",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {machine}: {days} days of the world in {seconds / 3600:.2f} hours, by",
        "`make soak` (see tests/soak/soak.py for what is done to it, tests/soak/measured.py for the bounds).",
        "",
    ]
    for seed, counts, faults in told:
        lines += [f"## Seed {seed}", "", *(f"- {name}: {number}" for name, number in counts.items())]
        lines += ["", f"Found: {len(faults)}", *(f"- {fault[:300]!r}" for fault in faults), ""]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--hours", type=float, default=0.1)
    parser.add_argument("--days", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--page", type=Path, default=PAGE)
    told = parser.parse_args(arguments)
    if compiler() is None:
        print("A long run needs Linux and cc: the clock of the daemon is set by a library made with it.")
        return 2
    began, left, done = time.monotonic(), told.days or sys.maxsize, list[tuple[int, Mapping[str, int], Sequence[str]]]()
    while left > 0 and (told.days or time.monotonic() - began < told.hours * 3600):
        pace = (time.monotonic() - began) / max(sum(counts["days"] for _, counts, _ in done), 1) if done else 4.0
        rest = left if told.days else max(int((told.hours * 3600 - (time.monotonic() - began)) / pace), 10)
        days = min(PORTION, rest)
        counts, faults = _soak(told.seed + len(done), days)
        done.append((told.seed + len(done), counts, faults))
        left -= days
        print(f"seed {done[-1][0]}: {dict(counts)}, {len(faults)} found", *faults, sep="\n  ", flush=True)
        told.page.write_text(_page(done, time.monotonic() - began), encoding="utf-8")
    return 1 if any(faults for _, _, faults in done) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
