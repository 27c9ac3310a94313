"""Real runs of the program, as a shell would start it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

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
