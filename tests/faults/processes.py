"""A sink as a process of its own, which can die and is started again on the same port."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from tests.faults.nursery import Nursery


class SinkProcess:
    """Between `with` and its end it listens, unless it died; `revive` starts it again. `folder` is that of a course."""

    def __init__(self, name: str, kind: str, folder: Path, nursery: Nursery) -> None:
        files = (folder / "script.json", folder / "clock.json", folder / f"ledger-{name}.jsonl")
        self._arguments = [name, kind, *map(str, files)]
        self._nursery = nursery
        self._pid: int | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self._pid, self.port = self._nursery.begin_sink([*self._arguments, str(self.port)])

    def stop(self) -> None:
        """Kill it, if it is still alive."""
        if self._pid is not None:
            self._nursery.end(self._pid)
            self._pid = None

    def revive(self) -> None:
        """Start it again if it has died by itself."""
        if self._pid is not None and self._nursery.has_died(self._pid):
            self.start()
