"""Every regular expression of the package: compiled ones in its modules, and those written where they are used."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import monitor

PACKAGE: Final = Path(str(monitor.__file__)).parent
_CALLS: Final = frozenset({"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"})


@dataclass(frozen=True, slots=True)
class Found:
    """Where a pattern stands, and the pattern."""

    place: str
    pattern: re.Pattern[str]


@lru_cache(maxsize=1)
def patterns() -> tuple[Found, ...]:
    """In the order of their places; each different pattern once. Patterns of bytes as those of the text they read."""
    found: dict[tuple[str, int], Found] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" in path.parts or path.name == "__main__.py":
            continue
        name = ".".join(("monitor", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
        both = (*_compiled(name), *_written(name, path))
        for each in both:
            found.setdefault((each.pattern.pattern, each.pattern.flags), each)
    return tuple(found.values())


def _compiled(name: str) -> Iterator[Found]:
    module: ModuleType = importlib.import_module(name)
    for key, value in vars(module).items():
        yield from _within(f"{name}.{key}", value)


def _within(place: str, value: Any) -> Iterator[Found]:
    if isinstance(value, re.Pattern):
        text = value.pattern if isinstance(value.pattern, str) else value.pattern.decode("latin-1")
        yield Found(place, re.compile(text, value.flags & ~re.UNICODE))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _within(f"{place}[{key!r}]", key)
            yield from _within(f"{place}[{key!r}]", inner)
    elif isinstance(value, tuple | list | set | frozenset):
        for inner in value:
            yield from _within(place, inner)


def _written(name: str, path: Path) -> Iterator[Found]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CALLS:
            of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            first = node.args[0] if node.args else None
            if of_re and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield Found(f"{name}:{node.lineno}", re.compile(first.value, _flags(node)))


def _flags(call: ast.Call) -> int:
    said = ast.unparse(call)
    return sum(flag for name, flag in re.RegexFlag.__members__.items() if len(name) > 1 and f"re.{name}" in said)
