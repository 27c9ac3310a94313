"""What `doctor` finds, and what it advises."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.cli.doctoring.finding import Level, fault, render_findings, warning, well
from monitor.cli.doctoring.rules_check import judge_countries, judge_names, look_at_rules
from monitor.cli.doctoring.surroundings import (
    LOW,
    TOO_LOW,
    file_system_of,
    judge_file_system,
    judge_room,
    judge_sync,
    look_at_place,
    mounts,
)
from monitor.cli.terminal import Screen
from monitor.deliver.mail_advice import GMAIL, ICLOUD, MICROSOFT, ORDINARY, YAHOO, log_in_advice
from monitor.model.watch import WatchState
from monitor.route.conditions import parse_condition
from monitor.route.rules import Rule
from monitor.store import records, watches
from monitor.store.engine import open_store
from tests.cli.seeded import NCT, fill_store
from tests.route.changes import watch


@pytest.mark.parametrize(
    ("host", "answer", "advice"),
    [
        ("smtp.gmail.com", "535 5.7.8 Username and Password not accepted.", GMAIL),
        ("relay.example.org", "534-5.7.9 Application-specific password required ... gsmtp", GMAIL),
        ("smtp.office365.com", "535 5.7.139 Authentication unsuccessful", MICROSOFT),
        ("smtp-mail.outlook.com.", "no", MICROSOFT),
        ("smtp.mail.yahoo.com", "no", YAHOO),
        ("smtp.mail.me.com", "no", ICLOUD),
        ("notgmail.com", "535 no", ORDINARY),
        ("mail.example.org", "535 5.7.8 Error: authentication failed", ORDINARY),
    ],
)
def test_a_refused_log_in_is_turned_into_advice(host: str, answer: str, advice: str) -> None:
    assert log_in_advice(host, answer) == advice


def test_the_longest_mount_point_decides() -> None:
    table = (("/", "ext4"), ("/home", "nfs4"), ("/home/me/local", "xfs"), ("/homework", "cifs"))
    assert file_system_of(Path("/home/me"), table) == "nfs4"
    assert file_system_of(Path("/home/me/local/x"), table) == "xfs"
    assert file_system_of(Path("/homes"), table) == "ext4"
    assert file_system_of(Path("/homes"), ()) is None


def test_mount_points_with_spaces_are_read(tmp_path: Path) -> None:
    table = tmp_path / "mounts"
    table.write_text("srv:/x /mnt/our\\040share nfs4 rw 0 0\nbroken\n")
    assert mounts(table) == (("/mnt/our share", "nfs4"),)
    assert mounts(tmp_path / "none") == ()


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "9p"])
def test_a_network_share_is_warned_of(kind: str) -> None:
    (found,) = judge_file_system(Path("/x"), kind)
    assert found.level is Level.WARNING
    assert "PostgreSQL" in found.remedy


def test_a_local_disk_is_well() -> None:
    assert [found.level for found in judge_file_system(Path("/x"), "ext4")] == [Level.WELL]


@pytest.mark.parametrize(
    "path", ["/home/me/Dropbox/x", "/home/me/OneDrive - Hospital/x", "/Users/me/Library/Mobile Documents/x"]
)
def test_a_synced_folder_is_warned_of(path: str) -> None:
    (found,) = judge_sync(Path(path))
    assert found.level is Level.WARNING


def test_a_marker_of_a_sync_program_is_seen(tmp_path: Path) -> None:
    assert not list(judge_sync(tmp_path))
    (tmp_path / ".stfolder").mkdir()
    (tmp_path / "deep").mkdir()
    (found,) = judge_sync(tmp_path / "deep")
    assert ".stfolder" in found.what


@pytest.mark.parametrize(("free", "level"), [(TOO_LOW - 1, Level.FAULT), (LOW - 1, Level.WARNING), (LOW, Level.WELL)])
def test_room_on_the_disk(free: int, level: Level) -> None:
    assert [found.level for found in judge_room(Path("/x"), free)] == [level]


def test_a_missing_folder_comes_with_the_command_to_make_it(tmp_path: Path) -> None:
    (found,) = look_at_place(tmp_path / "none" / "monitor.db")
    assert found.level is Level.FAULT
    assert f"mkdir -p {tmp_path / 'none'}" in found.remedy
    assert all(each.level is not Level.FAULT for each in look_at_place(tmp_path / "monitor.db"))


def test_faults_come_first_and_the_verdict_last() -> None:
    found = [well("disk", "ok"), warning("store", "odd", "look"), fault("mail", "no", "do this")]
    lines = render_findings(found, Screen(width=80, encoding="ascii")).splitlines()
    assert lines[0].startswith("!  mail")
    assert lines[1].strip() == "do this"
    assert lines[-1] == "1 fault, 1 warning."
    assert render_findings([well("disk", "ok")], Screen(width=80)).endswith("Everything looked at is well.")


RULES = (
    Rule(name="a", tags=frozenset({"lungs", "car-t"}), watches=frozenset({"cd7", "NCT00000001", "CD9"}), to=("x",)),
    Rule(name="b", only=(parse_condition("sites in Spian, Korea, Republic of, Chile, spain"),), to=("x",)),
)


def test_names_that_no_watch_bears_are_warned_of() -> None:
    found = list(judge_names(RULES, [watch(tags=frozenset({"lung", "car-t"}))]))
    assert [(each.level, each.what) for each in found] == [
        (Level.WARNING, 'Rule "a": No watch has the tag lungs.'),
        (Level.WARNING, 'Rule "a": There is no watch CD9.'),
    ]
    assert found[0].remedy.startswith('Did you mean "lung"?')
    assert found[1].remedy.startswith('Did you mean "CD7"?')
    assert not list(judge_names(RULES, ())), "with no watch at all there is another warning"
    page = watch(label="CD9", tags=frozenset({"lungs", "car-t"}), number="NCT00000002")
    assert not list(judge_names(RULES, [page], ["cd7", "nct00000001"])), "numbers of records count too"


def test_a_country_that_seems_misspelt_is_warned_of_and_one_without_sites_is_not() -> None:
    (found,) = judge_countries(RULES, ["Spain", "South Korea", "United States"])
    assert found.what == 'Rule "b": No site of a watched trial is in Spian.'
    assert found.remedy.startswith('Did you mean "Spain"?')
    assert not list(judge_countries(RULES, []))


def test_the_rules_are_laid_beside_what_is_stored(tmp_path: Path) -> None:
    fill_store(tmp_path)
    store = open_store(f"sqlite:///{tmp_path}/monitor.db", migrate=False, say=lambda _line: None)
    rules = [
        Rule(name="r", only=(parse_condition("sites in United Sates"),), watches=frozenset({NCT.lower()}), to=("x",))
    ]
    with store.read() as tx:
        rows = {row.id: row for row in records.all_rows(tx)}
        (found,) = look_at_rules(tx, rules, watches.all_watches(tx, (WatchState.ACTIVE,)), rows)
    store.close()
    assert found.remedy.startswith('Did you mean "United States"?')
