"""The files of the checkout, as the gates of this folder look at them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def tracked() -> list[Path]:
    """Every file that is, or is about to be, under version control; in an unpacked archive every file of ours."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return [
            path for folder in ("monitor", "tests", "deploy", "requirements") for path in (ROOT / folder).rglob("*.*")
        ]
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))
