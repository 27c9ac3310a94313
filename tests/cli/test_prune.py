"""The verb `prune`, and what the other verbs say of what went."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from monitor.model.people import Contact
from monitor.store import lock
from tests.cli.seeded import NCT, fill_store, read, write_config
from tests.privacy.canaries import hits, scan_rows

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def seeded(call: Run, tmp_path: Path) -> Run:
    config = write_config(tmp_path)
    fill_store(tmp_path)
    return lambda *arguments: call(*arguments, "--config", str(config))


@pytest.fixture
def contact() -> Contact:
    """The one person whom the first version names and the second no longer does."""
    return read(0).contacts.central[0]


def words(contact: Contact) -> tuple[str, ...]:
    """Her phone and address are those of the hospital's office, by which others are reached too."""
    return (contact.name or "",)


def test_a_person_is_pruned_and_every_verb_goes_on(seeded: Run, contact: Contact, tmp_path: Path) -> None:
    name = contact.name or ""
    assert name in seeded("show", NCT, "--version", "1").stdout
    done = seeded("prune", "--person", name)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Pruned: " in done.stdout
    assert "Copies made earlier" in done.stdout
    assert f"others are reached by it too: {contact.phone}, {contact.email}" in " ".join(done.stdout.split())
    assert scan_rows(tmp_path / "monitor.db", words(contact)) == {}
    told = [
        seeded("show", NCT, "--version", "1", "--all"),
        seeded("diff", NCT, "--all"),
        seeded("history"),
        seeded("history", "--csv"),
        seeded("history", "--json"),
        seeded("alerts", "list"),
        seeded("verify"),
    ]
    assert [each.returncode for each in told] == [0] * len(told)
    assert not hits("".join(each.stdout for each in told).encode(), words(contact))
    show, diff, history, *_, verify = (" ".join(each.stdout.split()) for each in told)
    assert "Persons in it were pruned on" in show
    assert "Persons in it were pruned on" in diff
    assert "[pruned on" in history
    assert "pruned in part, the last on" in verify
    assert json.loads(seeded("show", NCT, "--version", "1", "--json").stdout)["pruned"]["persons"]


def test_a_backup_made_afterwards_holds_nothing_of_the_person(seeded: Run, contact: Contact, tmp_path: Path) -> None:
    seeded("prune", "--person", contact.name or "")
    assert seeded("backup", str(tmp_path / "kept.zip")).returncode == 0
    (tmp_path / "monitor.db").unlink()
    with ZipFile(tmp_path / "kept.zip") as archive:
        archive.extract("store.db", tmp_path / "out")
    assert scan_rows(tmp_path / "out" / "store.db", words(contact)) == {}
    assert seeded("restore", str(tmp_path / "kept.zip")).returncode == 0
    assert seeded("verify").returncode == 0
    again = json.loads(seeded("prune", "--dry-run", "--json", "--person", contact.name or "").stdout)
    assert again["changes"] == 0
    assert again["bodies_reduced"] == 0


def test_a_rehearsal_says_what_would_go(seeded: Run, contact: Contact, tmp_path: Path) -> None:
    before = (tmp_path / "monitor.db").read_bytes()
    done = json.loads(seeded("prune", "--dry-run", "--json", "--person", contact.email or "").stdout)
    assert done["dry_run"]
    assert done["person"]["entries"]
    assert contact.name in done["person"]["forgotten"]
    assert (tmp_path / "monitor.db").read_bytes() == before


def test_it_takes_the_lock(seeded: Run, tmp_path: Path) -> None:
    with lock.hold(f"sqlite:///{tmp_path / 'monitor.db'}"):
        done = seeded("prune")
    assert (done.returncode, done.stdout) == (75, "")


def test_a_version_whose_document_is_gone_is_shown_from_its_sections(seeded: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    whole = json.loads(seeded("show", NCT, "--version", "1", "--json").stdout)
    config.write_text(config.read_text() + '[retention]\nkeep_bodies = "1d"\n')
    assert "0 bodies in part and 1 whole" in " ".join(seeded("prune").stdout.split())
    shown = json.loads(seeded("show", NCT, "--version", "1", "--json").stdout)
    assert shown["sections"] == whole["sections"]
    assert shown["pruned"].keys() == {"body"}
    assert "this is what was read from it then" in " ".join(seeded("show", NCT, "--version", "1").stdout.split())
    assert seeded("diff", NCT).returncode == 0
    assert seeded("verify").returncode == 0


def test_one_word_is_wrong_usage(seeded: Run) -> None:
    done = seeded("prune", "--person", "Smith")
    assert (done.returncode, done.stdout) == (2, "")
    assert "full name" in done.stderr
