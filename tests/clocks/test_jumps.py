"""Clocks that are set, and what may read one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clocks import jumps
from tests.project.tree import ROOT

CLOCKS = {
    "now": ("datetime", "dt"),
    "utcnow": ("datetime", "dt"),
    "today": ("datetime", "date", "dt"),
    "fromtimestamp": (),
    "time": ("time",),
    "time_ns": ("time",),
    "localtime": ("time",),
    "gmtime": ("time",),
    "ctime": ("time",),
    "strftime": ("time",),
    "clock_gettime": ("time",),
    "clock_gettime_ns": ("time",),
}
"""Calls that read the time of day, by the names of the things they are asked of."""

THE_RIM = {"monitor/clocks.py"}


def readings(source: str) -> Iterator[int]:
    """The lines that read a clock which somebody may set."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (node.lineno for alias in node.names if alias.name in CLOCKS)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if owner in CLOCKS.get(node.attr, ()):
                yield node.lineno


def test_the_time_of_day_is_read_at_the_rim_alone() -> None:
    found = {
        f"{name}:{line}"
        for path in sorted((ROOT / "monitor").rglob("*.py"))
        if (name := str(path.relative_to(ROOT))) not in THE_RIM
        for line in readings(path.read_text(encoding="utf-8"))
    }
    assert found == set()


@pytest.mark.parametrize(
    "line",
    [
        "x = datetime.now(UTC)",
        "x = datetime.datetime.now()",
        "x = date.today()",
        "x = time.time()",
        "from time import time",
        "read = time.time_ns",
    ],
)
def test_the_gate_sees_who_reads_a_clock(line: str) -> None:
    assert list(readings(line)) == [1]


def test_a_clock_that_nobody_sets_may_be_read_anywhere() -> None:
    assert list(readings("x = time.monotonic()\ny = clock.now()")) == []


def test_nothing_is_lost_told_twice_or_put_off_on_a_machine_whose_clock_is_set(tmp_path: Path) -> None:
    outcome = jumps.run(54, tmp_path)
    assert list(outcome.faults) == []
    assert outcome.counts["clocks told of"] == 3
    assert outcome.counts["sleeps"] == 1
