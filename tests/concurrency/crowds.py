"""N1 and N2: many schedulers on one store, stopped, continued and killed at random, and short commands beside them.

Each day of a random world has one of these:

crowd      2 to 8 processes of `run`, `check` and `deliver` one upon the other; some are stopped, continued, killed
storm      20 overlapping runs from cron while one works, which is held still meanwhile
takeover   a run that is killed while it sends, and the next one at once
beside     a daemon that works, and short commands that change watches, alerts and suspects

It is judged by the checker of tests/faults and by

NOT_75      an overlapping run that did not exit with 75
SAID        one that printed something on stdout, or nothing on stderr
NOT_AT_ONCE the next run after a killed one did not get the lock
FETCHES     a trial was asked for more often than once in its interval, killed runs aside
HUNG        a process did not end when it was told to
BROKEN      a process ended with another code than the contract has for it, or with a traceback
"""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.clocks.programs import Program, Programs
from tests.faults.checker import judge
from tests.faults.course import Course
from tests.faults.evidence import Evidence
from tests.faults.run import with_random_sink_faults
from tests.faults.script import Script, SinkFault
from tests.faults.world import build
from tests.sweep.sweep import Outcome, Sweep

DAYS: Final = 5
STORM: Final = 20
HELD: Final = 75
OVER: Final = 20.0  # seconds for what was told to stop
SURE: Final = '[checks]\ncorrection_within = "1s"'
VERBS: Final = (("check", "--json"), ("check", "--due", "--json"), ("deliver",), ("run",))
HANGS: Final = '"event": "met", "sink": "web", "fault": 0'
FIRST: Final = "NCT90000001"
COMMANDS: Final = (
    ("watch", "add", FIRST, "--tag", "more"),
    ("watch", "pause", FIRST),
    ("watch", "list"),
    ("watch", "resume", FIRST),
    ("alerts", "retry", "1"),
    ("alerts", "list", "--json"),
    ("suspect", "accept", "1"),
    ("suspect", "list"),
)


def world(seed: int, chance: Random, days: int) -> Script:
    """A random world; on its last day the hook's first message hangs, for the takeover."""
    script = with_random_sink_faults(build(seed, registry=4, pages=2, days=days, share=0.6), 3, chance)
    hanging = SinkFault(sink="web", first=1, last=1, days=(days, days), ends="hang", takes=chance.random() < 0.5)
    return replace(script, sink_faults=(hanging, *script.sink_faults))


