"""The disk below a daemon stops taking anything while it runs, and is well again: it goes on by itself.

The store lies on a file system of its own that is filled to the last byte, or a tracer lets the daemon's calls fail.
Or another process holds the store.
That happens before there is something to do, or at the moment when a message was handed over and is to be marked.
Named faults:

DIED         the daemon ended
PINGED       the dead man's switch was asked while nothing could be stored
UNSAID       its log does not tell that the store cannot be used, or it holds a traceback
NOT_RESUMED  what there was to do is not done soon after the disk is well
UNTOLD       the operator does not hear of it afterwards
REPEAT       a message came twice without need, or does not say that it may have
DISAGREES    the store is not whole, or `verify` finds something
"""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Final

from tests.storage.disk import Image
from tests.storage.hook import TRIALS, Place, opened_place
from tests.storage.opened import Opened
from tests.storage.standing import BESIDE, STORE
from tests.sweep.sweep import Outcome, Sweep

SIZE = 2 * 1024 * 1024  # of the file system, in bytes
SOON = 90.0  # seconds; the daemon looks every ten, a busy machine takes its time
LONG = 80.0  # seconds within which the daemon wants to check at least once
INJECTED: Final = {
    "a full disk, injected": "pwrite64:error=ENOSPC",
    "a read-only disk": "openat:error=EROFS",
    "a failing device": "fdatasync:error=EIO",
}
FULL, HELD = "a full disk", "a store that another process holds"
KINDS: Final = (FULL, HELD, *INJECTED)
MOMENTS: Final = ("before", "at the mark")
NAMESPACE = ("unshare", "-Urm", "sh", "-c", 'mount -t tmpfs -o size="$0" tmpfs "$1" && shift && exec "$@"', str(SIZE))


@dataclass(slots=True)
class Running:
    """A daemon, and what it has logged so far."""

    place: Place
    process: subprocess.Popen[str]
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        if self.process.stderr is not None:
            self.log += iter(self.process.stderr.readline, "")

    @property
    def disk(self) -> Path:
        """The folder of its store, as the daemon sees it."""
        return Path(f"/proc/{self.process.pid}/root{self.place.folder}/disk")

    def logged(self, *words: str) -> bool:
        return any(word in line for line in self.log for word in words)


