"""What a run of the program did to the files of one folder, call by call, as the kernel saw it (strace, full data)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal[
    "write", "truncate", "sync", "create", "unlink", "rename", "link", "sync folder", "lock", "send"
]

CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,lseek,fsync,fdatasync,unlink,unlinkat,rename,renameat,"
    "renameat2,link,linkat,ftruncate,truncate,fcntl,sendto,fallocate,copy_file_range,sendfile,sync_file_range"
)
FOREIGN = (".json", ".jsonl", ".toml")
_LINE = re.compile(rb"(\d+) +(\d+\.\d+) (?:(\w+)\(|<\.\.\. (\w+) resumed>)(.*)", re.DOTALL)
_UNFINISHED = b" <unfinished ...>"
_RESULT = re.compile(rb"\) += (-?\d+)[^\"]*$")
_HEX = re.compile(rb"\\x([0-9a-f]{2})")
_FILE = re.compile(rb"\d+<([^>]*)>")
_TEXT = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"')
_PATH = re.compile(rb'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:\\x[0-9a-f]{2})*)"')
_NEVER = ("pwritev", "pwritev2", "fallocate", "copy_file_range", "sendfile", "writev", "open", "creat", "truncate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One call that came to its end, at `at` (seconds since 1970).

    `file` numbers the files that ever were, `name` is a path below the folder ("" for itself), `to` the second name of
    a rename or link. `offset` of a write; `size` of a truncation; `data` of a write or of what was sent.
    """

    kind: Kind
    at: float
    thread: int = 0
    file: int = 0
    name: str = ""
    to: str = ""
    offset: int = 0
    size: int = 0
    data: bytes = b""


class Call(NamedTuple):
    """A line of strace: `rest` is the arguments as it writes them."""

    at: float
    thread: int
    name: str
    rest: bytes
    result: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The folder as it was before (`names`: which file bears each name; `contents` by file), and what was done."""

    names: Mapping[str, int]
    contents: Mapping[int, bytes]
    events: Sequence[Event]
    code: int
    out: str
    err: str


def record(folder: Path, command: Sequence[str], environ: Mapping[str, str]) -> Trace:
    """Run the command in `folder` to its end. What others keep there (journals of servers, the script) is left out."""
    before = {each: (folder / each).read_bytes() for each in files_of(folder)}
    log = folder.parent / f"{folder.name}.strace"
    strace = ["strace", "-f", "-qq", "-y", "-xx", "-ttt", "-s", "1000000000", "--seccomp-bpf", "-e", f"trace={CALLS}"]
    done = subprocess.run(
        [*strace, "-o", str(log), *command], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    names = {name: number for number, name in enumerate(before, start=1)}
    reader = _Reader(folder, dict(names), len(names))
    with log.open("rb") as lines:
        events = [replace(event, thread=call.thread) for call in _whole(lines) for event in reader.read(call)]
    log.unlink()
    return Trace(
        names=names,
        contents={names[name]: content for name, content in before.items()},
        events=events,
        code=done.returncode,
        out=done.stdout,
        err=done.stderr,
    )


def files_of(folder: Path) -> list[str]:
    """The names below the folder of what may be the program's own."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in FOREIGN)
    return sorted(str(path.relative_to(folder)) for path in found)


def there_is_strace() -> bool:
    return shutil.which("strace") is not None


def _whole(lines: Iterator[bytes]) -> Iterator[Call]:
    """All that did not fail; a call that others interrupted in the log stands where it ended.

    What is sent stands where it began: from then on it may have arrived.
    """
    begun: dict[bytes, bytes] = {}
    for line in lines:
        found = _LINE.match(line.rstrip(b"\n"))
        if found is None:
            continue  # a signal, or the end of a thread
        thread, at, call, resumed, rest = found.groups()
        if rest.endswith(_UNFINISHED):
            begun[thread] = rest.removesuffix(_UNFINISHED)
            if call == b"sendto":
                yield Call(float(at), int(thread), "sendto", begun[thread], 1)
            continue
        if resumed and call is None:
            if resumed == b"sendto":
                continue
            rest = begun.pop(thread) + rest
        result = _RESULT.search(rest)
        if result and int(result[1]) >= 0:
            yield Call(float(at), int(thread), (call or resumed).decode(), rest[: result.start()], int(result[1]))


