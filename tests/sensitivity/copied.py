"""A copy of the tree with an interpreter of its own: whatever is started by it, or beside it, is the copy's program."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.sensitivity.bug import ROOT

PROGRAM: Final = "trial-monitor"
COMPILED: Final = "__pycache__"


@dataclass(frozen=True, slots=True)
class Copy:
    """`python` finds all that is installed here but for the project itself, which it finds in `tree`."""

    tree: Path
    python: Path


def git() -> str:
    """Where git is. Raises FileNotFoundError."""
    found = shutil.which("git")
    if found is None:
        raise FileNotFoundError("git is needed to copy the tree and to apply patches")
    return found


def copy_into(folder: Path) -> Copy:
    """A copy of what is under version control, or about to be, as it stands in the work tree."""
    tree = folder / "tree"
    command = [git(), "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    names = [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    for place in dict.fromkeys(Path(name).parent for name in names):
        (tree / place).mkdir(parents=True, exist_ok=True)
        _copy_compiled(ROOT / place / COMPILED, tree / place / COMPILED)
    for name in names:
        shutil.copy2(ROOT / name, tree / name)  # its time too, by which what was compiled of it is known
    return Copy(tree, _interpreter(tree, folder / "venv"))


def _copy_compiled(folder: Path, to: Path) -> None:
    """What Python has compiled already: it takes longer than most catchers do."""
    with suppress(OSError):  # another run may be at work there
        shutil.copytree(folder, to)


def _interpreter(tree: Path, home: Path) -> Path:
    """The installed packages are behind the copy, without the link by which the project itself is installed."""
    venv.EnvBuilder(symlinks=True).create(home)
    paths = dict.fromkeys((str(tree), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(home), "platbase": str(home)}))
    (site / "copy.pth").write_text("\n".join(paths) + "\n", encoding="utf-8")
    scripts, python = home / "bin", home / "bin" / "python"
    for script in Path(sys.executable).parent.iterdir():
        if script.name != PROGRAM and not (scripts / script.name).exists():
            (scripts / script.name).symlink_to(script)
    (scripts / PROGRAM).write_text(
        f"#!{python}\nimport sys\nfrom monitor.__main__ import main\nsys.exit(main())\n", encoding="utf-8"
    )
    (scripts / PROGRAM).chmod(0o755)
    return python
