"""A course goes on from what a loss of power left: nothing may be missing in the end, and repeats must say so."""

from __future__ import annotations

import shutil
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from monitor.errors import StoreError
from tests.faults.checker import judge
from tests.faults.clock import SharedClock
from tests.faults.course import Course
from tests.faults.evidence import Anomaly
from tests.faults.journal import Journal, entries
from tests.storage.disk import Image
from tests.storage.scenes import APART


def recover(course: Course, image: Image, at: float, folder: Path) -> list[Anomaly]:
    """What is wrong after clean runs that go on from the image, in the world as it stood at the moment `at`."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    image.write(folder)
    for path in course.folder.glob("*.jsonl"):
        _until(at, path, folder / path.name)
    turn = course.clock.read()
    SharedClock(folder / course.clock.path.name).set(turn)
    runs = Journal(folder / "runs.jsonl")
    runs.add(verb="check", day=turn.day, began=_begin(folder), ended=at, killed=at, code=-9, report=None)
    runs.close()
    with redirect_stderr(StringIO()), Course(course.script, folder) as again:
        again.configure(APART)
        try:
            _go_on(again, turn.day)
        except StoreError as error:
            return [Anomaly(rule="NOT_OPENED", evidence=str(error))]
    return judge(again.evidence())


def _go_on(course: Course, day: int) -> None:
    course.check()
    for _ in range(day, course.script.days):
        course.next_day()
        course.check()
    course.settle()


def _until(at: float, path: Path, to: Path) -> None:
    journal = Journal(to)
    for entry in entries(path):
        if entry["at"] <= at:
            journal.add(**entry)
    journal.close()


def _begin(folder: Path) -> float:
    """When the run began that lost its power: after the last one that came to its end."""
    return max((entry["ended"] for entry in entries(folder / "runs.jsonl")), default=0.0)
