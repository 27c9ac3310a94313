"""How far a pass is, on a terminal, once it takes more than a few seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 2.0  # seconds that need no bar


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Hears of records done, and of how many; shows a bar on stderr if that is a terminal and the pass is long."""
    bar = None if quiet or not sys.stderr.isatty() else LateBar()
    try:
        yield bar.show if bar else lambda _done, _all: None
    finally:
        if bar:
            bar.end()


class LateBar:
    """A bar that appears when it is worth it, and leaves no trace."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._bar: Progress | None = None

    def show(self, done: int, total: int) -> None:
        """`done` of `total` records were read."""
        if self._bar is None and time.monotonic() - self._since >= PATIENCE:
            self._bar = _start()
        if self._bar:
            self._bar.update(self._bar.task_ids[0], completed=done, total=total)

    def end(self) -> None:
        if self._bar:
            self._bar.stop()


def _start() -> Progress:
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    bar.add_task("Checking", total=None)
    bar.start()
    return bar
