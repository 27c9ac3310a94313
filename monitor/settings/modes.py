"""Who may read a file. Where the file system keeps no modes, nothing can be asked of the user."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_WITHOUT_MODES: Final = frozenset(
    {"vfat", "msdos", "exfat", "ntfs", "ntfs3", "fuseblk", "drvfs", "cifs", "smb3", "hgfs", "vboxsf", "9p"}
)
_KEEPS_MODES: Final = "metadata"  # option of Windows folders in WSL
_MOUNTS: Final = Path("/proc/self/mounts")
_RUN_SECRETS: Final = Path("/run/secrets")


def open_to_others(path: Path) -> int | None:
    """The mode of a file that group or others can use; None if it is closed or its file system keeps no modes."""
    if os.name == "nt":
        return None
    mode = stat.S_IMODE(path.stat().st_mode)
    return mode if mode & _OTHERS and keeps_modes(path.resolve(), _mounts()) else None


def is_handed_in(path: Path, environ: Mapping[str, str]) -> bool:
    """True for files of /run/secrets and $CREDENTIALS_DIRECTORY: their modes are the affair of who put them there."""
    folders = [_RUN_SECRETS]
    if credentials := environ.get("CREDENTIALS_DIRECTORY"):
        folders.append(Path(os.path.normpath(credentials)))
    return any(Path(os.path.normpath(path.absolute())).is_relative_to(folder) for folder in folders)


def closing_command(path: Path) -> str:
    """What a person runs to close a file to group and others."""
    return f"Run: chmod 600 {shlex.quote(str(path))}"


def keeps_modes(path: Path, mounts: str) -> bool:
    """True unless the file system of `path`, by the lines of a mount table, is of a kind without modes."""
    best, kind, options = Path("/"), "", ""
    for line in mounts.splitlines():
        _, folder, its_kind, its_options, *_ = (*line.split(" "), "", "", "", "")
        mounted = Path(_unescaped(folder or "/"))
        if path.is_relative_to(mounted) and len(mounted.parts) >= len(best.parts):
            best, kind, options = mounted, its_kind, its_options
    return kind not in _WITHOUT_MODES or _KEEPS_MODES in options.replace(";", ",").split(",")


def _mounts() -> str:
    try:
        return _MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:  # no such table on this system: modes are taken to be kept
        return ""


def _unescaped(folder: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        folder = folder.replace(code, character)
    return folder
