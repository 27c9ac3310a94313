"""Power is lost at any moment of a recorded run, and whatever was not synced may be gone: nothing committed is.

Where nothing is gone the run was killed at that moment; backups and restores are killed at every one of their calls.

A run of the program itself is recorded call by call, disks are made that lost power after any of the calls, and each is
opened by the program. Named faults:

NOT_REPLAYED   the record does not lead to what is on the disk: it says nothing
DAMAGED        the store is not whole
LOST_COMMIT    a transaction is gone whose commit had returned
HALF_DONE      the store is in a state that no commit had made
LOST_MESSAGE   a message had arrived, and the store does not know that it was tried
NOT_OPENED     the program refuses the store
DISAGREES      `verify` finds something
BACKUP_LOST    the run had ended well, and the file that it was for is not there (or that of a migration: none is kept)
BACKUP_TORN    the file has its name, and is not whole
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.faults.course import Course
from tests.faults.journal import entries
from tests.storage.disk import Disk, Image
from tests.storage.opened import Opened
from tests.storage.recovery import recover
from tests.storage.scenes import SCENES, STORE, Scene
from tests.storage.standing import Standing, read_copy
from tests.storage.trace import Trace
from tests.sweep.sweep import Outcome, Sweep

IMAGES = 240  # of one record
AT_THE_END = 12  # of them after the last call: what the program said is so
KILLED = 0.03  # of the moments of other runs: how often nothing is gone
RECOVERED = 2  # of them, by clean runs that are judged from outside
COPY = re.compile(r"[^./][^/]*\.(bak|zip)")  # a name that says that the copy is complete


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One image: power went after the event `at` of the trace; equal texts of `shape` are equal losses."""

    at: int
    image: Image
    shape: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A recorded run, what the store held after each of its commits, and the alerts that arrived, by time."""

    scene: Scene
    course: Course
    trace: Trace
    standing: Standing
    arrived: Sequence[tuple[float, str]]

    @property
    def last(self) -> int:
        return len(self.trace.events) - 1


def run(seed: int, folder: Path) -> Outcome:
    """One recorded run, and its images."""
    case = recorded(list(SCENES.values())[seed % len(SCENES)], seed, folder)
    return judged(case, Random(seed), folder)


def judged(
    case: Case,
    chance: Random,
    folder: Path,
    *,
    images: int = IMAGES,
    recovered: int = RECOVERED,
    killed: float = 1.0,
) -> Outcome:
    """Make so many images and judge them; so many of them by clean runs, too.

    `killed`: at which share of its calls a run that makes one file is killed besides.
    """
    opened = Opened(case.course.config, folder / "image")
    losses = list(_losses(case, chance, images, KILLED if case.scene.makes is None else killed))
    faults = [*_not_replayed(case), *(fault for loss in losses for fault in _judge(case, loss, opened))]
    again = [] if case.scene.makes else chance.sample(losses, recovered)
    for loss in again:
        found = recover(case.course, loss.image, case.trace.events[loss.at].at, folder / "recovered")
        faults += [f"AFTERWARDS {anomaly}; {loss.shape}" for anomaly in found]
    counts = {
        "images": len(losses),
        "recoveries": len(again),
        "commits": len(case.standing.commits) - 1,
        "messages before a loss": sum(len(_arrived(case, loss)) for loss in losses),
    }
    return Outcome(counts=counts, faults=faults, shapes=sorted({loss.shape for loss in losses}))


def recorded(scene: Scene, seed: int, folder: Path) -> Case:
    """A run of the scene in the world of this seed. Raises RuntimeError if it does not end well."""
    work = folder / "work"
    work.mkdir()
    with Course(scene.script(seed), work) as course:
        trace = scene.play(course)
    if trace.code:
        raise RuntimeError(f"{scene.name} ended with {trace.code}: {trace.err}")
    ledgers = (entry for path in sorted(work.glob("ledger-*.jsonl")) for entry in entries(path))
    taken = (each for each in ledgers if each["event"] == "message" and each["accepted"])
    arrived = [(each["at"], each["alert"]) for each in taken]
    return Case(scene=scene, course=course, trace=trace, standing=Standing.of(trace, folder / "state"), arrived=arrived)


def _not_replayed(case: Case) -> Iterator[str]:
    """The record is complete: played again, it gives the files that are there."""
    disk = Disk.before(case.trace)
    for event in case.trace.events:
        disk.do(event)
    for name, content in disk.seen().files.items():
        path = case.course.folder / name
        if not path.exists() or path.read_bytes() != content:
            yield f"NOT_REPLAYED: {case.scene.name}: {name}"


def _losses(case: Case, chance: Random, images: int, killed: float) -> Iterator[Loss]:
    """In the order of their moments, so that the disk is played once; the last moment of all is among them."""
    moments = Counter([*chance.choices(range(case.last), k=images - AT_THE_END), *[case.last] * AT_THE_END])
    disk = Disk.before(case.trace)
    for at, event in enumerate(case.trace.events):
        disk.do(event)
        for image in [*[disk.seen()] * (chance.random() < killed), *(disk.lose(chance) for _ in range(moments[at]))]:
            yield Loss(at=at, image=image, shape=f"{case.scene.name}, call {at} of {case.last}: {image.kept}")


def _judge(case: Case, loss: Loss, opened: Opened) -> Iterator[str]:
    found = case.standing.read(loss.image)
    if found.fault:
        yield f"DAMAGED: {found.fault}; {loss.shape}"
        return
    if found.state not in case.standing.allowed(loss.at):
        rule = "LOST_COMMIT" if case.standing.was_before(found.state, loss.at) else "HALF_DONE"
        yield f"{rule}: {loss.shape}"
    if case.scene.makes != STORE and (lost := _arrived(case, loss) - found.tried):
        yield f"LOST_MESSAGE: {sorted(lost)}; {loss.shape}"
    for fault in (*opened.open(loss.image, found.state), *_files(case, loss, found.schema)):
        yield f"{fault}; {loss.shape}"


def _arrived(case: Case, loss: Loss) -> set[str]:
    return {alert for at, alert in case.arrived if at <= case.trace.events[loss.at].at}


def _files(case: Case, loss: Loss, schema: str | None) -> Iterator[str]:
    """What is left of the files that the run was for, beside the store."""
    files = loss.image.files
    made = [name for name in files if COPY.fullmatch(name) and name not in case.trace.names]
    for name in made:
        if fault := read_copy(name, files[name], case.standing):
            yield f"BACKUP_TORN: {name}: {fault}"
    if schema != case.standing.schema and case.scene.migrates and not made:
        yield "BACKUP_LOST: the store was migrated, and no copy of it as it was is there"
    if loss.at == case.last and case.scene.makes and case.scene.makes not in files:
        yield f"BACKUP_LOST: {case.scene.makes}"


SWEEP = Sweep(
    name="power-loss",
    what="Power is lost at any call of a recorded run; what was not synced is there, torn, or gone.",
    seeds=25,
    goal={"images": 5_000, "recoveries": 35},
    run=run,
)
