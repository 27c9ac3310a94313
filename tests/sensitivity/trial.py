"""One seeded bug in a copy of the tree: what is to catch it is green there without the bug, and red with it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.sensitivity.bug import Bug
from tests.sensitivity.copied import PROGRAM, Copy, copy_into, git

_LONGEST: Final = 300.0  # seconds; a bug that makes its catcher hang is to be seen as such, not waited for
_SHOWN: Final = 1_500  # characters of an output in a fault
_RED: Final = 1  # of pytest and of the sweeps: something failed; 2 and more: they could not run
_SLIPS: Final = "ImportError|ModuleNotFoundError|SyntaxError|IndentationError|NameError|UnboundLocalError"
_BROKEN: Final = re.compile(rf"^(?:E +)?(?:\w+\.)*(?:{_SLIPS})\b.*", re.MULTILINE)
_PASSED: Final = re.compile(r"\b[1-9]\d* passed\b")
_WHICH: Final = "import monitor; print(monitor.__file__)"


@dataclass(frozen=True, slots=True)
class Ran:
    """`code` None: it had not ended in time."""

    code: int | None
    output: str


def faults_of(bug: Bug, folder: Path) -> Iterator[str]:
    """Why the bug does not count as caught; nothing if it does. `folder` is empty and may be filled."""
    copy = copy_into(folder)
    if other := _other_program(copy, folder):
        yield f"{bug.name}: OTHER_TREE: {other} is run in place of the copy"
        return
    before = run_catcher(bug, copy, folder)
    if before.code != 0 or (bug.tool == "pytest" and not _PASSED.search(before.output)):
        yield f"{bug.name}: RED_BEFORE: {bug.catcher} is not green without the bug: {_end(before)}"
        return
    applied = apply(bug.patch, copy.tree)
    if applied.code != 0:
        yield f"{bug.name}: DOES_NOT_APPLY: {_end(applied)}"
        return
    yield from missed(bug, run_catcher(bug, copy, folder))


def missed(bug: Bug, after: Ran) -> Iterator[str]:
    """What is wrong with how the catcher ended once the bug was there."""
    if after.code == 0:
        yield f"{bug.name}: MISSED: {bug.catcher} stays green, though: {bug.what}"
    elif after.code != _RED:
        yield f"{bug.name}: OTHER_REASON: {bug.catcher} ended with {after.code}: {_end(after)}"
    elif broken := _BROKEN.search(after.output):
        yield f"{bug.name}: OTHER_REASON: the patched program does not run: {broken[0].strip()}"
    elif bug.says not in after.output:
        yield f'{bug.name}: OTHER_REASON: {bug.catcher} does not say "{bug.says}": {_end(after)}'


def run_catcher(bug: Bug, copy: Copy, folder: Path) -> Ran:
    """What is to catch the bug, run in the copy."""
    if bug.tool == "pytest":
        options = ("-q", "-x", "-rf", "--color=no", "-p", "no:cacheprovider", "--basetemp", str(folder / "pytest"))
        return _run((str(copy.python), "-m", "pytest", *options, *bug.arguments), copy.tree)
    name, seeds = bug.arguments
    return _run((str(copy.python), "-m", "tests.sweep", name, "--seeds", seeds), copy.tree)


def apply(patch: Path, tree: Path, *options: str) -> Ran:
    """Apply a patch to a tree, or with the option --check see whether it would apply."""
    environ = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tree.parent)}
    command = [git(), "apply", *options, str(patch)]
    done = subprocess.run(command, cwd=tree, env=environ, capture_output=True, text=True, check=False)
    return Ran(done.returncode, done.stderr)


def _other_program(copy: Copy, folder: Path) -> str | None:
    """Which `monitor` a program gets that is started for the copy, by module or by name, if not the copy's."""
    place = _run((str(copy.python), "-c", _WHICH), folder).output.strip()
    script = copy.python.with_name(PROGRAM)
    if place != str(copy.tree / "monitor" / "__init__.py"):
        return place
    return None if str(copy.python) in script.read_text(encoding="utf-8").partition("\n")[0] else str(script)


def _environ() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON", "GIT_"))}


def _run(command: Sequence[str], where: Path) -> Ran:
    with subprocess.Popen(
        command,
        cwd=where,
        env=_environ(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as program:
        try:
            output, _ = program.communicate(timeout=_LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)  # with all that it started
            output, _ = program.communicate()
            return Ran(None, output)
    return Ran(program.returncode, output)


def _end(ran: Ran) -> str:
    return ran.output.strip()[-_SHOWN:]
