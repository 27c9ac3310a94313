"""What a configuration refers to outside itself: environment variables and files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Final

from monitor.settings.faults import Faults
from monitor.settings.modes import closing_command, is_handed_in, open_to_others
from monitor.settings.shape import Path

_LARGEST: Final = 64 * 1024


class Unreadable(Exception):
    """A value that could not be had: what is wrong, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


class Given:
    """The surroundings of one configuration file: its folder and the environment. Faults go to `faults`."""

    def __init__(self, folder: FilePath, environ: Mapping[str, str], faults: Faults) -> None:
        self.folder = folder
        self.faults = faults
        self._environ = environ

    def one_of(self, table: Mapping[str, object], stem: str, path: Path, *, needed: bool = True) -> str | None:
        """The value of `stem`, `stem`_env or `stem`_file, of which a table must have exactly one (or none)."""
        names = (stem, f"{stem}_env", f"{stem}_file")
        present = [name for name in names if name in table]
        if len(present) > 1:
            self.faults.add((*path, present[1]), f"{' and '.join(present)} stand side by side.", "Keep one of them.")
        elif present:
            return self._value(present[0], str(table[present[0]]), (*path, present[0]))
        elif needed and not any(found[:-1] == path for found in self.faults.paths()):
            self.faults.add(path, f"names no {stem}.", f"Give exactly one of {', '.join(names)}.")
        return None

    def words_of(self, table: Mapping[str, object], stem: str, path: Path) -> str | None:
        """What `stem`_env or `stem`_file holds, over several lines too; a table need not have either."""
        present = [name for name in (f"{stem}_env", f"{stem}_file") if name in table]
        if len(present) > 1:
            self.faults.add((*path, present[1]), f"{' and '.join(present)} stand side by side.", "Keep one of them.")
            return None
        return self._value(present[0], str(table[present[0]]), (*path, present[0]), lines=True) if present else None

    def file(self, name: str) -> FilePath:
        """A path of the configuration: relative ones start at its folder, ~ is the home folder."""
        home = self._environ.get("HOME")
        if home and (name == "~" or name.startswith("~/")):
            return FilePath(home) / name[2:]
        return self.folder / name

    def _value(self, key: str, text: str, path: Path, *, lines: bool = False) -> str | None:
        try:
            if key.endswith("_env"):
                return variable(text, self._environ, lines=lines)
            if key.endswith("_file"):
                return secret_file(self.file(text), self._environ, lines=lines)
        except Unreadable as exc:
            self.faults.add(path, exc.problem, exc.remedy)
            return None
        if text.strip():
            return text.strip()
        self.faults.add(path, "is empty.", "Fill it in.")
        return None


def variable(name: str, environ: Mapping[str, str], *, lines: bool = False) -> str:
    """The value of an environment variable X, or of the file that X_FILE names. Raises Unreadable."""
    value, file = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if value and file:
        raise Unreadable(f"{name} and {name}_FILE are both set.", "Keep one of them.")
    if file:
        return secret_file(FilePath(file), environ, lines=lines)
    if value:
        return value
    raise Unreadable(
        f"The environment variable {name} is not set.", f"Set it, or set {name}_FILE to a file that holds the value."
    )


def secret_file(path: FilePath, environ: Mapping[str, str], *, lines: bool = False) -> str:
    """The one line of a file that is closed to group and others, with `lines` all of them. Raises Unreadable."""
    try:
        if not is_handed_in(path, environ) and (mode := open_to_others(path)) is not None:
            raise Unreadable(
                f"{path} holds a secret and can be read by others (mode {mode:04o}).", closing_command(path)
            )
        with path.open("rb") as stream:
            text = stream.read(_LARGEST).decode("utf-8-sig").strip()
    except OSError as exc:
        raise Unreadable(f"{path} cannot be read ({exc.strerror}).", "Correct the path, or make the file.") from exc
    except UnicodeDecodeError as exc:
        raise Unreadable(f"{path} is not text in UTF-8.", "Save it as UTF-8.") from exc
    if not text:
        raise Unreadable(f"{path} is empty.", "Put the value into it.")
    if len(text.splitlines()) > 1 and not lines:
        raise Unreadable(f"{path} holds more than one line.", "Put the value alone into it, on one line.")
    return text


def absolute(path: FilePath) -> FilePath:
    """The path from the root, with its links left as they are."""
    return FilePath(os.path.abspath(path))  # noqa: PTH100 (Path.absolute keeps "..")
