"""Plays a history: servers, sinks that can die, and forked runs; then judges what the outside saw."""

from __future__ import annotations

import threading
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.checker import judge
from tests.faults.compiled import share_compiled
from tests.faults.course import Course
from tests.faults.digests import number_in
from tests.faults.evidence import Evidence
from tests.faults.nursery import Nursery, forked
from tests.faults.world import OPERATOR, READERS, build
from tests.histories.plan import HOOK, History, Step, history
from tests.sweep.sweep import Outcome, Sweep

LEAST_FAULTS = 3
_MOST = 1_500  # characters of an anomaly


def play(told: History, folder: Path, nursery: Nursery) -> Evidence:
    """All days of the history, then as many passes as it takes until nothing waits."""
    with Course(told.script, folder, worker="forked", apart=True, nursery=nursery) as course:
        away: frozenset[str] = frozenset()
        for n, day in enumerate(told.days):
            if n:
                course.next_day()
            for sink in sorted(away ^ day.away):
                (course.sinks[sink].stop if sink in day.away else course.sinks[sink].start)()
            away = day.away
            course.clock.pass_time(hours=day.jump)
            for step in day.steps:
                _take(course, step)
        for sink in away:
            course.sinks[sink].start()
        course.settle()
    return course.evidence()


def _take(course: Course, step: Step) -> None:
    if step.broken or step.left_out:
        course.configure("[half" if step.broken else "", left_out=(step.left_out or "",))
    course.hook, course.argument = (HOOK, step.die_at) if step.die_at else (None, None)
    if step.verb == "deliver":
        course.deliver(kill_after=step.kill_after)
    else:
        course.check(due=step.verb == "due", kill_after=step.kill_after)
    course.hook = None
    if step.broken or step.left_out:
        course.configure()


def counts(told: History, evidence: Evidence) -> Counter[str]:
    """How much was in it."""
    log = [entry for entry in evidence.log if entry["event"] == "asked"]
    found: Counter[str] = Counter(
        {
            "histories": 1,
            "alerts": len({(each["alert"], each["recipient"]) for each in evidence.told}),
            "repeats in the window": len(evidence.told) - len({(e["alert"], e["recipient"]) for e in evidence.told}),
            "digests": sum(number_in(message) > 0 for message in evidence.delivered),
            "kills": sum(run.killed is not None for run in evidence.runs),
            "faults of sources met": sum(len(entry["faults"]) for entry in log),
            "faults of sinks met": sum(message["outcome"] != "taken" for message in evidence.messages),
            "days of outages": sum(len(day.away) for day in told.days),
            "clocks set": sum(day.jump != 0 for day in told.days),
            "configurations broken or cut": sum(
                step.broken or step.left_out is not None for day in told.days for step in day.steps
            ),
        }
    )
    found["faults"] = sum(found[name] for name in FAULTS)
    return found


FAULTS = (
    "kills",
    "faults of sources met",
    "faults of sinks met",
    "days of outages",
    "clocks set",
    "configurations broken or cut",
)


@cache
def warm() -> None:
    """Let this process do once what each run would do anew: load, compile, look up. What it forks has it done."""
    share_compiled()
    by_mail = tuple(each for each in (*READERS, OPERATOR) if each.kind == "smtp")  # webhooks leave a thread behind
    script = build(0, registry=1, pages=1, both=1, days=2, share=1.0, destinations=by_mail)
    with TemporaryDirectory() as folder, Course(script, Path(folder)) as course:
        course.check()
        course.next_day()
        course.check()


def run(seed: int, folder: Path) -> Outcome:
    """One history."""
    told = history(seed)
    warm()
    if threading.active_count() > 1:  # what is forked would wait for a thread that it does not have
        raise RuntimeError(f"threads are left: {threading.enumerate()}")
    with forked() as nursery:
        evidence = play(told, folder, nursery)
    found = counts(told, evidence)
    faults = [str(anomaly)[:_MOST] for anomaly in judge(evidence)]
    if found["faults"] < LEAST_FAULTS:
        faults.append(f"QUIET: {found['faults']} faults were met, and a history has at least {LEAST_FAULTS}")
    return Outcome(counts=found, faults=faults, shapes=[told.shape])


SWEEP = Sweep(
    name="histories",
    what="Random histories of some days in which sources, sinks, the clock, the configuration and the worker fail.",
    seeds=1_000,
    goal={"histories": 1_000, "alerts": 100_000, "kills": 4_000, "digests": 500, "faults": 10_000},
    run=run,
)
