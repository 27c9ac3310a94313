"""The verb `triage`, and what `history` says of it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.store import lock
from tests.cli.seeded import NCT, fill_store, write_config
from tests.store.store_making import migrate_from_nothing

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def seeded(call: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    config = write_config(tmp_path)
    fill_store(tmp_path)
    monkeypatch.setenv("USER", "ana")
    return lambda *arguments: call("triage", *arguments, "--config", str(config))


def told(done: subprocess.CompletedProcess[str]) -> str:
    assert (done.returncode, done.stderr) == (0, "")
    return " ".join(done.stdout.split())


def test_a_change_is_seen_noted_given_and_opened_again(seeded: Run, call: Run, tmp_path: Path) -> None:
    assert told(seeded("ack", "1", "2")) == "2 changes acknowledged: 1 and 2."
    assert "Noted on change 1" in told(seeded("note", "1", "Ask the site.", "--by", "Bo Li"))
    assert told(seeded("assign", "1", "Cy")) == "Change 1 is assigned to Cy."
    shown = told(seeded("list", "--trial", "CCR8 study"))
    assert " CCR8 study, seen " in shown, "apart from the number before it"
    assert "Now Suspended" in shown
    assert "acknowledged, for Cy, 1 note" in shown
    assert 'Bo Li: "Ask the site."' in shown
    assert "ana: assigned to Cy" in shown
    history = told(call("history", "--config", str(tmp_path / "config.toml")))
    assert "[acknowledged, for Cy, 1 note]" in history
    assert told(seeded("reopen", "1")) == "Change 1 is open again."
    assert "[for Cy, 1 note]" in told(call("history", "--config", str(tmp_path / "config.toml")))


def test_what_is_acknowledged_is_no_longer_open(seeded: Run) -> None:
    rows = json.loads(seeded("list", "--json", "--open").stdout)
    number = rows[0]["id"]
    assert rows[0]["triage"] == {"state": "open", "assignee": None, "log": []}
    seeded("ack", str(number))
    left = json.loads(seeded("list", "--json", "--open").stdout)
    assert [each["id"] for each in left] == [each["id"] for each in rows if each["id"] != number]
    everything = json.loads(seeded("--json").stdout)
    assert len(everything) == len(rows)
    (entry,) = next(each["triage"]["log"] for each in everything if each["id"] == number)
    assert (entry["deed"], entry["by"], entry["text"]) == ("acknowledge", "ana", None)
    assert entry["at"].endswith("Z")


def test_with_everything_seen_the_list_of_what_is_open_says_so(seeded: Run) -> None:
    seeded("ack", *(str(each["id"]) for each in json.loads(seeded("--json").stdout)))
    assert told(seeded("list", "--open")) == "No change is open."
    assert json.loads(seeded("list", "--open", "--json").stdout) == []


def test_history_json_says_how_a_change_stands_that_somebody_touched(seeded: Run, call: Run, tmp_path: Path) -> None:
    seeded("note", "1", "A", "--by", "Bo")
    seeded("note", "1", "B", "--by", "Bo")
    rows = json.loads(call("history", "--json", "--config", str(tmp_path / "config.toml")).stdout)
    (first,) = (each["triage"] for each in rows if "triage" in each)
    assert [each["text"] for each in first["log"]] == ["A", "B"]
    assert [each["id"] for each in rows if "triage" in each] == [1]


def test_a_minor_change_that_somebody_touched_is_not_folded(seeded: Run, call: Run, tmp_path: Path) -> None:
    rows = json.loads(seeded("--json").stdout)
    minor = next(each for each in rows if each["severity"] == "minor")
    seeded("note", str(minor["id"]), "Look.")
    assert minor["sentence"][:40] in told(call("history", "--config", str(tmp_path / "config.toml")))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("ack", "4711"), 1, "There is no change 4711; nothing was done."),
        (("ack", "1", "4711"), 1, "There is no change 4711; nothing was done."),
        (("ack",), 2, "CHANGE_ID"),
        (("ack", "0"), 2, "0 is not in the range"),
        (("ack", str(2**63)), 2, "is not in the range"),
        (("ack", "one"), 2, "one"),
        (("note", "1", " \t"), 2, "The note is empty."),
        (("note", "1", "x" * 1001), 2, "A note may have 1000 characters; this has 1001."),
        (("assign", "1", ""), 2, "A name is needed"),
        (("ack", "1", "--by", ""), 2, "A name is needed: say who with --by NAME."),
        (("list", "--trial", "NCT00000077"), 1, "is not watched"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is(
    seeded: Run, arguments: tuple[str, ...], code: int, said: str
) -> None:
    before = seeded("--json").stdout
    done = seeded(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert seeded("--json").stdout == before


def test_who_has_no_name_must_give_one(seeded: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("USER")
    assert seeded("ack", "1").returncode == 2
    assert seeded("ack", "1", "--by", "Ana").returncode == 0


def test_it_waits_for_no_run(seeded: Run, tmp_path: Path) -> None:
    with lock.hold(f"sqlite:///{tmp_path / 'monitor.db'}"):
        assert seeded("ack", "1").returncode == 0


def test_control_characters_of_a_note_reach_no_terminal(seeded: Run) -> None:
    seeded("note", "1", "red\x1b[31m\u202e", "--by", "A\x07na")
    shown = seeded("list").stdout
    assert "red[31m" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_a_store_of_an_earlier_release_is_brought_up_to_date(call: Run, tmp_path: Path) -> None:
    migrate_from_nothing(f"sqlite:///{tmp_path / 'monitor.db'}", "0006")
    config = write_config(tmp_path)
    done = call("triage", "ack", "1", "--by", "Ana", "--config", str(config))
    assert "There is no change 1" in done.stderr
    assert call("triage", "--config", str(config)).stdout == "There is no change yet.\n"


def test_a_backup_takes_it_along(seeded: Run, call: Run, tmp_path: Path) -> None:
    config = ("--config", str(tmp_path / "config.toml"))
    seeded("note", "1", "Ask the site.")
    before = seeded("--json").stdout
    assert call("backup", str(tmp_path / "kept.zip"), *config).returncode == 0
    (tmp_path / "monitor.db").unlink()
    assert call("restore", str(tmp_path / "kept.zip"), *config).returncode == 0
    assert seeded("--json").stdout == before
    assert NCT in before
    assert call("verify", *config).returncode == 0
