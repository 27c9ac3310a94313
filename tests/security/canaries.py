"""Words that stand in for secrets, and the search for them: in any coding, wherever the program leaves something."""

from __future__ import annotations

import base64
import gzip
import html
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, unquote_plus

_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
_HEX: Final = re.compile(rb"(?:[0-9A-Fa-f]{2}){8,}")
_ESCAPED: Final = re.compile(r"\\(?:u00|x)([0-9A-Fa-f]{2})")


def canary(slot: str, *, odd: bool = True) -> str:
    """A secret of its own for a slot; an odd one is spelled differently in URLs, JSON and base64."""
    return f"cAnaRy{slot}{'/+q?=é&' if odd else 'QQ'}{len(slot):02}Zz9"


def in_url(secret: str) -> str:
    return quote(secret, safe="")


def found_in(data: bytes, secrets: Mapping[str, str]) -> list[str]:
    """The slots whose secret can be read in these bytes: as it is, quoted, escaped, in base64, in hexadecimal."""
    read = list(_readings(data))
    return [
        slot
        for slot, secret in secrets.items()
        if any(spelling in each for each in read for spelling in _spelled(secret))
    ]


def _spelled(secret: str) -> set[str]:
    return {secret, secret.lower(), secret.replace("é", "\ufffd")}


def _readings(data: bytes) -> Iterator[str]:
    text = data.decode("utf-8", "replace")
    yield from (*_read(data), text.lower())
    yield from (unquote(text), unquote_plus(text), html.unescape(text), _ESCAPED.sub(_unescaped, text))
    for run in _BASE64.finditer(data):
        signs = run[0].replace(b"-", b"+").replace(b"_", b"/")
        for offset in range(4):
            part = signs[offset:]
            part = part[:-1] if len(part) % 4 == 1 else part
            yield from _read(base64.b64decode(part + b"=" * (-len(part) % 4)))
    for run in _HEX.finditer(data):
        yield from _read(bytes.fromhex(run[0].decode()))


def _read(data: bytes) -> tuple[str, str]:
    return data.decode("utf-8", "replace"), data.decode("latin-1")


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def left_behind(folder: Path, configured: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every file below `folder` but those of the configuration, and of what is packed within them."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in configured:
            data = path.read_bytes()
            yield path.name, data
            yield from unpacked(path, data)


def unpacked(path: Path, data: bytes) -> Iterator[tuple[str, bytes]]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from ((f"{path.name}: {name}", archive.read(name)) for name in archive.namelist())
    if data[:2] == b"\x1f\x8b":
        yield f"{path.name} unpacked", gzip.decompress(data)
    for at in (found.start() for found in re.finditer(rb"\x78[\x01\x9c\xda]", data)):  # bodies in the store
        piece = zlib.decompressobj()
        try:
            text = piece.decompress(data[at:], 1 << 20)
        except zlib.error:
            continue
        yield f"{path.name} at {at}", text
