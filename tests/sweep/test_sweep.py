"""The frame itself: parts add up, no seed counts twice, and a fault of a seed is told with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.sweep.kept import Part, keep, kept, part_of
from tests.sweep.listed import SWEEPS, sweep_of
from tests.sweep.page import page
from tests.sweep.running import ROOT, Sum, run_seed
from tests.sweep.sweep import Outcome, Sweep


def odd_ones_fail(seed: int, folder: Path) -> Outcome:
    assert not list(folder.iterdir())
    if seed == 3:
        raise ValueError("three")
    return Outcome(counts={"cases": 2}, faults=["ODD: so it is"] if seed % 2 else [], shapes=["same", str(seed)])


SWEEP = Sweep(name="odd", what="Odd ones fail.", seeds=8, goal={"cases": 16}, run=odd_ones_fail)


def summed(*seeds: int) -> Sum:
    total = Sum(first=seeds[0])
    for seed in seeds:
        total.add(seed, run_seed(SWEEP, seed))
    return total


def part(*seeds: int) -> Part:
    return part_of("odd", summed(*seeds))


def test_faults_name_their_seed_and_equal_cases_count_once() -> None:
    total = summed(0, 1, 2)
    assert total.faults == ["seed 1: ODD: so it is"]
    assert (total.counts["cases"], len(total.shapes)) == (6, 4)


def test_what_a_seed_raises_is_its_fault() -> None:
    (fault,) = summed(3).faults
    assert fault.startswith("seed 3: CRASH: Traceback")
    assert "ValueError: three" in fault
    assert str(ROOT) not in fault, "a report names no folder of the machine"


def test_parts_add_up_and_one_that_is_run_again_takes_the_place_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    keep(part(0, 1), path)
    keep(part(2, 3), path)
    parts = keep(replace(part(0, 1), seconds=99), path)
    assert [(each.first, each.end, each.seconds) for each in parts] == [(0, 2, 99), (2, 4, 0)]
    assert kept(path) == parts


def test_the_report_adds_up_and_names_what_was_missed() -> None:
    text = page([SWEEP], [part(0, 1), part(2, 3)])
    assert "| odd | cases | 16 | 6 | 2 |" in text
    assert "odd, seed 1: ODD: so it is" in text


@pytest.mark.parametrize("name", SWEEPS)
def test_each_sweep_is_what_it_is_listed_as(name: str) -> None:
    sweep = sweep_of(name)
    assert sweep.name == name
    assert sweep.seeds > 0
    assert sweep.goal
