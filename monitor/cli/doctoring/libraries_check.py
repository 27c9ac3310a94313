"""Whether the libraries in use are those that this release was made with: its checks reach into some of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Final

from monitor.cli.doctoring.finding import Finding, fault, well

_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_BOUND: Final = re.compile(r"(>=|<)\s*([0-9][0-9.]*)")
_REMEDY: Final = (
    "Install the program with its locked requirements: pip install --require-hashes -r requirements/runtime.txt"
)


def look_at_libraries(
    needed: Iterable[str] | None = None, installed: Callable[[str], str] = version
) -> Iterator[Finding]:
    """One finding for each library that is missing or outside its bounds, or one that says that all are well."""
    needed = _needed() if needed is None else needed
    bad = [(name, said) for line in needed if (said := _fault(line, installed)) for name in _NAME.findall(line)[:1]]
    for name, said in bad:
        yield fault("libraries", f"{name} {said}.", _REMEDY)
    if not bad:
        yield well("libraries", "All are of the versions that this release was made with.")


def _needed() -> list[str]:
    try:
        return [line for line in requires("trial-monitor") or [] if "extra ==" not in line]
    except PackageNotFoundError:  # run from a folder, not installed
        return []


def _fault(line: str, installed: Callable[[str], str]) -> str | None:
    """What is wrong with the library that a line such as "httpx<0.29,>=0.28" asks for."""
    try:
        found = installed(_NAME.findall(line)[0])
    except PackageNotFoundError:
        return "is not installed"
    for sign, bound in _BOUND.findall(line):
        if (_numbers(found) >= _numbers(bound)) is not (sign == ">="):
            return f"{found} is installed, and {sign}{bound} is needed"
    return None


def _numbers(text: str) -> tuple[int, ...]:
    """The release in numbers; "2.1" counts as "2.1.0"."""
    release = re.split(r"[^0-9.]", text)[0]
    found = [int(part) for part in release.split(".") if part]
    return (*found, *(0,) * (4 - len(found)))
