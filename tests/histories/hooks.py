"""Where a run of the worker may die: called in its process before it begins."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

from sqlalchemy import Engine, event

_NAMES = {"commit": "commit", "statement": "before_cursor_execute", "done": "after_cursor_execute"}


def die_at(argument: tuple[str, int]) -> None:
    """Die at the n-th event of a kind: "commit", "statement" (before it), "done" (after it), "connect"."""
    kind, number = argument
    die = _counting(number)
    if kind == "connect":
        sys.addaudithook(lambda name, _arguments: die() if name == "socket.connect" else None)
    else:
        event.listen(Engine, _NAMES[kind], lambda *_: die())


def _counting(number: int) -> Callable[[], Any]:
    met = count(1)

    def die() -> None:
        if next(met) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return die
