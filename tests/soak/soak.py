"""L1: the daemon for long, while everything around it fails: one day of the world passes every few seconds.

The days pass by the clock of the process, as if the machine had slept; on each day the sources show what changed, and
perhaps the daemon is killed, stopped, told to end, held still, or its configuration is spoilt, while sources and sinks
meet faults of their own. It is judged by the checker of tests/faults, by `measured`, and by

UNOBSERVED   a source that was not asked for more than two days
HUNG         a daemon that did not end when it was told to
BROKEN       a daemon that ended by itself, or with a traceback in its log
STUCK        a day on which the daemon did not come to look
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.clocks.programs import Program, Programs
from tests.faults.checker import judge
from tests.faults.course import Course
from tests.faults.evidence import Evidence
from tests.faults.journal import Journal
from tests.faults.run import with_random_faults, with_random_sink_faults
from tests.faults.script import Script
from tests.faults.world import build
from tests.soak.measured import Sample, out_of_bounds, sample

CONFIG: Final = '[checks]\nevery = "24h"\ncorrection_within = "1s"'
LONGEST: Final = 150.0  # seconds for the daemon's own next look, a minute and its jitter, and a pass with waits
QUIET: Final = 0.4  # seconds without a request or a message after which a day's work is over
NEMESIS: Final = {"nothing": 60, "kill": 6, "end": 4, "stop": 10, "configuration": 8, "hang up": 12}
"""What happens on a day, by weight."""


def world(seed: int, days: int) -> Script:
    """Faults of sources and sinks on about every second day."""
    chance = Random(seed)
    script = build(seed, registry=10, pages=4, days=days, share=0.25)
    return with_random_sink_faults(with_random_faults(script, days // 2, chance), max(days // 10, 1), chance)


class Soak:
    """`days` of a world. `samples` are taken on days on which the daemon lived through."""

    def __init__(self, seed: int, days: int, folder: Path) -> None:
        self.chance, self.folder, self.days = Random(seed), folder, days
        self.script = world(seed, days)
        self.samples: list[Sample] = []
        self.faults: list[str] = []
        self.counts: Counter[str] = Counter()
        self._daemon: Program | None = None
        self._asked = 0.0

    def run(self) -> Evidence:
        self.runs = Journal(self.folder / "soak.jsonl")
        with Programs(self.folder) as self.programs, Course(self.script, self.folder, worker=self._settle) as course:
            self.course = course
            course.configure(CONFIG)
            self.good = course.config.read_text(encoding="utf-8")
            self._day(1)
            for day in range(2, self.days + 1):
                course.next_day()
                self._day(day)
            self._end()
            course.settle()
            self._journal()
            evidence = course.evidence()
        self.faults += [*map(str, judge(evidence)), *out_of_bounds(self.samples), *self._unobserved(evidence)]
        return evidence

    def _day(self, day: int) -> None:
        began, fresh, program = time.time(), self._daemon is None, self._alive()
        looks = 0 if fresh else program.err.count("checked")
        some_day = 2 < day < self.days * 2 / 3  # then one daemon lives for long
        doing = self.chance.choices(list(NEMESIS), list(NEMESIS.values()))[0] if some_day else "nothing"
        self.counts[doing] += 1
        if doing == "configuration":
            self.course.config.write_text(self.good[: self.chance.randrange(200)], encoding="utf-8")
        program.signal(signal.SIGHUP)
        if doing == "kill":
            self._kill(program)
        elif doing == "end":
            self._end()
        else:
            self._live_through(program, doing, looks, began)
        self.course.config.write_text(self.good, encoding="utf-8")

    def _live_through(self, program: Program, doing: str, looks: int, began: float) -> None:
        if doing == "stop":
            program.signal(signal.SIGSTOP)
            time.sleep(self.chance.random())
            program.signal(signal.SIGCONT)
        if doing == "hang up":
            time.sleep(self.chance.random() * 0.2)
            program.signal(signal.SIGHUP)
        until = time.monotonic() + LONGEST
        while program.err.count("checked") == looks and not program.is_over and time.monotonic() < until:
            time.sleep(0.05)
        if program.is_over:
            self.faults.append(f"BROKEN: the daemon ended by itself: {program.err[-600:]}")
            return
        if program.err.count("checked") == looks:
            self.faults.append(f"STUCK: on day {self.course.clock.read().day}: {program.err[-300:]}")
            return
        self._wait_for_quiet()
        self.runs.add(verb="run", day=self.course.clock.read().day, began=began, ended=time.time(), code=0)
        self.samples.append(sample(len(self.programs.all), program.pid, self.folder / "monitor.db"))

    def _wait_for_quiet(self) -> None:
        """Until nobody has been asked or told anything for a moment."""
        logs = [self.folder / "server.jsonl", *self.folder.glob("ledger-*.jsonl")]
        before = None
        while before != (before := [log.stat().st_size for log in logs]):
            time.sleep(QUIET)

    def _alive(self) -> Program:
        """The daemon, started anew if it has ended; its first look is that of its start."""
        if self._daemon is None:
            self._daemon = self.programs.start("run")
            until = time.monotonic() + LONGEST
            while "started" not in self._daemon.err and not self._daemon.is_over and time.monotonic() < until:
                time.sleep(0.02)
            self.counts["daemons"] += 1
        return self._daemon

    def _kill(self, program: Program) -> None:
        time.sleep(self.chance.random() * 0.6)
        program.signal(signal.SIGKILL)
        self.programs.wait(program)
        began = max(program.began, (program.killed or 0.0) - 30)
        entry = {"verb": "run", "day": self.course.clock.read().day, "began": began, "ended": program.ended}
        self.runs.add(**entry, code=program.code, killed=program.killed_at)
        self._daemon = None

    def _end(self) -> None:
        program = self._daemon
        if program is None:
            return
        program.signal(signal.SIGTERM)
        until = time.monotonic() + 30
        while not program.is_over and time.monotonic() < until:
            time.sleep(0.02)
        if not program.is_over:
            self.faults.append(f"HUNG: {program.err[-300:]}")
            program.signal(signal.SIGKILL)
        if self.programs.wait(program) not in (0, -signal.SIGKILL) or "Traceback" in program.err:
            self.faults.append(f"BROKEN: it ended with {program.code}: {program.err[-600:]}")
        self._daemon = None

    def _settle(self, verb: str, kill_after: float | None) -> Mapping[str, Any]:
        del verb, kill_after
        began, program = time.time(), self.programs.run("check", "--json")
        self.runs.add(verb="check", day=self.days, began=began, ended=time.time(), code=program.code)
        return {"code": program.code}

    def _journal(self) -> None:
        """The runs as they were, in the place of those that the course knows of."""
        self.runs.close()
        (self.folder / "soak.jsonl").replace(self.folder / "runs.jsonl")

    def _unobserved(self, evidence: Evidence) -> list[str]:
        found = []
        for host in ("ctgov", "ctv"):
            days = sorted({each["day"] for each in evidence.log if each["event"] == "asked" and each["host"] == host})
            gaps = [(a, b) for a, b in zip([0, *days], [*days, self.days], strict=True) if b - a > 3]
            found += [f"UNOBSERVED: {host} was not asked between the days {a} and {b}" for a, b in gaps]
        return found
