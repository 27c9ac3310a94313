"""A share of the sweep, and the proof that it would see a program that does not sync."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.storage.powerloss import Case, judged, recorded
from tests.storage.scenes import SCENES
from tests.storage.standing import Standing
from tests.storage.trace import there_is_strace

pytestmark = pytest.mark.skipif(not there_is_strace(), reason="strace records what the program does to its files")


@pytest.fixture(scope="module")
def changes(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return recorded(SCENES["changes"], 1, tmp_path_factory.mktemp("changes"))


def test_nothing_committed_is_lost_with_the_power(changes: Case, tmp_path: Path) -> None:
    outcome = judged(changes, Random(1), tmp_path, images=40, recovered=1)
    assert outcome.faults == []
    assert outcome.counts["commits"] > 5
    assert outcome.counts["messages before a loss"]
    assert len(outcome.shapes) > 30


@pytest.mark.parametrize("name", ["backup", "restore"])
def test_what_was_made_is_there_after_a_loss_of_power(name: str, tmp_path: Path) -> None:
    case = recorded(SCENES[name], 1, tmp_path)
    assert judged(case, Random(1), tmp_path, images=20, killed=0.1).faults == []


def without(case: Case, calls: tuple[str, ...]) -> Case:
    """The same run as a program would do it that leaves these calls out."""
    trace = replace(case.trace, events=[event for event in case.trace.events if event.kind not in calls])
    return replace(case, trace=trace, standing=Standing.of(trace, case.standing.folder))


@pytest.mark.parametrize(
    ("calls", "rules"),
    [(("sync", "sync folder"), {"DAMAGED", "LOST_MESSAGE"}), (("sync folder",), {"LOST_COMMIT"})],
)
def test_a_program_that_does_not_sync_is_seen(
    changes: Case, tmp_path: Path, calls: tuple[str, ...], rules: set[str]
) -> None:
    outcome = judged(without(changes, calls), Random(1), tmp_path, images=120, recovered=0)
    assert rules <= {fault.partition(":")[0] for fault in outcome.faults}
