"""Kills of the program itself at its system calls: see `syscalls`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.crash import syscalls
from tests.crash.syscalls import Death


def test_the_calls_of_a_trace_are_counted_by_thread() -> None:
    trace = [
        '7 pwrite64(5, "", 0, 0) = 0',
        "7 fsync(5) = 0",
        '8 pwrite64(5, "", 0, 0) = 0',
        '8 pwrite64(6, "", 0, 0) = 0',
    ]
    assert syscalls.deaths(trace) == [("pwrite64", 1), ("pwrite64", 2), ("fsync", 1)]


@pytest.mark.skipif(syscalls.STRACE is None, reason="strace is not installed")
def test_the_program_loses_nothing_when_it_dies_at_a_system_call(tmp_path: Path) -> None:
    def some(all_of_them: Sequence[Death]) -> list[Death]:
        syncs = [death for death in all_of_them if death[0] == "fdatasync"]
        sends = [death for death in all_of_them if death[0] == "sendto"]
        return [syncs[len(syncs) // 2], sends[len(sends) // 2]]

    outcome = syscalls.play("deliver", 1, tmp_path, some)
    assert outcome.faults == []
    assert outcome.counts["kills"] == 2
