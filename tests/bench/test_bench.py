"""The benchmark's world is what it says, and its verdict sees what is missing and what is too much."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from monitor.diff.compare import compare
from tests.bench import planning
from tests.bench.comparing import EDITS, SITES, Compared, largest_pair, told_sites
from tests.bench.verdict import faults
from tests.bench.world import CHANGED, TRIALS, World, build
from tests.diff.conftest import study_record

EDIT = {"trial": "NCT00000001", "category": "enrollment", "before": "40", "after": "80"}


def report(*changes: dict[str, Any], checked: int = 2) -> dict[str, Any]:
    return {"changes": list(changes), "coverage": {"due": 2, "checked": checked}}


def change(trial: str = "NCT00000001", category: str = "enrollment", after: int = 80) -> dict[str, Any]:
    return {"registry_id": trial, "category": category, "before": {"count": 40}, "after": {"count": after}}


def test_a_pass_that_told_every_edit_and_no_more_is_right() -> None:
    assert faults(report(change()), [EDIT]) == []


def test_what_is_missing_wrong_or_too_much_is_seen() -> None:
    assert len(faults(report(), [EDIT])) == 1
    assert len(faults(report(change(after=70)), [EDIT])) == 1
    assert len(faults(report(change(category="status")), [EDIT])) == 1
    assert len(faults(report(change(), change("NCT00000002")), [EDIT])) == 1
    assert len(faults(report(change(), checked=1), [EDIT])) == 1


def holds(world: World) -> None:
    assert (len(world.first), len(world.edits)) == (TRIALS, CHANGED)
    assert set(Counter(edit.category for edit in world.edits).values()) == {CHANGED // 5}
    assert all(world.first[number] != study for number, study in world.second.items())
    moved = [n for n in world.first if world.first[n]["protocolSection"] != world.second[n]["protocolSection"]]
    assert sorted(moved) == sorted(edit.trial for edit in world.edits)


def test_the_world_of_the_demos_trials_has_its_edits_and_its_noise() -> None:
    holds(build(None))


def test_the_world_of_the_corpora_has_its_edits_and_its_noise(corpora: Path) -> None:
    holds(build(corpora))


def test_the_largest_record_is_told_with_each_of_its_edits_and_no_other() -> None:
    before, after = map(study_record, largest_pair())
    changes = compare(before, after)
    assert (len(before.locations.sites), told_sites(changes)) == (SITES, EDITS)
    assert {change.category.value for change in changes} == {"locations"}


def test_the_verdict_on_comparing_sees_what_is_slow_what_stays_and_what_is_missing() -> None:
    good = {"typical": 0.3, "plain": 24.0, "ratio": 80.0, "largest": 9.0, "first": 18.0, "growth": 0.0}
    assert Compared(**good, told=EDITS).faults() == []
    for worse in ({"ratio": 40.0}, {"largest": 51.0}, {"first": 51.0}, {"growth": 2.0}):
        assert len(Compared(**(good | worse), told=EDITS).faults()) == 1
    assert len(Compared(**good, told=EDITS - 1).faults()) == 1


def test_the_verdict_on_planning_sees_what_is_slow_and_what_plans_nothing() -> None:
    assert planning.Planned(small=0.8, whole=0.2, messages=9).faults() == []
    for small, whole, messages in ((1.1, 0.2, 9), (0.2, 1.1, 9), (0.2, 0.2, 0)):
        assert len(planning.Planned(small=small, whole=whole, messages=messages).faults()) == 1


def test_a_small_planning_plans_messages_and_tells_of_them() -> None:
    planned = planning.measure(rules=20, changes=40)
    assert planned.messages > 0
    assert f"| messages planned | {planned.messages:,} |" in planned.table()