class Crowds:
    """The days of one world. `worked` are the runs that had the lock, in their order."""

    def __init__(self, seed: int, folder: Path, *, days: int = DAYS, storm: int = STORM) -> None:
        self.chance, self.folder = Random(seed), folder
        self.days, self.storm = days, storm
        self.script = world(seed, self.chance, days)
        self.faults: list[str] = []
        self.counts: Counter[str] = Counter()
        self.shape: list[str] = [f"world {seed}"]
        self.forgiven = 0  # more looks at each trial than its interval has: after kills

    def run(self) -> Evidence:
        with Programs(self.folder) as self.programs, Course(self.script, self.folder, worker=self._settle) as course:
            self.course = course
            course.configure(SURE)
            self._storm()
            for day in range(2, self.days + 1):
                course.next_day()
                self._day(day)()
            course.settle()
            self._journal()
            evidence = course.evidence()
        self._judge_fetches(evidence)
        return evidence

    def _day(self, day: int) -> Callable[[], None]:
        if day == self.days:
            return self._takeover
        return self.chance.choice((self._crowd, self._crowd, self._storm, self._beside))

    def _settle(self, verb: str, kill_after: float | None) -> Mapping[str, Any]:
        """A run of the course; `_journal` writes it down, with all others."""
        del verb, kill_after
        program = self.programs.run("check", "--json")
        self._look_at(program, codes=(0, 1))
        return {"code": program.code}

    def _crowd(self) -> None:
        """Everybody at once, and somebody who stops, continues and kills them."""
        started = []
        for _ in range(self.chance.randint(2, 8)):
            started.append(self.programs.start(*self.chance.choice(VERBS)))
            time.sleep(self.chance.random() * 0.2)
        for _ in range(self.chance.randint(3, 12)):
            victim = self.chance.choice(started)
            victim.signal(self.chance.choice((signal.SIGSTOP, signal.SIGCONT, signal.SIGCONT, signal.SIGKILL)))
            time.sleep(self.chance.random() * 0.2)
        self.counts["crowds"] += 1
        self.shape.append(f"crowd {[' '.join(program.arguments) for program in started]}")
        self._end(started)
        self._look_at(self.programs.run("check", "--due", "--json"), codes=(0, 1))

    def _storm(self) -> None:
        """One has the lock and stands still; twenty others come and go; then it goes on."""
        first = self.programs.start("check", "--due", "--json")
        if self._has_the_lock(first):
            first.signal(signal.SIGSTOP)
            others = [self.programs.start("check", "--due", "--json") for _ in range(self.storm)]
            for other in others:
                if self.programs.wait(other) != HELD:
                    self.faults.append(f"NOT_75: {other.name} ended with {other.code}: {other.err[-300:]}")
                if other.out or len(other.err.strip().splitlines()) != 1:
                    self.faults.append(f"SAID: {other.name}: {other.out[:200]!r}, {other.err[-300:]!r}")
            first.signal(signal.SIGCONT)
            self.counts["runs refused at once"] += len(others)
        self.programs.wait(first)
        self._look_at(first, codes=(0, 1))
        self.counts["storms"] += 1
        self.shape.append("storm")

    def _takeover(self) -> None:
        """The hook's first message of this day hangs, if there is one; its sender dies; the next one takes over."""
        first = self.programs.start("check", "--json")
        self._hangs(first)
        first.signal(signal.SIGKILL)
        self.programs.wait(first)
        self._look_at(first, codes=(0, 1, -signal.SIGKILL))
        self.forgiven += 2
        for verb in (("deliver",), ("check", "--json")):
            following = self.programs.run(*verb)
            if following.code == HELD:
                self.faults.append(f"NOT_AT_ONCE: {following.name}: {following.err[-300:]}")
            self._look_at(following, codes=(0, 1))
        self.counts["takeovers"] += 1
        self.shape.append("takeover")

    def _beside(self) -> None:
        """Short transactions beside a daemon that works: none is refused."""
        daemon = self.programs.start("run")
        self._has_the_lock(daemon)
        for command in COMMANDS:
            self._look_at(self.programs.run(*command), codes=(0, 1, 2))
            self.counts["commands beside a daemon"] += 1
        self._end([daemon])
        self.shape.append("beside")
        self._look_at(self.programs.run("check", "--due", "--json"), codes=(0, 1))

    def _hangs(self, program: Program) -> None:
        """Wait until its message hangs, or it has ended."""
        ledger = self.folder / "ledger-web.jsonl"
        before = ledger.read_text(encoding="utf-8").count(HANGS)
        while not program.is_over and ledger.read_text(encoding="utf-8").count(HANGS) == before:
            time.sleep(0.01)

    def _has_the_lock(self, program: Program) -> bool:
        """Wait until it does; False if it ended before that was seen."""
        lock = self.folder / "monitor.db.lock"
        for _ in range(2000):
            if lock.exists() and f" {program.pid} " in _locks_on(lock):
                return True
            if program.is_over:
                return False
            time.sleep(0.002)
        return False

    def _end(self, started: list[Program]) -> None:
        """Let all go on, tell the daemons to stop, and wait."""
        for program in started:
            program.signal(signal.SIGCONT)
        until = time.monotonic() + OVER
        for program in started:
            while not program.is_over and time.monotonic() < until:
                program.signal(signal.SIGTERM if program.arguments == ("run",) else signal.SIGCONT)
                time.sleep(0.02)
            if not program.is_over:
                self.faults.append(f"HUNG: {program.name}: {program.err[-300:]}")
                program.signal(signal.SIGKILL)
            self.programs.wait(program)
            self._look_at(program, codes=(0, 1, HELD, -signal.SIGKILL, -signal.SIGTERM))
            self.forgiven += int(program.code != HELD)

    def _look_at(self, program: Program, codes: tuple[int, ...]) -> None:
        self.counts["runs"] += 1
        if program.code == -signal.SIGKILL:
            self.counts["kills"] += 1
        if program.code not in codes or "Traceback" in program.err or "fault of the program" in program.err:
            told = f"{' '.join(program.arguments)} ended with {program.code}: {program.err[-600:]}"
            self.faults.append(f"BROKEN: {told}")

    def _journal(self) -> None:
        """Only one works at a time: who began earlier waited for nobody, and had the lock from then on."""
        path = self.folder / "runs.jsonl"
        path.write_text("")
        worked = [each for each in self.programs.all if each.arguments[0] in ("run", "check", "deliver")]
        since = 0.0
        with path.open("a") as file:
            for each in sorted((each for each in worked if each.code != HELD), key=lambda each: each.ended or 0.0):
                began, since = max(each.began, since), each.ended or 0.0
                report = json.loads(each.out) if each.code in (0, 1) and "--json" in each.arguments else None
                entry = {"verb": each.arguments[0], "day": self.days, "began": began, "ended": since, "code": each.code}
                file.write(json.dumps({**entry, "killed": each.killed_at, "report": report}) + "\n")

    def _judge_fetches(self, evidence: Evidence) -> None:
        """Each day has one interval's worth of `--due`; killed runs and whole passes may look again."""
        lists = [each for each in evidence.log if each["event"] == "asked" and each["ask"] in ("list", "page")]
        asked = Counter(number for entry in lists for number in entry["numbers"])
        whole = sum(each.arguments == ("check", "--json") and each.code != HELD for each in self.programs.all)
        most = self.days + whole + self.forgiven
        for trial in self.script.trials:
            times, looks = asked[trial.number], most + len(trial.versions) * bool(trial.slug)
            if times > looks:
                self.faults.append(f"FETCHES: {trial.number} was asked for {times} times, {looks} are enough")


def _locks_on(path: Path) -> str:
    inode = path.stat().st_ino
    lines = Path("/proc/locks").read_text(encoding="utf-8").splitlines()
    return " ".join(f" {line.split()[4]} " for line in lines if f":{inode} " in line and "->" not in line)


def run(seed: int, folder: Path) -> Outcome:
    """One world."""
    crowds = Crowds(seed, folder)
    evidence = crowds.run()
    faults = [*crowds.faults, *map(str, judge(evidence))]
    alerts = len({(each["alert"], each["recipient"]) for each in evidence.delivered})
    repeats = len(evidence.delivered) - alerts
    counts = crowds.counts + Counter({"alerts": alerts, "repeats in the window": repeats})
    return Outcome(counts=counts, faults=faults, shapes=["; ".join(crowds.shape)])


SWEEP = Sweep(
    name="concurrency",
    what="Many schedulers on one store, stopped, continued and killed at random, and short commands beside them.",
    seeds=60,
    goal={"runs": 1_200, "kills": 60, "runs refused at once": 600},
    run=run,
)
