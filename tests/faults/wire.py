"""Bytes on a socket, right or wrong: HTTP answers framed and coded as an act says, at its pace."""

from __future__ import annotations

import asyncio
import gzip
import struct
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from http.client import responses

from tests.faults.play import Answer
from tests.faults.script import Act, Coding

_MEBIBYTE = 1024 * 1024
_BOMB = 80  # mebibytes when unpacked: more than any body may have
_PIECE = 64 * 1024
_HUGE = 10 * 1024**3
_DRIP = 0.02  # seconds between the bites of a slow answer


@dataclass(frozen=True, slots=True)
class Head:
    """A request as it came; names of headers in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


async def read_request(reader: asyncio.StreamReader) -> Head | None:
    """The next whole request on a connection; None where the other side has gone."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
        first, *lines = raw.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length") or 0))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        return None
    method, _, rest = first.partition(" ")
    return Head(method, rest.rpartition(" ")[0], headers, body)


@cache
def _bomb() -> bytes:
    """One block that unpacks to a mebibyte, many times: a server must not spend seconds on a bomb of its own."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    piece = b" " * _MEBIBYTE
    block = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    crc = 0
    for _ in range(_BOMB):
        crc = zlib.crc32(piece, crc)
    head, end = b"\x1f\x8b\x08\0\0\0\0\0\0\xff", b"\x03\x00"
    return head + block * _BOMB + end + struct.pack("<II", crc, _BOMB * _MEBIBYTE)


def coded(answer: Answer, *, takes_gzip: bool) -> tuple[bytes, str]:
    """The body on the wire and its Content-Encoding."""
    body, coding = answer.body, answer.act.coding
    packed = gzip.compress(body, compresslevel=1, mtime=0)
    if coding is None:
        takes_gzip = takes_gzip and answer.act.framing not in ("endless", "broken chunk")  # whose bytes make no stream
        return (packed, "gzip") if takes_gzip and len(body) > len(packed) else (body, "")
    made: dict[Coding, tuple[bytes, str]] = {
        "gzip": (packed, "gzip"),
        "cut gzip": (packed[: max(len(packed) * 2 // 3, 12)], "gzip"),
        "bomb": (_bomb() if coding == "bomb" else b"", "gzip"),
        "twice": (gzip.compress(packed, mtime=0), "gzip, gzip"),
        "foreign": (body, "br"),
        "mislabelled": (body, "gzip"),
    }
    return made[coding]


async def send(answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, takes_gzip: bool) -> bool:
    """Send an answer; True if it went out as it was meant and the connection may be used again.

    An answer that is meant to hang lasts until the other side leaves.
    """
    act = answer.act
    if act.delay:
        await asyncio.sleep(act.delay)
    if act.hang_up:
        return False
    body, coding = coded(answer, takes_gzip=takes_gzip)
    writer.write(_head(answer, len(body), coding))
    async for piece in _paced(_framed(act, body), act):
        writer.write(piece)
        await writer.drain()
    if act.stall_after is not None:
        await reader.read(1)  # ends when the other side has hung up
    return act.cut_after is None and act.stall_after is None and act.framing in ("length", "chunked")


def _head(answer: Answer, length: int, coding: str) -> bytes:
    headers = dict(answer.headers)
    if coding:
        headers["Content-Encoding"] = coding
    match answer.act.framing:
        case "length":
            headers.setdefault("Content-Length", str(length))
        case "huge length":
            headers["Content-Length"] = str(_HUGE)
        case "close":
            headers["Connection"] = "close"
        case _:
            headers["Transfer-Encoding"] = "chunked"
    phrase = responses.get(answer.status, "Something")
    lines = [f"HTTP/1.1 {answer.status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


async def _framed(act: Act, body: bytes) -> AsyncIterator[bytes]:
    """The body as it goes over the wire, in pieces."""
    if act.cut_after is not None or act.stall_after is not None:
        body = body[: act.cut_after if act.cut_after is not None else act.stall_after]
    match act.framing:
        case "chunked":
            for start in range(0, len(body), _PIECE):
                yield _chunk(body[start : start + _PIECE])
            yield b"0\r\n\r\n"
        case "broken chunk":
            yield _chunk(body[: len(body) // 2]) + b"zz\r\n" + body[len(body) // 2 :]
        case "endless":
            while True:
                yield _chunk(body[:_PIECE].ljust(_PIECE))
        case _:
            yield body


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


async def _paced(pieces: AsyncIterator[bytes], act: Act) -> AsyncIterator[bytes]:
    """The same bytes, no faster than the act's rate."""
    bite = max(int((act.rate or 0) * _DRIP), 1)
    async for piece in pieces:
        if act.rate is None:
            yield piece
            continue
        for start in range(0, len(piece), bite):
            yield piece[start : start + bite]
            await asyncio.sleep(_DRIP)


def plain(status: int, headers: dict[str, str], body: bytes) -> bytes:
    """A well-formed answer after which the connection is closed."""
    named = {**headers, "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"HTTP/1.1 {status} {responses.get(status, HTTPStatus.OK.phrase)}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in named.items()), "", ""]).encode() + body
