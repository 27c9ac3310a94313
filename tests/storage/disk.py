"""A disk that forgets, when its power goes, what was not synced: any part of it, in any order.

The model is the weakest that POSIX allows. What is synced of a file stays. Of its writes since then any may be there,
whole, by sectors, or not at all; a file that grew may have its new length and zeros. A name (of a file made, removed
or moved) is on the disk when its folder was synced, not when the file was; until then each change of a name stands or
falls by itself, only a rename is done whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final, Literal, TypeAlias

from tests.storage.trace import Event, Trace

Way: TypeAlias = Literal["nothing", "all", "first", "some", "all but one", "one"]
WAYS: Final[tuple[Way, ...]] = ("nothing", "all", "first", "some", "all but one", "one")
SECTOR = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What is on the disk when power is back: files by name. `kept` tells what of the un-synced is there."""

    files: Mapping[str, bytes]
    kept: str

    def write(self, folder: Path) -> None:
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o600)


@dataclass(slots=True)
class Disk:
    """`synced` and `durable` are contents and names that no loss of power can touch; the rest waits."""

    synced: dict[int, bytes]
    durable: dict[str, int]
    writes: list[Event] = field(default_factory=list)
    moves: list[Event] = field(default_factory=list)

    @classmethod
    def before(cls, trace: Trace) -> Disk:
        return cls(dict(trace.contents), dict(trace.names))

    def do(self, event: Event) -> None:
        match event.kind:
            case "write" | "truncate":
                self.writes.append(event)
            case "create" | "unlink" | "rename" | "link":
                self.moves.append(event)
            case "sync":
                mine = [each for each in self.writes if each.file == event.file]
                self.synced[event.file] = _written(self.synced.get(event.file, b""), mine)
                self.writes = [each for each in self.writes if each.file != event.file]
            case "sync folder":
                _move(self.durable, [each for each in self.moves if _folder(each) == event.name])
                self.moves = [each for each in self.moves if _folder(each) != event.name]
            case "lock" | "send":
                pass

    def seen(self) -> Image:
        """All of it: what a process sees while the machine runs."""
        return self._image(self.writes, self.moves, "everything")

    def lose(self, chance: Random) -> Image:
        """What one loss of power leaves."""
        way, names = chance.choice(WAYS), chance.choice(WAYS)
        kept = _choose(_pieces(self.writes) if chance.random() < 0.5 else self.writes, way, chance)
        moved = _choose(self.moves, names, chance)
        if chance.random() < 0.2:
            kept = [*self._lengths(), *kept]
        parts = [f"{each.file}:{each.kind[0]}{each.offset}+{len(each.data) or each.size}" for each in kept]
        return self._image(kept, moved, " ".join([*parts, "|", *(f"{each.kind} {each.name}" for each in moved)]))

    def _lengths(self) -> list[Event]:
        """Files as long as they became, without what makes them so."""
        longest: dict[int, int] = {}
        for each in self.writes:
            longest[each.file] = max(longest.get(each.file, 0), each.offset + len(each.data))
        return [
            Event(kind="truncate", at=0, file=file, size=size)
            for file, size in longest.items()
            if size > len(self.synced.get(file, b""))
        ]

    def _image(self, writes: Sequence[Event], moves: Sequence[Event], kept: str) -> Image:
        names = dict(self.durable)
        _move(names, moves)
        files = {
            name: _written(self.synced.get(number, b""), [each for each in writes if each.file == number])
            for name, number in names.items()
        }
        return Image(files=files, kept=kept)


def _folder(move: Event) -> str:
    return (move.to or move.name).rpartition("/")[0]


def _written(content: bytes, writes: Sequence[Event]) -> bytes:
    if not writes:
        return content
    out = bytearray(content)
    for each in writes:
        if each.kind == "truncate":
            del out[each.size :]
            out += bytes(each.size - len(out))
            continue
        end = each.offset + len(each.data)
        out += bytes(max(end - len(out), 0))
        out[each.offset : end] = each.data
    return bytes(out)


def _move(names: dict[str, int], moves: Sequence[Event]) -> None:
    """What was not done to a name is as if nobody had tried."""
    for each in moves:
        match each.kind:
            case "create":
                names[each.name] = each.file
            case "unlink":
                names.pop(each.name, None)
            case "link":
                names[each.to] = each.file
            case _:
                names.pop(each.name, None)
                names[each.to] = each.file


def _pieces(writes: Sequence[Event]) -> list[Event]:
    """The same writes, sector by sector."""
    return [piece for each in writes for piece in (_sectors(each) if each.kind == "write" else (each,))]


def _sectors(write: Event) -> Iterator[Event]:
    at, end = write.offset, write.offset + len(write.data)
    while at < end:
        upto = min((at // SECTOR + 1) * SECTOR, end)
        data = write.data[at - write.offset : upto - write.offset]
        yield Event(kind="write", at=write.at, file=write.file, offset=at, data=data)
        at = upto


def _choose(events: Sequence[Event], way: Way, chance: Random) -> list[Event]:
    n = chance.randrange(len(events)) if events else 0
    match way:
        case "nothing":
            return []
        case "all":
            return list(events)
        case "first":
            return list(events[:n])
        case "some":
            share = chance.random()
            return [each for each in events if chance.random() < share]
        case "all but one":
            return [*events[:n], *events[n + 1 :]]
        case "one":
            return list(events[n : n + 1])