def is_so(what: Callable[[], bool], seconds: float = SOON) -> bool:
    """True as soon as it is; False if it never is within so many seconds."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@contextmanager
def broken(daemon: Running, kind: str) -> Iterator[None]:
    """While the block lasts the disk takes nothing."""
    if kind == HELD:
        with closing(sqlite3.connect(daemon.disk / STORE, isolation_level=None, timeout=SOON)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    if kind == FULL:
        ballast = daemon.disk / "ballast"
        with closing(ballast.open("wb", buffering=0)) as file:
            fill(file.write)
            yield
        ballast.unlink()
        return
    only = [word for name in BESIDE for word in ("-P", str(daemon.place.folder / "disk" / name))]
    call = INJECTED[kind]
    trace = ["-e", f"trace={call.partition(':')[0]}", "-e", f"inject={call}"]
    command = ["strace", "-f", "-o", "/dev/null", *only, *trace, "-p", str(daemon.process.pid)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        if tracer.stderr is None or "attached" not in tracer.stderr.readline():
            raise RuntimeError("the daemon cannot be traced")
        try:
            yield
        finally:
            tracer.send_signal(signal.SIGINT)  # it lets go of the daemon


def fill(write: Callable[[bytes], int | None]) -> None:
    """Until not a byte goes in."""
    for size in (65536, 4096, 512, 1):
        try:
            while write(bytes(size)):
                pass
        except OSError:
            continue


def run(seed: int, folder: Path) -> Outcome:
    """One daemon."""
    kind, moment = KINDS[seed % len(KINDS)], MOMENTS[seed // len(KINDS) % len(MOMENTS)]
    patience = LONG if seed >= 2 * len(KINDS) * len(MOMENTS) else 0.0
    (folder / "disk").mkdir()
    with opened_place(folder) as place:
        place.store = "disk/monitor.db"
        place.configure(TRIALS[0])
        before = (*NAMESPACE, str(folder / "disk")) if kind == FULL else ()
        with place.start("run", before=before) as process:
            daemon = Running(place, process)
            try:
                faults = list(_course(daemon, kind, moment, patience))
            finally:
                process.kill()
    told = [f"{fault}; {kind}, {moment}" for fault in faults]
    return Outcome(counts={"daemons": 1}, faults=told, shapes=[f"{kind}, {moment}, for {patience:.0f} s"])


def _course(daemon: Running, kind: str, moment: str, patience: float) -> Iterator[str]:
    hook = daemon.place.hook
    if not is_so(lambda: hook.pings > 0 and daemon.logged("delivered")):
        yield f"NOT_RESUMED: it never began: {daemon.log}"
        return
    yield from _while_broken(daemon, kind, moment, patience)
    wanted = 2 if moment == "before" else 3
    if not is_so(lambda: len(hook.messages) >= wanted + 1):
        yield f"NOT_RESUMED: {hook.messages[1:]} {daemon.log}"
    yield from _ended(daemon)
    if not any("could not be used from" in message for message in hook.messages):
        yield f"UNTOLD: {hook.messages}"
    repeats = ["may be a repeat" in message for message in hook.messages]
    again = len(hook.codes) - len(set(hook.codes))
    if (again, sum(repeats)) != ((0, 0) if moment == "before" else (1, 1)):
        yield f"REPEAT: {again} came twice, {sum(repeats)} say so"


def _while_broken(daemon: Running, kind: str, moment: str, patience: float) -> Iterator[str]:
    """Another watch joins: before that, or when its welcome has come, the disk stops taking anything."""
    place, hook = daemon.place, daemon.place.hook
    if moment == "before":
        with broken(daemon, kind):
            yield from _meanwhile(daemon, patience)
        return
    hook.hangs = True
    hook.came.clear()
    place.configure(*TRIALS)
    daemon.process.send_signal(signal.SIGHUP)
    if not hook.came.wait(SOON):
        yield f"NOT_RESUMED: the second watch is not welcomed: {daemon.log}"
        return
    is_so(lambda: hook.pings > 1)  # the pass that found it is over
    with broken(daemon, kind):
        hook.hangs = False
        hook.go_on.set()
        yield from _meanwhile(daemon, patience)


def _meanwhile(daemon: Running, patience: float) -> Iterator[str]:
    daemon.place.configure(*TRIALS)
    daemon.process.send_signal(signal.SIGHUP)
    if not is_so(lambda: daemon.logged("tick failed")):
        yield f"UNSAID: {daemon.log}"
    pings = daemon.place.hook.pings
    time.sleep(patience)
    if daemon.process.poll() is not None:
        yield f"DIED: {daemon.process.returncode} {daemon.log}"
    if daemon.place.hook.pings != pings:
        yield "PINGED"


def _ended(daemon: Running) -> Iterator[str]:
    """What it leaves is whole; then it stops, and its file system is gone."""
    if daemon.process.poll() is not None:
        yield f"DIED: {daemon.process.returncode} {daemon.log}"
        return
    files = {f"disk/{path.name}": path.read_bytes() for path in daemon.disk.iterdir() if path.name in BESIDE}
    daemon.process.send_signal(signal.SIGTERM)
    if daemon.process.wait(SOON) != 0:
        yield f"DIED: {daemon.process.returncode}"
    if daemon.logged("Traceback", "unhandled"):
        yield f"UNSAID: a traceback in {daemon.log}"
    image = Image(files=files, kept="")
    yield from Opened(daemon.place.config, daemon.place.folder / "image").open(image, "")


SWEEP = Sweep(
    name="broken-disk",
    what="The disk below a running daemon takes nothing for a while.",
    seeds=len(KINDS) * len(MOMENTS) * 3,
    goal={"daemons": len(KINDS) * len(MOMENTS) * 3},
    run=run,
    jobs=4,  # they wait most of the time
)