@dataclass(slots=True)
class _Reader:
    """Follows open files, their positions and their names."""

    folder: Path
    names: dict[str, int]
    files: int
    open: dict[bytes, int] = field(default_factory=dict)
    at: dict[bytes, int] = field(default_factory=dict)

    def read(self, call: Call) -> Iterator[Event]:
        match call.name:
            case "sendto":
                yield Event(kind="send", at=call.at, data=_plain(call.rest))
            case "openat":
                yield from self._opened(call.at, call.rest, str(call.result).encode())
            case "unlink" | "unlinkat" | "rename" | "renameat" | "renameat2" | "link" | "linkat":
                yield from self._renamed(call.at, call.name, call.rest)
            case _ if (name := self._below(_FILE.match(call.rest))) is not None:
                if call.name in _NEVER:
                    raise RuntimeError(f"{call.name} is not understood: {call.rest[:200]!r}")
                yield from self._done(call, name)

    def _opened(self, at: float, rest: bytes, handle: bytes) -> Iterator[Event]:
        name = next(self._named(rest))
        self.open.pop(handle, None)
        if name is None or b"O_DIRECTORY" in rest or (self.folder / name).is_dir():
            return
        if name not in self.names:
            if b"O_CREAT" not in rest:
                return  # a folder that is gone again
            self.files += 1
            self.names[name] = self.files
            yield Event(kind="create", at=at, file=self.files, name=name)
        elif b"O_TRUNC" in rest:
            yield Event(kind="truncate", at=at, file=self.names[name])
        self.open[handle], self.at[handle] = self.names[name], 0

    def _renamed(self, at: float, call: str, rest: bytes) -> Iterator[Event]:
        first, *others = self._named(rest)
        if first is None or (call.startswith("unlink") and b"AT_REMOVEDIR" in rest):
            return
        if call.startswith("unlink"):
            self.names.pop(first)
            yield Event(kind="unlink", at=at, name=first)
            return
        (to,) = others
        if to is None:
            raise RuntimeError(f"{first} left the folder")
        moves = call.startswith("rename")
        number = self.names.pop(first) if moves else self.names[first]
        self.names[to] = number
        yield Event(kind="rename" if moves else "link", at=at, file=number, name=first, to=to)

    def _done(self, call: Call, name: str) -> Iterator[Event]:
        at, handle, last = call.at, call.rest.split(b"<", 1)[0], call.rest.rsplit(b", ", 1)[-1]
        number = self.open.get(handle, 0)
        match call.name:
            case "lseek":
                self.at[handle] = call.result
            case "fsync" | "fdatasync":
                yield Event(kind="sync", at=at, file=number) if number else Event(kind="sync folder", at=at, name=name)
            case "fcntl":
                yield Event(kind="lock", at=at, name=name)
            case "ftruncate":
                yield Event(kind="truncate", at=at, file=number, size=int(last))
            case "write" | "pwrite64":
                offset = self.at[handle] if call.name == "write" else int(last)
                yield Event(kind="write", at=at, file=number, offset=offset, data=_plain(call.rest)[: call.result])
                if call.name == "write":
                    self.at[handle] = offset + call.result

    def _named(self, rest: bytes) -> Iterator[str | None]:
        """The paths among the arguments, each from the folder that stands before it."""
        for found in _PATH.finditer(rest):
            yield self._path(os.path.join(_decoded(found[1] or b""), _decoded(found[2])))  # noqa: PTH118 (bytes)

    def _below(self, found: re.Match[bytes] | None) -> str | None:
        path = _decoded(found[1]) if found else b""
        return self._path(path) if path.startswith(b"/") else None  # no pipe, no socket

    def _path(self, path: bytes) -> str | None:
        """The name below the folder; None for a file elsewhere."""
        relative = os.path.relpath(self.folder / os.fsdecode(path), self.folder)
        if relative.startswith(".."):
            return None
        return "" if relative == "." else relative


def _plain(rest: bytes) -> bytes:
    found = _TEXT.search(rest)
    return _decoded(found[1]) if found else b""


def _decoded(text: bytes) -> bytes:
    """What strace writes as \\x41 where it has bytes of its own, and as they are elsewhere."""
    return _HEX.sub(lambda found: bytes([int(found[1], 16)]), text)
