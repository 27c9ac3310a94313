"""Append-only files of JSON lines: what a server, a sink or a runner saw, safe from the death of whoever wrote it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import Any


class Journal:
    """Each entry is one write of one line; `durable` ones are on the disk before `add` returns."""

    def __init__(self, path: Path, *, durable: bool = False) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._durable = durable
        self._lock = Lock()

    def add(self, **entry: Any) -> None:
        """Keep an entry, with the time of day as `at` (seconds since 1970) unless it names another."""
        line = json.dumps({"at": time.time(), **entry}, default=str) + "\n"
        with self._lock:
            os.write(self._file, line.encode())
            if self._durable:
                os.fsync(self._file)

    def close(self) -> None:
        os.close(self._file)


def entries(path: Path) -> Iterator[Mapping[str, Any]]:
    """The entries in the order in which they were written; a last line that was cut by a crash is left out."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n"):
                yield json.loads(line)
