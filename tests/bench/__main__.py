"""`make bench`: what comparing and planning cost; and one pass over 1,000 watched trials of which 50 changed, beside a
bare client that fetches the same.

With the recorded corpora at hand (TRIAL_MONITOR_CORPORA) the trials are a thousand different ones, else the demo's
under many numbers. With --record the figures are written to RESULTS.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import orjson

from tests.bench import planning
from tests.bench.comparing import measure
from tests.bench.measure import Taken, middle, run
from tests.bench.verdict import faults

RESULTS = Path(__file__).with_name("RESULTS.md")
ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).with_name("trial-monitor")
MOST_REQUESTS = 12


@dataclass(frozen=True, slots=True)
class Server:
    """The replayed registry in a process of its own."""

    told: dict[str, Any]
    given: IO[bytes]
    said: IO[bytes]

    def ask(self, command: str) -> Any:
        self.given.write(f"{command}\n".encode())
        self.given.flush()
        return orjson.loads(self.said.readline())


@contextmanager
def serving(corpora: Path | None) -> Iterator[Server]:
    command = [sys.executable, "-m", "tests.bench.server", *([str(corpora)] if corpora else [])]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the server has no pipes")
        yield Server(orjson.loads(process.stdout.readline()), process.stdin, process.stdout)
        process.stdin.close()


def prepare(folder: Path, server: Server) -> None:
    """A store that has seen day 1 of every trial."""
    (folder / "monitor.toml").write_text(
        f'[store]\nurl = "sqlite:///monitor.db"\n[sources.ctgov]\nbase_url = "{server.told["url"]}"\n'
        "requests_per_second = 0\nallow_private_addresses = true\n"
    )
    (folder / "trials.txt").write_text("\n".join(server.told["trials"]))
    for arguments in (["watch", "import", "trials.txt"], ["check"]):
        command = [str(PROGRAM), "--config", "monitor.toml", *arguments]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    shutil.copy(folder / "monitor.db", folder / "day-1.db")


def check(folder: Path) -> Taken:
    """One pass of day 2 over the store of day 1."""
    for leftover in folder.glob("monitor.db-*"):
        leftover.unlink()
    shutil.copy(folder / "day-1.db", folder / "monitor.db")
    command = [str(PROGRAM), "--config", "monitor.toml", "check", "--json"]
    return run(command, folder=folder, environ=os.environ)


def fetch(server: Server, targets: Sequence[str]) -> Taken:
    """The same pages by the bare client."""
    base = server.told["url"].removesuffix("/api/v2")
    command = [sys.executable, "-m", "tests.bench.plain"]
    return run(command, folder=ROOT, environ=os.environ, given=orjson.dumps([base, *targets]))


def table(ours: Taken, plain: Taken, requests: int, rounds: int) -> str:
    rows = (
        ("wall time, s", ours.wall, plain.wall, ".2f"),
        ("processor time, s", ours.processor, plain.processor, ".2f"),
        ("peak memory, MB", ours.memory, plain.memory, ".0f"),
    )
    lines = [f"| {name} | {a:{form}} | {b:{form}} | {a / b:.1f} |" for name, a, b, form in rows]
    head = "| whole process | `trial-monitor check` | bare httpx client | ratio |\n|---|---|---|---|"
    note = f"{requests} requests, 50 of 50 changes found with old and new value, no other; medians of {rounds} runs."
    return "\n".join([head, *lines, "", note])


def machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--record", action="store_true", help="write the figures to RESULTS.md")
    options = parser.parse_args()
    named = os.environ.get("TRIAL_MONITOR_CORPORA")
    corpora = Path(named) if named and Path(named).is_dir() else None
    records = "1,000 different trials" if corpora else "the demo's 7 trials under 1,000 numbers"
    compared, planned = measure(), planning.measure()
    with TemporaryDirectory() as name, serving(corpora) as server:
        folder = Path(name)
        prepare(folder, server)
        server.ask("day 2")
        server.ask("targets")
        report = orjson.loads(check(folder).printed)
        targets = server.ask("targets")
        found = [*faults(report, server.told["edits"]), *compared.faults(), *planned.faults()]
        fetch(server, targets)
        ours = middle([check(folder) for _ in range(options.rounds)])
        plain = middle([fetch(server, targets) for _ in range(options.rounds)])
    requests = len(targets)
    if requests > MOST_REQUESTS:
        found.append(f"{requests} requests; at most {MOST_REQUESTS} are needed")
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    passed = f"{table(ours, plain, requests, options.rounds)}\nRecords: {records}."
    text = f"{passed}\n\n{compared.table()}\n\n{planned.table()}"
    sys.stdout.write(f"{text}\n")
    if options.record and not found:
        RESULTS.write_text(
            f"# Benchmark\n\n{datetime.now(UTC):%Y-%m-%d}; {machine()}. Made by `make bench`.\n\n{text}\n"
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
