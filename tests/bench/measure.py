"""What one process took: time on the wall, of the processor, and memory at its peak."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Seconds and megabytes of one finished process, its exit code and what it printed."""

    wall: float
    processor: float
    memory: float
    code: int
    printed: bytes


def run(command: Sequence[str], *, folder: Path, environ: Mapping[str, str], given: bytes = b"") -> Taken:
    """Run to the end, and measure the whole process from its start."""
    with TemporaryFile() as given_file, TemporaryFile() as out:
        given_file.write(given)
        given_file.seek(0)
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=dict(environ), stdin=given_file, stdout=out)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return Taken(
            wall=wall,
            processor=used.ru_utime + used.ru_stime,
            memory=used.ru_maxrss / 1024,
            code=process.returncode,
            printed=out.read(),
        )


def middle(runs: Sequence[Taken]) -> Taken:
    """The medians of several runs; code and output of the last."""
    return Taken(
        wall=median(run.wall for run in runs),
        processor=median(run.processor for run in runs),
        memory=median(run.memory for run in runs),
        code=runs[-1].code,
        printed=runs[-1].printed,
    )
