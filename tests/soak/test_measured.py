"""The bounds of a long run see what breaks them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clocks.programs import compiler
from tests.soak.measured import Sample, out_of_bounds
from tests.soak.soak import Soak

DAYS = 100


def samples(
    resident: Callable[[int], int] = lambda _: 90_000,
    descriptors: Callable[[int], int] = lambda day: 12 + day % 3,
    size: Callable[[int], int] = lambda day: 500_000 + 4_000 * day,
) -> list[Sample]:
    return [
        Sample(life=1, resident=resident(day), descriptors=descriptors(day), versions=3 * day, size=size(day))
        for day in range(DAYS)
    ]


def test_a_daemon_that_keeps_its_bounds_is_not_blamed() -> None:
    assert list(out_of_bounds(samples())) == []


@pytest.mark.parametrize(
    ("grown", "rule"),
    [
        (samples(resident=lambda day: 90_000 + 100 * day), "MEMORY"),
        (samples(descriptors=lambda day: 12 + day // 30), "DESCRIPTORS"),
        (samples(size=lambda day: 500_000 + 100 * day * day), "SIZE"),
    ],
    ids=["memory", "descriptors", "size"],
)
def test_a_daemon_that_grows_is_found(grown: list[Sample], rule: str) -> None:
    assert [fault.partition(":")[0] for fault in out_of_bounds(grown)] == [rule]


@pytest.mark.skipif(compiler() is None, reason="the clock of a program is set by a library made with cc")
def test_some_days_of_a_long_run(tmp_path: Path) -> None:
    soak = Soak(5, 3, tmp_path)
    soak.run()
    assert soak.faults == []
    assert soak.samples
