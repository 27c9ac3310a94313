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
