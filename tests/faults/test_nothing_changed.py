"""Two hundred trials in which nothing changes, and sources that do everything wrong: readers hear nothing.

Each pass with faults is followed by a sound one, for a bad page that moved the baseline would be told by that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.course import Course
from tests.faults.evidence import Evidence
from tests.faults.judged import judged
from tests.faults.kinds import HARMLESS, LISTS_WITH_200, MEMBERS, PAGES_WITH_200, TRANSPORT, on_each, place
from tests.faults.reading import Told
from tests.faults.script import Act, Ask, Fault, Script, Where
from tests.faults.world import build

PAGES, REGISTRY = 80, 120
BODIES_AND_TRANSPORT = (*PAGES_WITH_200, *TRANSPORT, *HARMLESS, "500", "502", "504", "418", "404")


def world(days: int, *, registry: int = REGISTRY, pages: int = PAGES) -> Script:
    return build(20, registry=registry, pages=pages, days=days, share=0.0)


def of_pages(script: Script) -> list[str]:
    return [trial.number for trial in script.trials if trial.slug]


def of_registry(script: Script) -> list[str]:
    return [trial.number for trial in script.trials if not trial.slug]


def course_of(script: Script, folder: Path, faults: Sequence[Fault]) -> Evidence:
    """Day 1 and every odd day are sound; the last passes settle what is left."""
    with Course(replace(script, faults=tuple(faults)), folder) as course:
        course.check()
        for _ in range(1, script.days):
            course.next_day()
            course.check()
        course.settle()
        return course.evidence()


def reader_heard(evidence: Evidence) -> Counter[str]:
    readers = {recipient for _, recipient in evidence.script.recipients(operator=False)}
    return Counter(Told(entry).kind for entry in evidence.delivered if entry["recipient"] in readers)


def outcomes(evidence: Evidence, day: int) -> dict[str, int]:
    """What the first pass of a day counted."""
    report = next(run.report for run in evidence.runs if run.day == day)
    assert report is not None
    return {name: number for name, number in report["coverage"].items() if number}


def quiet(evidence: Evidence) -> None:
    """No reader was told of a change, nothing else was wrong, and all trials are verified in the end."""
    assert judged(evidence) == []
    assert reader_heard(evidence) == {"welcome": 3}, "one for each recipient"
    assert outcomes(evidence, evidence.script.days) == {"due": 200, "checked": 200, "unchanged": 200}


def test_wrong_pages_broken_transfers_and_lists_are_told_to_the_operator_alone(tmp_path: Path) -> None:
    script = world(5)
    pages, registry = of_pages(script), of_registry(script)
    spoilt = [
        Fault(name=f"in the list: {body}", where=Where(ask="list", trial=number, days=(2, 2)), act=Act(body=body))
        for number, body in zip(registry[::7], MEMBERS, strict=False)
    ]
    alone = [place("500", Where(ask="study", trial=fault.where.trial, days=(2, 2), last=None)) for fault in spoilt]
    lists = [place(name, Where(ask="list", days=(4, 4), first=n, last=n)) for n, name in enumerate(LISTS_WITH_200, 1)]
    evidence = course_of(
        script,
        tmp_path,
        [*on_each(BODIES_AND_TRANSPORT, pages, day=2), *spoilt, *alone, *lists],
    )
    quiet(evidence)
    bad = outcomes(evidence, 2)
    assert bad["suspect"] > 30
    assert bad["failed"] > 30


def test_a_new_layout_of_all_pages_and_records_is_held_and_told_to_the_operator(tmp_path: Path) -> None:
    script = world(3)
    everywhere = [place("renamed", Where(ask=ask, days=(2, 2), last=None)) for ask in ("page", "list", "study")]
    evidence = course_of(script, tmp_path, everywhere)
    quiet(evidence)
    assert outcomes(evidence, 2) == {"due": 200, "suspect": 200}
    notices = [
        Told(entry) for entry in evidence.delivered if entry["day"] == 2 and entry["recipient"] == "ops@example.org"
    ]
    assert [told.kind for told in notices] == ["notice"], "one message for all of them"


@pytest.mark.xfail(reason="a field that all records lose at once is not held yet", strict=False)
def test_an_optional_field_that_all_lose_at_once_is_held(tmp_path: Path) -> None:
    everywhere = [place("field renamed", Where(ask=ask, days=(2, 2), last=None)) for ask in ("page", "list", "study")]
    evidence = course_of(world(3, registry=10, pages=10), tmp_path, everywhere)
    assert reader_heard(evidence) == {"welcome": 3}


def with_wait(status: int, ask: Ask, day: int) -> Fault:
    """A refusal that asks for two seconds."""
    act = Act(status=status, headers={"Retry-After": "2"}, body="maintenance")
    return Fault(name=f"{status} at {ask}", where=Where(ask=ask, first=1, last=1, days=(day, day)), act=act)


BUSY = [with_wait(429, "page", 2), with_wait(503, "list", 2)]


def test_a_host_that_asks_for_a_wait_gets_it_and_no_reader_hears_of_that(tmp_path: Path) -> None:
    evidence = course_of(world(3), tmp_path, BUSY)
    quiet(evidence)
    statuses = Counter(entry["status"] for entry in evidence.log if entry["event"] == "answered")
    assert (statuses[429], statuses[503]) == (1, 1)


@pytest.mark.xfail(reason="a short wait that a host asks for ends the pass for that host", strict=False)
def test_a_short_wait_is_waited_for_within_the_pass(tmp_path: Path) -> None:
    evidence = course_of(world(2, registry=5, pages=5), tmp_path, BUSY)
    assert outcomes(evidence, 2) == {"due": 10, "checked": 10, "unchanged": 10}
