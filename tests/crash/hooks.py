"""The moments at which a run can be killed: before and after each statement, commit, file write, send and sleep.

Hooks stand at the rim alone, where the program meets SQLAlchemy, the operating system and the sockets. They are laid
once in a process that forks; a child that is armed dies at its n-th moment, by a real SIGKILL.
"""

from __future__ import annotations

import asyncio
import fcntl
import mmap
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import Pool

_FILES: Final = (
    *("write", "fsync", "fdatasync", "ftruncate", "truncate", "rename", "replace", "unlink", "remove", "mkdir"),
    *("rmdir", "chmod", "fchmod", "link"),
)
_SOCKETS: Final = (
    *("connect", "connect_ex", "send", "sendall", "sendmsg", "sendto", "recv", "recv_into", "shutdown", "close"),
)
_OWN: Final = int(socket.AF_UNIX)
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_NAMED: Final = 80  # bytes of a moment's name
_SIZE: Final = 8 + 2 + _NAMED


class Board:
    """What a child leaves behind whatever becomes of it: how many moments it met, and the name of that of its death."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _SIZE)

    def write(self, number: int, name: str) -> None:
        text = name.encode("ascii", "replace")[:_NAMED]
        self._memory[: 10 + len(text)] = number.to_bytes(8, "big") + len(text).to_bytes(2, "big") + text

    def read(self) -> tuple[int, str]:
        length = int.from_bytes(self._memory[8:10], "big")
        return int.from_bytes(self._memory[:8], "big"), self._memory[10 : 10 + length].decode()


class Moments:
    """Counts the moments of one run; at number `at` (None: never) the process is killed. Threads count together.

    `names` are those met so far, in a run that is not to be killed.
    """

    def __init__(self, board: Board) -> None:
        self._board = board
        self._at: int | None = None
        self._met = 0
        self._counts = False
        self.names: list[str] = []

    def begin(self, at: int | None) -> None:
        self._at, self._met, self._counts = at, 0, True
        self.names.clear()
        self._board.write(0, "")

    def end(self) -> None:
        self._counts = False
        self._board.write(self._met, "")

    def meet(self, name: str) -> None:
        if not self._counts:
            return
        self._met += 1
        if self._at is None:
            self.names.append(name)
        elif self._met == self._at:
            self._board.write(self._met, name)
            os.kill(os.getpid(), signal.SIGKILL)
            signal.pause()  # this thread goes no step further before the signal is there

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """`call` with a moment before it and one after it."""

        def called(*arguments: Any, **named: Any) -> Any:
            self.meet(f"before {name}")
            result = call(*arguments, **named)
            self.meet(f"after {name}")
            return result

        return called


def lay(moments: Moments) -> None:
    """Lay all hooks in this process, for good."""
    _lay_in_sqlalchemy(moments)
    for name in _SOCKETS:
        setattr(socket.socket, name, _speaking(moments, name, getattr(socket.socket, name)))
    for name in _FILES:
        setattr(os, name, moments.around(name, getattr(os, name)))
    os.open = _opening(moments, os.open)
    fcntl.flock = moments.around("flock", fcntl.flock)
    time.sleep = moments.around("sleep", time.sleep)
    asyncio.sleep = _sleeping(moments, asyncio.sleep)
    sys.addaudithook(_listening(moments))


def _lay_in_sqlalchemy(moments: Moments) -> None:
    def statement(text: str) -> str:
        return " ".join(text[:_NAMED].split()[:3])

    def before(_c: Any, _cursor: Any, text: str, *_: Any) -> None:
        moments.meet(f"before {statement(text)}")

    def after(_c: Any, _cursor: Any, text: str, *_: Any) -> None:
        moments.meet(f"after {statement(text)}")

    def commit(_connection: Connection) -> None:
        moments.meet("before commit")

    def rollback(_connection: Connection) -> None:
        moments.meet("before rollback")

    def ended(_connection: Any, _record: Any) -> None:
        moments.meet("after the transaction")

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    event.listen(Engine, "commit", commit)
    event.listen(Engine, "rollback", rollback)
    event.listen(Pool, "checkin", ended)


def _speaking(moments: Moments, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    """A method of sockets; those by which an event loop wakes itself speak to nobody."""
    watched = moments.around(name, real)
    family = socket.SocketType.family.__get__

    def spoken(one: socket.socket, *arguments: Any, **named: Any) -> Any:
        return (real if family(one) == _OWN else watched)(one, *arguments, **named)

    return spoken


def _opening(moments: Moments, real: Callable[..., int]) -> Callable[..., int]:
    """`os.open` with moments where it may make or change a file."""
    watched = moments.around("open for writing", real)

    def opened(path: Any, flags: int, *arguments: Any, **named: Any) -> int:
        return (watched if flags & _WRITES else real)(path, flags, *arguments, **named)

    return opened


def _sleeping(moments: Moments, real: Callable[..., Any]) -> Callable[..., Any]:
    async def slept(*arguments: Any, **named: Any) -> Any:
        moments.meet("before asyncio.sleep")
        result = await real(*arguments, **named)
        moments.meet("after asyncio.sleep")
        return result

    return slept


def _listening(moments: Moments) -> Callable[[str, tuple[Any, ...]], None]:
    """What no function of Python passes on its way: connections of SQLite, and files opened by `open`."""

    def heard(name: str, arguments: tuple[Any, ...]) -> None:
        if name in ("sqlite3.connect", "sqlite3.connect/handle"):
            moments.meet(name)
        elif name == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
            moments.meet("before open")

    return heard
