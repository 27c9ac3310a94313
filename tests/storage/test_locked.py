"""Another process holds the store: what is not stored now is stored later, and nothing is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from monitor.cli.group import main
from monitor.store import sqlite
from tests.storage.hook import Place, opened_place


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)  # the wait, not the behaviour
    with opened_place(tmp_path) as place:
        yield place


@pytest.fixture
def other(place: Place) -> Iterator[sqlite3.Connection]:
    """Another program on the store."""
    assert main(["check", "--config", str(place.config)]) == 0
    place.serve(2)
    path = place.folder / "monitor.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as connection:
        yield connection


def test_a_store_that_is_held_is_a_code_and_one_line_and_nothing_is_lost(
    place: Place, other: sqlite3.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    pings = place.hook.pings
    other.execute("BEGIN IMMEDIATE")
    assert main(["check", "--config", str(place.config)]) == 3
    out, err = capsys.readouterr()
    assert (out, err) == ("", "The store is locked by another process: database is locked.\n")
    assert (place.hook.pings, len(place.hook.messages)) == (pings, 1), "the welcome alone"
    other.execute("ROLLBACK")
    assert main(["check", "--config", str(place.config)]) == 0
    assert ["now" in message for message in place.hook.messages[1:]] == [True]


def test_a_message_that_could_not_be_marked_goes_out_again_and_says_so(place: Place, other: sqlite3.Connection) -> None:
    def hold() -> None:
        other.execute("BEGIN IMMEDIATE")

    place.hook.meanwhile = hold
    assert main(["check", "--config", str(place.config)]) == 3
    place.hook.meanwhile = lambda: None
    other.execute("ROLLBACK")
    assert main(["check", "--config", str(place.config)]) == 0
    _, first, again = place.hook.messages
    assert ("may be a repeat" in first, "may be a repeat" in again) == (False, True)
    assert place.hook.codes[1] == place.hook.codes[2]
