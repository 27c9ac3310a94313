"""The table of faults: which tests hold each of them. `python -m tests.faults.table` writes its page."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parents[1]
DATA: Final = Path(__file__).with_name("table.toml")
PAGE: Final = TESTS / "reports" / "faults.md"

_HEAD = """# Faults, and the tests that hold them

{rows} faults. Made from `tests/faults/table.toml` by `python -m tests.faults.table`; the suite fails where a test that
is named here does not exist. What the sweeps counted stands in [sweep.md](sweep.md).

| step | fault | what is right | held by |
| --- | --- | --- | --- |
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A fault at a step of the work, what is right then, and the tests: "FOLDER/FILE.py::NAME" or "sweep NAME"."""

    step: str
    fault: str
    behaviour: str
    tests: Sequence[str]


def rows() -> Iterator[Row]:
    """All rows, in the order of the steps."""
    for step, faults in tomllib.loads(DATA.read_text(encoding="utf-8")).items():
        for fault, behaviour, tests in faults:
            yield Row(step, fault, behaviour, tests)


def page() -> str:
    """The table as Markdown."""
    found = list(rows())
    lines = [f"| {row.step} | {row.fault} | {row.behaviour} | {_tests(row)} |\n" for row in found]
    return _HEAD.format(rows=len(found)) + "".join(lines)


def _tests(row: Row) -> str:
    return "<br>".join(f"`{test}`" if "::" in test else f"{test}" for test in row.tests)


def main() -> int:
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
