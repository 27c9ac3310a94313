"""Collecting every fault of a configuration, each with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final, get_args, get_origin

from monitor.errors import ConfigFaults, Fault
from monitor.settings.lines import LineIndex
from monitor.settings.shape import Path, ShapeFault, known_keys


class Faults:
    """The faults found so far in the file that is shown as `name`."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._text = text
        self._found: list[tuple[Path, str, str]] = []

    def add(self, path: Path, problem: str, remedy: str) -> None:
        """Note one fault. `path` leads to the value, list items counted from 0; () is the file itself."""
        self._found.append((path, problem, remedy))

    def paths(self) -> tuple[Path, ...]:
        """Where faults were found so far."""
        return tuple(path for path, _, _ in self._found)

    def end(self) -> None:
        """Raises ConfigFaults with all that was noted, in the order of the file, if there is any."""
        if not self._found:
            return
        index = LineIndex(self._text)
        placed = sorted(
            ((index.of(path) or 0, path, problem, remedy) for path, problem, remedy in self._found),
            key=lambda each: each[0],
        )
        raise ConfigFaults(
            [Fault(self._place(line, path), problem, remedy) for line, path, problem, remedy in dict.fromkeys(placed)]
        )

    def _place(self, line: int, path: Path) -> str:
        where = f"{self.name}:{line}" if line else self.name
        return f"{where}: {dotted(path)}" if path else where


def dotted(path: Path) -> str:
    """The path as people write it, list items counted from 1: `rules[2].to`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        else:
            text += ("." if text else "") + (step if _is_bare(step) else f'"{step}"')
    return text


def _is_bare(key: str) -> bool:
    return key.isascii() and bool(key) and key.replace("-", "").replace("_", "").isalnum()


def meant(word: str, known: Iterable[str]) -> str:
    """A remedy's first sentence: the known word that was probably meant, if one is close; else nothing."""
    folded = {each.casefold(): each for each in known}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f'Did you mean "{folded[close[0]]}"? ' if close else ""


def listed(words: Collection[str]) -> str:
    """The words as a list for a sentence; what to write where there are none."""
    return ", ".join(words) or "none"


_TYPES: Final[Mapping[Any, tuple[str, str]]] = {
    str: ("must be text.", 'Put it in quotes: "...".'),
    float: ("must be a number.", "Write it without quotes, as in 1.0."),
    bool: ("must be true or false.", "Write true or false, without quotes."),
    list: ("must be a list.", 'Write it in brackets: ["..."]; a list of tables as [[...]].'),
}
_TABLE: Final = ("must be a table.", "Write its keys below a line with its name in brackets.")


def shape_fault(fault: ShapeFault, value: object) -> tuple[str, str]:
    """Problem and remedy of a fault of shape; `value` is what stands there."""
    key = str(fault.path[-1])
    match fault.kind:
        case "unknown":
            known = known_keys(fault.path[:-1])
            return f'"{key}" is no known key.', f"{meant(key, known)}Known here: {listed(known)}."
        case "missing":
            return f'"{key}" is missing.', "Add it."
        case "choice" if isinstance(value, dict):
            return "must be text.", f'If its name has dots, put it in quotes: "{key}.x" = "...".'
        case "choice":
            words = get_args(fault.wanted)
            guess = meant(value, words) if isinstance(value, str) else ""
            said = f'"{value}" is not known here.' if isinstance(value, str) else "must be text."
            return said, f"{guess}Known are: {listed(words)}."
        case "type":
            return _TYPES.get(get_origin(fault.wanted) or fault.wanted, _TABLE)
