"""kill -9 at chosen moments (see `kills`), and on PostgreSQL at random ones: nothing is lost, repeats say so.

On PostgreSQL the judgement is made from what the mail server took, against the script of what the registry served; the
monitor's own tables are not asked.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from monitor.demo.mailbox import Letter, Mailbox
from monitor.demo.recorded import versions
from monitor.demo.registry import RecordedRegistry
from tests.crash import kills
from tests.crash.scenes import SCENES
from tests.pipeline.world import edited

ROOT = Path(__file__).parents[2]
TRIALS = ("NCT07011550", "NCT07011551", "NCT07011552")
WORDS = {  # none comes back within the time for corrections
    "RECRUITING": "Recruiting",
    "SUSPENDED": "Suspended",
    "ACTIVE_NOT_RECRUITING": "Active",
    "COMPLETED": "Completed",
    "TERMINATED": "Terminated",
    "WITHDRAWN": "Withdrawn",
    "ENROLLING_BY_INVITATION": "Enrolling",
    "NOT_YET_RECRUITING": "Not",
}
STATUSES = tuple(WORDS)
CODE = re.compile(r"^Alert ([0-9A-Z]{4}-[0-9A-Z]{4})\.", re.MULTILINE)
DAYS = 3  # two kills each
LONGEST = 0.3  # seconds into a run within which it is killed; a whole run takes about this long

CONFIG = """
[store]
url = "{store}"
[sources.ctgov]
base_url = "{registry}"
requests_per_second = 0
allow_private_addresses = true
[checks]
correction_within = "1s"
[destinations.team]
url = "mailto://127.0.0.1:{port}?from=monitor@example.org&to=team@example.org"
allow_private_addresses = true
"""


class Launcher:
    """Starts command lines, each to be killed after a while or to end by itself."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.launcher"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()

    def run(self, *arguments: str, kill_after: float | None = None) -> int:
        """The exit code; -9 if it was killed. It may have ended before the kill."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([[*arguments, "--config", str(self._config)], kill_after]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@dataclass
class Script:
    """What the registry serves: on every day each trial has another status."""

    study: Any
    registry: RecordedRegistry

    def serve(self, day: int) -> None:
        for trial in TRIALS:
            status = STATUSES[day % len(STATUSES)]
            document = edited(self.study, identificationModule__nctId=trial, statusModule__overallStatus=status)
            self.registry.add_study(document, day=day)
        self.registry.set_day(day)

    def expected(self, days: int) -> Counter[tuple[str, str]]:
        """How often each trial's reader is to hear of each status."""
        return Counter((trial, WORDS[STATUSES[day % len(STATUSES)]]) for day in range(2, days + 1) for trial in TRIALS)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as box:
        yield box


def first_tellings(letters: Sequence[Letter]) -> tuple[list[Letter], list[Letter]]:
    """The first letter of each alert, and the repeats."""
    firsts: dict[str, Letter] = {}
    repeats = []
    for letter in letters:
        found = CODE.search(letter.part("plain"))
        assert found, letter.part("plain")
        if found[1] in firsts:
            assert letter.message["Message-ID"] == firsts[found[1]].message["Message-ID"]
            repeats.append(letter)
        else:
            firsts[found[1]] = letter
    return list(firsts.values()), repeats


def told(letters: Sequence[Letter]) -> Counter[tuple[str, str]]:
    matches = (re.match(r"(NCT\d{8}) (?:is )?now (\w+)", letter.subject) for letter in letters)
    return Counter((match[1], match[2]) for match in matches if match)


def kill_and_recover(launcher: Launcher, script: Script, days: int, chance: random.Random) -> int:
    """Each day a pass and a delivery are killed, then a whole run follows; how many were killed before their end."""
    killed = 0
    for day in range(2, days + 2):
        script.serve(day)
        for verb in ("check", "deliver"):
            killed += launcher.run(verb, kill_after=chance.random() * LONGEST) == -signal.SIGKILL
        assert launcher.run("check") == 0
    return killed


def judge(mailbox: Mailbox, script: Script, days: int, killed: int) -> Mapping[str, int]:
    firsts, repeats = first_tellings(mailbox.letters)
    assert told(firsts) == script.expected(days + 1), "lost, or told though nothing changed"
    assert all("may be a repeat" in letter.part("plain") for letter in repeats)
    assert len(repeats) <= killed, "at most one repeat for each run that died"
    return {"kills": killed, "alerts": len(firsts), "repeats": len(repeats)}


def crash(config: Path, store: str, mailbox: Mailbox, days: int, seed: int) -> Mapping[str, int]:
    with RecordedRegistry() as registry:
        script = Script(next(versions(TRIALS[0]))[1], registry)
        config.write_text(CONFIG.format(store=store, registry=registry.ctgov_url, port=mailbox.port))
        config.chmod(0o600)
        script.serve(1)
        launcher = Launcher(config)
        try:
            assert launcher.run("watch", "add", *TRIALS) == 0
            assert launcher.run("check") == 0
            killed = kill_and_recover(launcher, script, days, random.Random(seed))
        finally:
            launcher.close()
        return judge(mailbox, script, days, killed)


KINDS = (
    ("after INSERT INTO versions", "before INSERT INTO alerts", "before commit", "after the transaction"),
    ("after UPDATE alerts SET", "after the transaction", "before sendall"),
)
"""Moments to be killed at in the suite: those named first of a line, and the next ones of the other names behind it."""


def chosen(moments: Sequence[str]) -> Iterator[list[int]]:
    """Each by itself, the last send of all too, and all of them in one row."""
    found = [len(moments) - moments[::-1].index("after sendall")]
    for names in KINDS:
        at = 0
        for name in names:
            at = moments.index(name, at) + 1
            found.append(at)
    yield from ([at] for at in found)
    yield found


def test_nothing_is_lost_by_kills_at_chosen_moments(tmp_path: Path) -> None:
    outcome = kills.play("changes", 2, tmp_path, chosen)
    assert outcome.faults == []
    assert outcome.counts["kills"] >= sum(map(len, KINDS)) + 3
    assert outcome.counts["alerts"]
    assert len(set(outcome.shapes)) >= sum(map(len, KINDS)) + 1


@pytest.mark.parametrize("name", SCENES)
def test_each_scene_has_a_run_worth_killing(name: str) -> None:
    script = SCENES[name].script(1)
    assert script == SCENES[name].script(1)
    assert script != SCENES[name].script(2)


def test_no_alert_is_lost_on_postgresql(tmp_path: Path, mailbox: Mailbox, postgres_url: str) -> None:
    counts = crash(tmp_path / "monitor.toml", postgres_url, mailbox, DAYS, seed=7)
    print(f"seed 7: {counts}")
    assert counts["kills"]
