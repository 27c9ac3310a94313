"""The seeded bugs fit the tree and name what catches them, and one of them is really caught; all are a sweep."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sensitivity.bug import ROOT, Bug, all_bugs, names_a_test, read_bug
from tests.sensitivity.seeding import BUGS
from tests.sensitivity.trial import Ran, apply, faults_of, missed
from tests.sweep.listed import SWEEPS, sweep_of

CHEAP = "noise_of_the_registry_hashed"
"""A bug whose catcher takes a moment."""


def bug(name: str) -> Bug:
    return next(each for each in BUGS if each.name == name)


def test_there_are_bugs_enough_and_each_is_told_in_a_sentence_of_its_own() -> None:
    assert len(BUGS) >= 45
    assert len({each.what for each in BUGS}) == len(BUGS)
    assert [each.what for each in BUGS if not each.what.endswith(".") or not each.what[0].isupper()] == []


def test_every_bug_still_fits_the_tree() -> None:
    stale = {each.name: ran.output for each in BUGS if (ran := apply(each.patch, ROOT, "--check")).code != 0}
    assert stale == {}


def test_every_catcher_is_there() -> None:
    assert [each.catcher for each in BUGS if not _is_there(each)] == []


def _is_there(each: Bug) -> bool:
    if each.tool == "pytest":
        return names_a_test(each.arguments[0])
    name, seeds = each.arguments
    return name in SWEEPS and int(seeds.rpartition(":")[2]) <= sweep_of(name).seeds


def test_a_bug_is_caught_in_a_copy_and_by_nothing_without_it(tmp_path: Path) -> None:
    assert list(faults_of(bug(CHEAP), tmp_path)) == []


@pytest.mark.parametrize(
    ("code", "output", "rule"),
    [
        (0, "1 passed", "MISSED"),
        (2, "ERROR collecting", "OTHER_REASON"),
        (None, "", "OTHER_REASON"),
        (1, "E   monitor.NameError: name 'x' is not defined\nFAILED", "OTHER_REASON"),
        (1, "E   assert 1 == 2", "OTHER_REASON"),
    ],
)
def test_what_ends_otherwise_than_foretold_is_no_catch(code: int | None, output: str, rule: str) -> None:
    (fault,) = missed(bug(CHEAP), Ran(code, output))
    assert fault.startswith(f"{CHEAP}: {rule}: ")


def test_a_head_that_lacks_something_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.patch"
    path.write_text("A bug.\ncaught by: pytest\nsays: LOST\n\n--- a/x\n+++ b/x\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.patch is caught by"):
        read_bug(path)
    path.write_text("A bug.\n\n--- a/x\n+++ b/x\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.patch begins with"):
        all_bugs(tmp_path)
