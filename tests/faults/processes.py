"""A sink as a process of its own, which can die and is started again on the same port."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]


class SinkProcess:
    """Between `with` and its end it listens, unless it died; `revive` starts it again. `folder` is that of a course."""

    def __init__(self, name: str, kind: str, folder: Path) -> None:
        files = (folder / "script.json", folder / "clock.json", folder / f"ledger-{name}.jsonl")
        self._command = [sys.executable, "-m", "tests.faults.sinks", name, kind, *map(str, files)]
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        command = [*self._command, str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self._process.stdout is None:
            raise RuntimeError("the sink has no pipes")
        self.port = int(self._process.stdout.readline())

    def stop(self) -> None:
        """Kill it, if it is still alive."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def revive(self) -> None:
        """Start it again if it has died by itself."""
        if self._process is not None and self._process.poll() is not None:
            self.stop()
            self.start()
