"""A configuration without its secrets: fit to be kept in a backup."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from monitor.settings.lines import LineIndex
from monitor.settings.shape import Path
from monitor.settings.tables import password_of

BLANK: Final = '"***"  # a secret: left out of the backup'
_ELSEWHERE: Final = ("_env", "_file")


def blanked(text: str) -> tuple[str, tuple[str, ...]]:
    """The text of a configuration with each secret value blanked, and the names of all secrets that it uses.

    A secret's name is the environment variable or file that holds it, or the key under which it stands here.
    Raises ValueError where a secret is written in a way (over several lines) that cannot be blanked.
    """
    document = tomllib.loads(text)
    names = tuple(name for path, value in _texts(document) if (name := _name(path, value)))
    secret = [path for path, value in _texts(document) if _is_secret(path, value)]
    lines, index = text.splitlines(), LineIndex(text)
    for path in secret:
        line = index.of(path)
        if line is None:
            raise ValueError(f"{_dotted(path)} is not where it seems to be")
        key = lines[line - 1].partition("=")[0].rstrip()
        lines[line - 1] = f"{key} = {BLANK}"
    left = "\n".join([*lines, ""])
    _refuse_leak(left, [value for path, value in _texts(document) if path in secret])
    return left, tuple(dict.fromkeys(names))


def _refuse_leak(text: str, secrets: list[str]) -> None:
    """Raises ValueError if one of the secrets can still be read in the text."""
    if any(secret in text or json.dumps(secret)[1:-1] in text for secret in secrets):
        raise ValueError("a secret stands in the configuration more than once, or over several lines")
    tomllib.loads(text)


def _texts(document: Mapping[str, Any], above: Path = ()) -> Iterator[tuple[Path, str]]:
    for key, value in document.items():
        if isinstance(value, str):
            yield (*above, key), value
        elif isinstance(value, dict):
            yield from _texts(value, (*above, key))


def _name(path: Path, value: str) -> str | None:
    if str(path[-1]).endswith(_ELSEWHERE):
        kind = "environment variable" if str(path[-1]).endswith("_env") else "file"
        return f"{kind} {value} ({_dotted(path)})"
    return f"{_dotted(path)} (written in the configuration)" if _is_secret(path, value) else None


def _is_secret(path: Path, value: str) -> bool:
    match path:
        case ("destinations", _, "url") | ("operator", "ping_url"):
            return True
        case ("store", "url") | ("network", "proxy"):
            return bool(password_of(value))
        case _:
            return False


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))
