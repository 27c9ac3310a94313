"""Real runs of the program, as a shell would start it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.cli.group import main

Run = Callable[..., "subprocess.CompletedProcess[str]"]
START = "import sys; from monitor.cli.group import main; sys.exit(main())"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `trial-monitor ARGUMENTS` in an empty folder and home; environment variables as keywords."""

    def start(*arguments: str, given: str | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
        plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "COLUMNS": "80", "PYTHONUTF8": "1", **environ}
        return subprocess.run(
            [sys.executable, "-c", START, *arguments],
            input=given,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=plain,
            timeout=60,
            check=False,
        )

    return start


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """As `run`, but within the process of the tests: many times as fast, for what the text says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("TRIAL_MONITOR_CONFIG", raising=False)
    root, ours = logging.getLogger(), logging.getLogger("monitor")
    before = root.handlers[:], root.level, ours.level

    def start(*arguments: str) -> subprocess.CompletedProcess[str]:
        capsys.readouterr()
        code = main(arguments)
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, code, out, err)

    yield start
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])
    logging.captureWarnings(capture=False)


@pytest.fixture
def modules_of() -> Callable[..., set[str]]:
    """The modules that a run of the program has imported when it ends."""

    def imported_by(*arguments: str, cwd: Path) -> set[str]:
        code = f"""
import sys
from monitor.cli.group import main
code = main({list(arguments)!r})
print("MODULES", *sys.modules, file=sys.stderr)
sys.exit(code)
"""
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, cwd=cwd, check=True, timeout=60
        )
        return set(done.stderr.rpartition("MODULES")[2].split())

    return imported_by
