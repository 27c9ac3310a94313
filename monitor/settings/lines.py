"""On which line of a TOML text a key stands. Asked only when there is a fault to show."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from monitor.settings.shape import Path

_HEADER = re.compile(r"\s*(\[\[?[^\[\]]*\]\]?)\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_.\s-]|"[^"]*"|'[^']*')+?)\s*=""")
_LONG_STRING = re.compile(r'"""|\'\'\'')


class LineIndex:
    """The lines of tables and keys. Best effort: what stands inside another value has the line of that value."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._read(text)

    def of(self, path: Path) -> int | None:
        """The line of the value, or of the nearest table around it; None for the file itself."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return None

    def _read(self, text: str) -> None:
        table: Path = ()
        inside = False  # of a string over several lines
        for number, line in enumerate(text.splitlines(), 1):
            if not inside:
                header = _HEADER.match(line)
                if header:
                    table = self._enter(header[1], number) or table
                elif (key := _KEY.match(line)) and (path := _key_path(f"{key[1]} = 0")):
                    self._lines.setdefault(table + path, number)
            inside ^= len(_LONG_STRING.findall(line)) % 2 == 1

    def _enter(self, header: str, number: int) -> Path | None:
        path = _key_path(header)
        if path is None:
            return None
        if header.startswith("[["):
            count = self._counts.get(path, 0)
            self._counts[path] = count + 1
            path = (*path, count)
        self._lines.setdefault(path, number)
        return path


def _key_path(line: str) -> Path | None:
    """The keys that a header or an assignment names, as TOML reads them."""
    try:
        value: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return None
    path: list[str | int] = []
    while True:
        if isinstance(value, list):
            value = value[0]
        if not isinstance(value, dict) or not value:
            return tuple(path)
        [(key, value)] = value.items()
        path.append(key)
