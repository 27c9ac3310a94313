"""`rules test`, run as a shell runs it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.seeded import NCT, fill_store, write_config

Run = Callable[..., subprocess.CompletedProcess[str]]
RULES = """
[destinations.team]
url = "mailto://127.0.0.1:2525?from=monitor@example.org&to=team@example.org"
timezone = "Asia/Tokyo"
[destinations.chat]
url = "slack://T12345678/B12345678/abcdefghijklmnopqrstuvwx"
[[rules]]
name = "all of CCR8"
tags = ["ccr8"]
to = ["team"]
[[rules]]
name = "big"
categories = ["enrollment"]
only = ["enrollment changes by at least 90 %"]
to = ["chat", "team"]
[[rules]]
name = "lung"
tags = ["lung"]
min_severity = "critical"
to = ["chat"]
"""


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled store, made once."""
    folder = tmp_path_factory.mktemp("past")
    fill_store(folder)
    return folder / "monitor.db"


@pytest.fixture
def seeded(call: Run, tmp_path: Path, past: Path) -> Run:
    """As `call`, with a configuration with rules and a filled store."""
    config = write_config(tmp_path)
    config.write_text(config.read_text() + RULES)
    config.chmod(0o600)
    shutil.copy(past, tmp_path / "monitor.db")
    return lambda *arguments: call(*arguments, "--config", str(config))


def told(done: subprocess.CompletedProcess[str]) -> str:
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


def number_of(seeded: Run, category: str) -> str:
    log = json.loads(told(seeded("history", "--json")))
    return str(next(each["id"] for each in log if each["category"] == category))


def test_a_change_is_laid_before_every_rule_with_the_reasons_against_it(seeded: Run) -> None:
    lines = told(seeded("rules", "test", number_of(seeded, "enrollment"))).splitlines()
    assert lines[0].endswith(f"{NCT} CCR8 study")
    assert lines[1] == "  ▲ Enrolled 7 people (final count) of 40 planned, 18%."
    assert lines[2] == "    Enrollment, major; seen 20 Feb 2026, 23:30 UTC"
    assert lines[4:] == [
        'Rule "all of CCR8" tells team (team@example.org), at once',
        'Rule "big" does not tell it',
        '  - Does not pass "enrollment changes by at least 90 %": changed by 33 people,',
        "    82.5 %.",
        'Rule "lung" does not tell it',
        "  - The rule is about the tag lung; it has ccr8.",
        "  - The rule tells what is critical or graver; this is major.",
        "1 recipient told, each once.",
    ]


def test_the_same_for_programs(seeded: Run) -> None:
    number = number_of(seeded, "enrollment")
    found = json.loads(told(seeded("rules", "test", number, "--json")))
    assert str(found["change"]["id"]) == number
    assert found["watched"]
    assert not found["echo"]
    assert [rule["matches"] for rule in found["rules"]] == [True, False, False]
    assert found["rules"][0] == {
        "rule": "all of CCR8",
        "matches": True,
        "why_not": [],
        "conditions": [],
        "to": [{"destination": "team", "recipient": "team@example.org", "when": "at once"}],
    }


def test_a_rehearsal_counts_by_destination_and_week(seeded: Run) -> None:
    lines = told(seeded("rules", "test", "--since", "2025-01-01")).splitlines()
    assert lines[0].split() == ["Week", "From", "To", "Messages", "Changes"]
    assert (lines[1].split()[0], lines[1].split()[-3:]) == ("2026-W08", ["team", "1", "4"])
    whole = " ".join(lines)
    assert "seen since 1 Jan 2025: 1 message." in whole
    assert "Nothing was sent." in whole


def rehearsed(seeded: Run, *more: str) -> Any:
    return json.loads(told(seeded("rules", "test", "--since", "2025-01-01", "--json", *more)))


def test_a_rehearsal_gives_the_messages_when_asked(seeded: Run) -> None:
    assert "messages" not in rehearsed(seeded)
    found = rehearsed(seeded, "--messages")
    assert found["weeks"] == [{"week": "2026-W08", "destination": "team", "messages": 1, "changes": 4}]
    (letter,) = found["messages"]
    assert (letter["destination"], letter["recipient"], letter["kind"]) == ("team", "team@example.org", "change")
    assert letter["title"].startswith(f"{NCT} now Suspended (was Recruiting)")
    assert "was: 40 people (estimated)" in letter["body"]
    assert f"Alert {letter['id']}." in letter["body"]
    assert "21 Feb 2026, 08:30 JST" in letter["body"], "in the destination's own time"
    text = told(seeded("rules", "test", "--since", "2025-01-01", "--messages"))
    assert letter["body"].rstrip("\n") in text
    assert "To team (team@example.org), seen 20 Feb 2026, 23:30 UTC" in text


def test_the_days_of_a_rehearsal_are_those_asked_for(seeded: Run) -> None:
    assert rehearsed(seeded, "--until", "2026-02-20")["updates"] == 1
    none = rehearsed(seeded, "--until", "2026-02-19")
    assert (none["updates"], none["weeks"], none["until"]) == (0, [], "2026-02-19")
    text = told(seeded("rules", "test", "--since", "2026-02-21"))
    assert text.startswith("Nothing has changed since 21 Feb 2026.")


def test_a_rehearsal_changes_nothing(seeded: Run, tmp_path: Path) -> None:
    before = told(seeded("alerts", "list", "--all", "--json")), (tmp_path / "monitor.db").read_bytes()
    told(seeded("rules", "test", "--since", "2025-01-01", "--messages"))
    assert (told(seeded("alerts", "list", "--all", "--json")), (tmp_path / "monitor.db").read_bytes()) == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "Name a change"),
        (("1", "--since", "2025-01-01"), 2, "one of the two"),
        (("1", "--messages"), 2, "go with --since"),
        (("1", "--until", "2025-01-01"), 2, "go with --since"),
        (("--since", "2025-02-01", "--until", "2025-01-01"), 2, "is later than"),
        (("x",), 2, "not a valid integer"),
        (("9999",), 1, "There is no change 9999"),
        (("9223372036854775807",), 1, "There is no change"),
        (("9223372036854775808",), 2, "not in the range"),
        (("0",), 2, "not in the range"),
    ],
)
def test_what_cannot_be_asked_is_said(seeded: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = seeded("rules", "test", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr


def test_a_trial_that_nobody_watches_any_more_is_told_to_nobody(seeded: Run) -> None:
    number = number_of(seeded, "enrollment")
    told(seeded("watch", "remove", NCT))
    assert "No active watch leads to this trial" in told(seeded("rules", "test", number))
    found = json.loads(told(seeded("rules", "test", number, "--json")))
    assert [rule["matches"] for rule in found["rules"]] == [False] * 3
    text = " ".join(told(seeded("rules", "test", "--since", "2025-01-01")).split())
    assert text.startswith("4 changes in 1 update seen since 1 Jan 2025. The rules would have told none of it.")
