"""The seeded bugs: each a patch, with lines before it that say what it does and what must notice it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "bugs"
ROOT: Final = Path(__file__).parents[2]
_CATCHER, _SAYS = "caught by: ", "says: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """`tool` (pytest or sweep) with `arguments` must fail once the patch is applied, and its output must hold `says`.

    `arguments` are the id of a test, or a sweep's name and its seeds.
    """

    name: str
    what: str
    tool: str
    arguments: tuple[str, ...]
    says: str
    patch: Path

    @property
    def catcher(self) -> str:
        return " ".join((self.tool, *self.arguments))


def read_bug(path: Path) -> Bug:
    """The bug of a patch file. Raises ValueError if its head is not one sentence, its catcher and the word."""
    head, _, _ = path.read_text(encoding="utf-8").partition("\n--- ")
    lines = [line for line in head.splitlines() if line]
    if len(lines) != 3 or not lines[1].startswith(_CATCHER) or not lines[2].startswith(_SAYS):
        raise ValueError(f'{path.name} begins with a sentence, "{_CATCHER}..." and "{_SAYS}...", and nothing else')
    tool, *arguments = lines[1].removeprefix(_CATCHER).split()
    if tool not in ("pytest", "sweep") or len(arguments) != {"pytest": 1, "sweep": 2}[tool]:
        raise ValueError(f"{path.name} is caught by: pytest TEST, or sweep NAME SEED[:SEED]")
    says = lines[2].removeprefix(_SAYS)
    return Bug(name=path.stem, what=lines[0], tool=tool, arguments=tuple(arguments), says=says, patch=path)


def all_bugs(folder: Path = FOLDER) -> tuple[Bug, ...]:
    """Sorted by name: a seed of the sweep is a place in this order."""
    return tuple(map(read_bug, sorted(folder.glob("*.patch"))))


def names_a_test(test: str) -> bool:
    """True if there is a test of this id (path::name, perhaps with [parameters])."""
    path, _, name = test.partition("::")
    if not (ROOT / path).is_file():
        return False
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
    return name.partition("[")[0] in found
