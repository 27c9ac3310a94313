"""The verbs that look at a store, run as a shell runs them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.seeded import NCT, fill_store, write_config

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled store, made once."""
    folder = tmp_path_factory.mktemp("past")
    fill_store(folder)
    return folder / "monitor.db"


@pytest.fixture
def seeded(call: Run, tmp_path: Path, past: Path) -> Run:
    """As `call`, with a configuration and a filled store."""
    config = write_config(tmp_path)
    shutil.copy(past, tmp_path / "monitor.db")
    return lambda *arguments: call(*arguments, "--config", str(config))


def told(done: subprocess.CompletedProcess[str]) -> str:
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


def test_history_tells_days_trials_and_coverage_last(seeded: Run) -> None:
    lines = told(seeded("history")).splitlines()
    assert lines[0] == "20 Feb 2026"
    assert lines[1].startswith(f"  {NCT}  CCR8 study: Phase 2, Single-arm Trial of BMS-986340")
    assert lines[2].startswith("  ◆ Status      Now Suspended. It was Recruiting.")
    assert lines[-1].startswith("1 of 1 trial verified on 20 Feb")


def test_days_are_those_of_the_configured_timezone(call: Run, tmp_path: Path, past: Path) -> None:
    config = write_config(tmp_path, zone="Asia/Tokyo")
    shutil.copy(past, tmp_path / "monitor.db")
    done = call("history", "--since", "2026-02-21", "--until", "2026-02-21", "--config", str(config))
    assert told(done).startswith("21 Feb 2026\n")
    done = call("history", "--until", "2026-02-20", "--config", str(config))
    assert told(done).startswith("Nothing has changed up to 20 Feb 2026.\n")


@pytest.mark.parametrize("name", [NCT, NCT.lower(), f"https://clinicaltrials.gov/study/{NCT}?tab=x", "CCR8 Study"])
def test_a_trial_is_found_by_number_address_and_label_in_any_case(seeded: Run, name: str) -> None:
    assert len(json.loads(told(seeded("history", name, "--json")))) >= 4
    assert json.loads(told(seeded("show", name, "--json")))["version"] == 2


def test_history_narrows_by_category_and_severity(seeded: Run) -> None:
    found = json.loads(told(seeded("history", "--category", "status", "--category", "dates", "--json")))
    assert {each["category"] for each in found} == {"status", "dates"}
    found = json.loads(told(seeded("history", "--severity", "major", "--json")))
    assert {each["severity"] for each in found} == {"critical", "major"}
    assert found[0]["observed_at"] == "2026-02-20T23:30:00Z"
    assert found[0]["watch"] == "CCR8 study"


def test_history_as_csv_parses_back(seeded: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(told(seeded("history", "--csv")))))
    assert {row["registry_id"] for row in rows} == {NCT}
    assert {row["label"] for row in rows} == {"CCR8 study"}


