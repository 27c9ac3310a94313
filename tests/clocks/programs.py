"""Starts command lines of the program as processes of their own, by a clock that a file sets.

    python -m tests.clocks.programs

reads lines of JSON: {"start": NAME, "arguments": [...]} forks a child that runs them (its output goes to NAME.out and
NAME.err) and answers with its number; {"wait": NAME} answers with its exit code (negative: the signal). A child that
nobody waited for keeps its number, so that signals reach it and no other.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

ROOT = Path(__file__).parents[2]
SOURCE = Path(__file__).with_name("shifted.c")


def compiler() -> str | None:
    """What makes the clock of a program one that can be set; None where there is no such thing."""
    return shutil.which("cc") if sys.platform == "linux" else None


@dataclass(slots=True)
class Program:
    """One process of the program. `ended` is when it was waited for, `killed` when it was sent a SIGKILL."""

    name: str
    arguments: tuple[str, ...]
    pid: int
    folder: Path
    began: float
    ended: float | None = None
    code: int | None = None
    killed: float | None = None

    @property
    def out(self) -> str:
        return self.folder.joinpath(f"{self.name}.out").read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        return self.folder.joinpath(f"{self.name}.err").read_text(encoding="utf-8")

    @property
    def killed_at(self) -> float | None:
        """When it died of a kill; None if it ended before that."""
        return self.killed if self.code == -signal.SIGKILL else None

    @property
    def is_over(self) -> bool:
        """True once it has ended, though nobody waited for it yet."""
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        return state == "Z"

    def signal(self, signum: signal.Signals) -> None:
        """Nothing happens to one that has been waited for."""
        if self.code is None:
            os.kill(self.pid, signum)
            if signum is signal.SIGKILL:
                self.killed = time.time()


class Programs:
    """Between `with` and its end programs can be started; at its end all are killed.

    `folder` holds monitor.toml, clock.json (of a SharedClock: the time that passed) and wrong.json (by how much
    somebody set the time of day wrong).
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.all = folder, list[Program]()

    def __enter__(self) -> Self:
        library = self.folder / "shifted.so"
        command = [str(compiler()), "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-lm"]
        subprocess.run(command, check=True)
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONWARNINGS": "ignore",
            "LD_PRELOAD": str(library),
            "CLOCK_AHEAD": str(self.folder / "clock.json"),
            "CLOCK_WRONG": str(self.folder / "wrong.json"),
        }
        self._forker = subprocess.Popen(
            [sys.executable, "-m", "tests.clocks.programs"],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for program in self.all:
            program.signal(signal.SIGKILL)
        self._forker.communicate()

    def start(self, *arguments: str) -> Program:
        name = f"{len(self.all):03}-{arguments[0]}"
        for suffix in ("out", "err"):
            self.folder.joinpath(f"{name}.{suffix}").touch(mode=0o600)
        began = time.time()
        told = [*arguments, "--config", str(self.folder / "monitor.toml")]
        pid = self._ask(start=str(self.folder / name), arguments=told)
        program = Program(name, arguments, pid, self.folder, began)
        self.all.append(program)
        return program

    def wait(self, program: Program) -> int:
        if program.code is None:
            code = self._ask(wait=str(self.folder / program.name))
            program.code, program.ended = code, time.time()
        return program.code

    def run(self, *arguments: str) -> Program:
        program = self.start(*arguments)
        self.wait(program)
        return program

    def _ask(self, **order: Any) -> int:
        asking, answering = self._pipes()
        asking.write(json.dumps(order) + "\n")
        asking.flush()
        return int(answering.readline())

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        if self._forker.stdin is None or self._forker.stdout is None:
            raise RuntimeError("the forking process has no pipes")
        return self._forker.stdin, self._forker.stdout


def _child(name: str, arguments: list[str]) -> None:
    for stream, suffix in ((0, None), (1, "out"), (2, "err")):
        way = os.O_RDONLY if suffix is None else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(f"{name}.{suffix}" if suffix else os.devnull, way, 0o600), stream)
    code = 1
    try:
        from monitor.cli.group import main as program

        code = program(arguments)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    import monitor.daemon
    import monitor.deliver.channels
    import monitor.sources.ctgov.client
    import monitor.sources.ctv.client  # noqa: F401 (loaded once, before the forks)
    from monitor.cli import check, deliver, run  # noqa: F401 (as above)

    children: dict[str, int] = {}
    for line in sys.stdin:
        order = json.loads(line)
        if "start" in order:
            pid = os.fork()
            if pid == 0:
                _child(order["start"], order["arguments"])
            children[order["start"]] = answer = pid
        else:
            _, status = os.waitpid(children.pop(order["wait"]), 0)
            answer = os.waitstatus_to_exitcode(status)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
