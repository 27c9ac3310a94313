"""Trials in which nothing changes, and sources that do everything wrong: readers hear nothing.

Each pass with faults is followed by a sound one, for a bad page that moved the baseline would be told by that.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.faults.course import Course
from tests.faults.evidence import Evidence
from tests.faults.judged import judged
from tests.faults.reading import Told
from tests.faults.scenarios import SMALL, busy, everywhere, unchanging
from tests.faults.script import Script


def evidence_of(script: Script, folder: Path) -> Evidence:
    """What a pass a day leaves behind, and as many more as it takes until all is settled."""
    with Course(script, folder) as course:
        course.check()
        for _ in range(1, script.days):
            course.next_day()
            course.check()
        course.settle()
        return course.evidence()


def heard(evidence: Evidence, *, operator: bool) -> Counter[str]:
    """How many messages of each kind readers, or the operator, got."""
    named = {recipient for _, recipient in evidence.script.recipients(operator=operator)}
    return Counter(Told(entry).kind for entry in evidence.delivered if entry["recipient"] in named)


def outcomes(evidence: Evidence, day: int) -> dict[str, int]:
    """What the first pass of a day counted."""
    report = next(run.report for run in evidence.runs if run.day == day)
    assert report is not None
    return {name: number for name, number in report["coverage"].items() if number}


def met(evidence: Evidence) -> set[str]:
    """The faults that some request met, by name."""
    return {name for entry in evidence.log for name in entry.get("faults", ())}


@pytest.mark.parametrize("name", SMALL)
def test_no_reader_hears_of_faults_and_every_trial_is_verified_afterwards(tmp_path: Path, name: str) -> None:
    script = SMALL[name]()
    evidence = evidence_of(script, tmp_path)
    assert judged(evidence) == []
    assert heard(evidence, operator=False) == {"welcome": 3}, "one for each recipient"
    assert met(evidence) == {fault.name for fault in script.faults}
    verified = [run.report["coverage"] for run in evidence.runs if run.report][-1]
    assert [verified[name] for name in ("due", "checked", "unchanged")] == 3 * [len(script.trials)]


def test_a_new_layout_of_all_pages_and_records_is_one_notice(tmp_path: Path) -> None:
    evidence = evidence_of(everywhere(unchanging(3, registry=10, pages=10), "renamed"), tmp_path)
    assert heard(evidence, operator=True)["notice"] == 2, "that all were kept aside, and that all can be read again"
    assert outcomes(evidence, 2) == {"due": 20, "suspect": 20}


def test_an_optional_field_that_all_lose_at_once_is_held(tmp_path: Path) -> None:
    evidence = evidence_of(everywhere(unchanging(3, registry=10, pages=10), "field renamed"), tmp_path)
    assert heard(evidence, operator=False) == {"welcome": 3}


def test_a_short_wait_is_waited_for_within_the_pass(tmp_path: Path) -> None:
    evidence = evidence_of(busy(unchanging(2, registry=5, pages=5)), tmp_path)
    assert outcomes(evidence, 2) == {"due": 10, "checked": 10, "unchanged": 10}