def test_a_trial_that_nobody_watches_is_one_sentence(seeded: Run) -> None:
    done = seeded("history", "NCT99999999")
    assert told(done) == "NCT99999999 is not watched. To start: trial-monitor watch add NCT99999999\n"
    done = seeded("history", "NCT99999999", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    assert "is not watched" in done.stderr


def test_show_and_diff_of_an_unwatched_trial_fail_with_a_sentence(seeded: Run) -> None:
    for verb in ("show", "diff"):
        done = seeded(verb, "NCT99999999")
        assert (done.returncode, done.stdout) == (1, "")
        assert "To start: trial-monitor watch add NCT99999999" in done.stderr


def test_a_version_is_shown_by_number_and_by_day(seeded: Run) -> None:
    first = json.loads(told(seeded("show", NCT, "--version", "1", "--json")))
    assert (first["version"], first["sections"]["status"]["overall"]) == (1, "RECRUITING")
    assert first["observed_at"] == "2026-02-19T12:00:00Z"
    by_day = json.loads(told(seeded("show", NCT, "--at", "2026-02-19", "--json")))
    assert by_day == first
    assert "Version 2 of 2, posted 19 Feb 2026, seen 20 Feb 2026, 23:30 UTC." in told(seeded("show", NCT))


def test_before_the_first_sight_the_registry_is_pointed_to(seeded: Run) -> None:
    text = " ".join(told(seeded("show", NCT, "--at", "2026-02-18")).split())
    assert "not watched then" in text
    assert f"https://clinicaltrials.gov/study/{NCT}?tab=history" in text
    done = seeded("show", NCT, "--at", "2026-02-18", "--json")
    assert json.loads(done.stdout) is None
    assert "not watched then" in done.stderr


def test_a_version_that_is_not_there_is_wrong_usage(seeded: Run) -> None:
    for arguments in (["show", NCT, "--version", "9"], ["diff", NCT, "--from", "9"], ["diff", NCT, "--to", "soon"]):
        done = seeded(*arguments)
        assert (done.returncode, done.stdout) == (2, "")


def test_two_versions_are_compared(seeded: Run) -> None:
    assert "version 1, posted 27 Aug 2025   →   version 2, posted 19 Feb 2026" in told(seeded("diff", NCT))
    found = json.loads(told(seeded("diff", NCT, "--from", "2026-02-19", "--to", "2", "--json")))
    assert (found["from"]["version"], found["to"]["version"]) == (1, 2)
    assert found["changes"][0]["category"] == "status"
    assert told(seeded("diff", NCT, "--to", "1")) == "There is one version only, 1: nothing to compare yet.\n"


def test_alerts_that_wait_are_listed_shown_dropped_and_revived(seeded: Run) -> None:
    (alert,) = json.loads(told(seeded("alerts", "list", "--json")))
    assert list(alert) == [
        "id", "destination", "registry_id", "kind", "state", "attempts", "created_at", "next_attempt_at", "sent_at",
        "changes",
    ]  # fmt: skip
    assert (alert["destination"], alert["state"], alert["registry_id"]) == ("team", "pending", NCT)
    code = alert["id"]
    assert code in told(seeded("alerts"))
    assert "Now Suspended." in told(seeded("alerts", "show", code))
    assert "will not be sent" in told(seeded("alerts", "drop", code))
    assert json.loads(told(seeded("alerts", "--json"))) == []
    assert json.loads(told(seeded("alerts", "--all", "--json")))[0]["state"] == "dropped"
    assert "will be sent at the next delivery" in told(seeded("alerts", "retry", code.lower()))
    assert json.loads(told(seeded("alerts", "--json")))[0]["state"] == "pending"


def test_an_unknown_alert_fails_with_a_sentence(seeded: Run) -> None:
    for verb in ("show", "retry", "drop"):
        done = seeded("alerts", verb, "0000-0000")
        assert (done.returncode, done.stdout) == (1, "")
        assert "There is no alert 0000-0000" in done.stderr
    assert seeded("alerts", "retry").returncode == 2


def test_what_was_kept_aside_is_listed_shown_and_discarded(seeded: Run) -> None:
    (suspect,) = json.loads(told(seeded("suspect", "--json")))
    number = str(suspect["id"])
    assert "It names no trial." in told(seeded("suspect"))
    assert "<p>maintenance" in told(seeded("suspect", "show", number))
    assert told(seeded("suspect", "show", number, "--raw")) == "<p>maintenance\n"
    assert "1 body discarded" in told(seeded("suspect", "discard", number))
    assert told(seeded("suspect")) == "Nothing is kept aside.\n"
    done = seeded("suspect", "discard", number)
    assert (done.returncode, done.stdout) == (1, "")
    assert seeded("suspect", "show", "99").returncode == 1


@pytest.mark.parametrize("verb", ["accept", "discard"])
def test_what_was_kept_aside_for_itself_has_nothing_like_it(seeded: Run, verb: str) -> None:
    (suspect,) = json.loads(told(seeded("suspect", "--json")))
    done = seeded("suspect", verb, str(suspect["id"]), "--alike")
    assert (done.returncode, done.stdout) == (2, "")
    assert "was kept aside for itself" in done.stderr
    assert json.loads(told(seeded("suspect", "--json"))) == [suspect]


def test_what_cannot_be_read_at_all_cannot_be_accepted(seeded: Run) -> None:
    (suspect,) = json.loads(told(seeded("suspect", "--json")))
    done = seeded("suspect", "accept", str(suspect["id"]))
    assert (done.returncode, done.stdout) == (1, "")
    assert json.loads(told(seeded("suspect", "--json"))) == [suspect]


@pytest.mark.parametrize("verb", [["history"], ["show", NCT], ["alerts"]])
def test_without_a_store_reading_verbs_end_with_three(run: Run, tmp_path: Path, verb: list[str]) -> None:
    done = run(*verb, "--config", str(write_config(tmp_path)))
    assert (done.returncode, done.stdout) == (3, "")
    assert not (tmp_path / "monitor.db").exists()


@pytest.mark.parametrize("verb", [["history"], ["show", NCT], ["diff", NCT], ["alerts"], ["suspect"], ["doctor"]])
def test_a_faulty_configuration_ends_with_two(call: Run, tmp_path: Path, verb: list[str]) -> None:
    config = tmp_path / "config.toml"
    config.write_text("timezone = 3\nunknown = 1\n")
    done = call(*verb, "--config", str(config))
    assert (done.returncode, done.stdout) == (2, "")
    assert "timezone" in done.stderr
    assert "unknown" in done.stderr


def test_no_other_bytes_than_ascii_where_the_terminal_has_no_others(run: Run, tmp_path: Path, past: Path) -> None:
    shutil.copy(past, tmp_path / "monitor.db")
    config = str(write_config(tmp_path))
    done = run("history", "--config", config, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "  ! Status      Now Suspended." in done.stdout
