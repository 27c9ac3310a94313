"""Takes a script through its days: servers, sinks, configuration, the worker, then the checker.

    python -m tests.faults.run SEED [--scenario NAME] [--days N] [--registry N] [--pages N] [--faults N]
        [--sink-faults N] [--worker inside|forked|cli] [--kills N] [--rate REQUESTS_PER_SECOND] [--keep FOLDER]

prints what was run and every anomaly, and ends with 1 if there is one. The folder is what `tests.faults.checker` reads.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.faults.checker import judge
from tests.faults.course import Course
from tests.faults.evidence import Anomaly
from tests.faults.kinds import KINDS, MEMBERS, SLOW, TELLING, place
from tests.faults.scenarios import SCENARIOS
from tests.faults.script import Act, Ask, Fault, Script, SinkFault, Where
from tests.faults.world import build

LONGEST_RUN = 0.5  # seconds into a run within which it is killed


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a run: its anomalies, and how much was in it."""

    seed: int
    anomalies: Sequence[Anomaly]
    counts: Counter[str]


def with_random_faults(script: Script, number: int, chance: Random) -> Script:
    """The script with so many faults of any kind on trials, lists and hosts, on any day but the first and the last.

    Those that a reader may rightly be told of are left out, and those that last as long as a time-out.
    """
    names = sorted(KINDS.keys() - TELLING.keys() - SLOW.keys())
    faults = [_random_fault(script, names, chance) for _ in range(number)]
    return replace(script, faults=(*script.faults, *faults))


def _random_fault(script: Script, names: Sequence[str], chance: Random) -> Fault:
    trial = chance.choice(script.trials)
    day = chance.randint(2, max(script.days - 1, 2))
    last = chance.choice((1, 1, 2, None))
    if trial.slug is None and chance.random() < 0.5:
        body = chance.choice(MEMBERS)
        where = Where(ask="list", trial=trial.number, last=last, days=(day, day))
        return Fault(name=f"in the list: {body}", where=where, act=Act(body=body))
    name = chance.choice(names)
    if trial.slug is None and KINDS[name].body in ("other trial", "renamed", "stripped"):
        name = "captcha"
    at_registry: tuple[Ask, ...] = ("list", "version", "study")
    ask: Ask = "page" if trial.slug else chance.choice(at_registry)
    whole = ask in ("list", "version")
    return place(name, Where(ask=ask, trial=None if whole else trial.number, last=last, days=(day, day)))


def with_random_sink_faults(script: Script, number: int, chance: Random) -> Script:
    """The script with so many faults of sinks that pass by themselves."""
    acts = [
        SinkFault(sink="mail", stage="connect", answer="421 Busy"),
        SinkFault(sink="mail", stage="mail", answer="451 Later"),
        SinkFault(sink="mail", stage="rcpt", answer="450 Greylisted"),
        SinkFault(sink="mail", stage="end", answer="452 Full"),
        SinkFault(sink="web", status=500, body=""),
    ]
    acts += [SinkFault(sink=sink, ends="close", takes=takes) for sink in ("mail", "web") for takes in (True, False)]
    acts += [SinkFault(sink="web", status=429, headers={"Retry-After": "1"}, body="slow down")]
    chosen = []
    for _ in range(number):
        first = chance.randint(1, 10)
        chosen.append(replace(chance.choice(acts), first=first, last=first))
    return replace(script, sink_faults=(*script.sink_faults, *chosen))


def run_script(script: Script, folder: Path, *, worker: str = "inside", kills: int = 0) -> Result:
    """All days of a script, one pass a day with so many killed ones before it, until nothing waits."""
    chance = Random(script.seed)
    with Course(script, folder, worker=worker) as course:
        course.check()
        for _ in range(1, script.days):
            course.next_day()
            for _ in range(kills):
                course.check(kill_after=chance.random() * LONGEST_RUN)
            course.check()
        course.settle()
    evidence = course.evidence()
    counts = Counter(runs=len(evidence.runs), deliveries=len(evidence.delivered))
    counts["kills"] = sum(run.killed is not None for run in evidence.runs)
    counts["requests"] = sum(entry["event"] == "asked" for entry in evidence.log)
    counts["spoilt"] = sum(bool(entry.get("faults")) for entry in evidence.log)
    return Result(seed=script.seed, anomalies=judge(evidence), counts=counts)


def _script(told: argparse.Namespace) -> Script:
    if told.scenario:
        return SCENARIOS[told.scenario]()
    chance = Random(told.seed)
    script = build(told.seed, registry=told.registry, pages=told.pages, days=told.days)
    return with_random_sink_faults(with_random_faults(script, told.faults, chance), told.sink_faults, chance)


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.run")
    parser.add_argument("seed", type=int)
    parser.add_argument("--scenario", choices=SCENARIOS)
    parser.add_argument("--worker", choices=("inside", "forked", "cli"), default="inside")
    numbers = {"days": 5, "registry": 20, "pages": 10, "faults": 20, "sink-faults": 5, "kills": 0}
    for name, number in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--keep", type=Path)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    told = _arguments(arguments)
    script = replace(_script(told), seed=told.seed, requests_per_second=told.rate)
    with TemporaryDirectory() as name:
        folder = told.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=told.keep is None)
        result = run_script(script, folder, worker=told.worker, kills=told.kills)
    print(f"seed {result.seed}: {dict(result.counts)}, {len(result.anomalies)} anomalies")
    for anomaly in result.anomalies:
        print(anomaly)
    return 1 if result.anomalies else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
