"""A reader who wants to hear nothing more: out of the outbox, out of every text, out of the bytes of the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import DestinationDown, RecipientRefused, SendFailed
from monitor.model.alert import AlertState, Recipient
from monitor.pipeline.readers import forget_reader, pattern_of_address
from monitor.store import alerts, forgotten
from monitor.store.readers import NOBODY
from tests.pipeline.outbox_world import changed
from tests.pipeline.world import OPERATOR, READER, World
from tests.privacy.canaries import scan_folder, scan_rows

JANE = Recipient(destination="team", address="Jane.Reader@clinic.example")
WORDS = ("jane.reader", "Jane.Reader")


@pytest.fixture
def lived(world: World, study: Any) -> World:
    """She was told some, refused some, waits for some, and the operator was told of her."""
    world.team = (READER, JANE)
    changed(world, study, 3)
    world.box.faults["team"] = [
        RecipientRefused(f"{JANE.address} was refused: 550 <jane.reader%40clinic.example>."),
        None,
        None,
        DestinationDown(f'The configuration no longer has "{JANE.address}".'),
        SendFailed(f"{JANE.address} was put off.", retry_after=7200.0),
        *[SendFailed(f"{JANE.address} was put off.")] * 20,
    ]
    world.deliver()
    world.later(hours=7)
    world.check()
    return world


def states(world: World) -> dict[str, set[AlertState]]:
    with world.store.read() as tx:
        found: dict[str, set[AlertState]] = {}
        for alert in alerts.list_alerts(tx):
            found.setdefault(alert.recipient.address, set()).add(alert.state)
        return found


def leave(world: World) -> None:
    """She is out of the configuration."""
    world.team = (READER,)


def test_no_byte_of_a_forgotten_reader_is_left(lived: World, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    named = scan_rows(folder / "monitor.db", WORDS)
    assert {"alerts.recipient", "expected_alerts.recipient", "attempts.message", "alerts.last_error"} <= named.keys()
    assert "conditions.facts" in named
    before = states(lived)
    assert before[JANE.address] & {AlertState.PENDING, AlertState.RETRY}
    leave(lived)
    done = forget_reader(lived.store, JANE.address.upper())
    assert done.dropped > 0
    assert done.rows["alerts"] >= done.dropped
    assert scan_rows(folder / "monitor.db", WORDS) == {}
    assert scan_folder(folder, WORDS) == {}
    after = states(lived)
    assert after[READER.address] == before[READER.address], "nobody else is forgotten"
    assert not after[NOBODY] & {AlertState.PENDING, AlertState.RETRY, AlertState.CLAIMED, AlertState.HELD}
    assert lived.verify().disagreements == ()
    assert not forget_reader(lived.store, JANE.address).something, "twice is once"
    lived.box.faults.clear()
    lived.box.messages.clear()
    lived.later(hours=30)
    lived.deliver()
    assert {recipient for recipient, _ in lived.box.messages} == {READER, OPERATOR}


def test_a_configuration_that_still_names_them_is_no_disagreement(lived: World) -> None:
    forget_reader(lived.store, JANE.address)
    assert lived.verify().disagreements == ()


def test_a_rehearsal_changes_nothing(lived: World, tmp_path: Path) -> None:
    path = tmp_path / "store" / "monitor.db"
    named = scan_rows(path, WORDS)
    told = forget_reader(lived.store, JANE.address, dry_run=True)
    assert scan_rows(path, WORDS) == named
    assert told == forget_reader(lived.store, JANE.address)


def test_what_stands_in_the_free_parts_of_the_file_goes_too(world: World, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "store" / "monitor.db", isolation_level=None)) as raw:
        for statement in (
            "PRAGMA secure_delete = OFF",
            "CREATE TABLE gone (said TEXT)",
            (
                "INSERT INTO gone WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
                "SELECT 'Jane.Reader@clinic.example' || hex(randomblob(500)) FROM n"
            ),
            "DROP TABLE gone",
        ):
            raw.execute(statement)
    assert scan_folder(tmp_path / "store", WORDS)
    assert not forget_reader(world.store, JANE.address).something
    assert scan_folder(tmp_path / "store", WORDS) == {}
    with world.store.read() as tx:
        assert not forgotten.is_unswept(tx)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("to jane@x.org.", f"to {NOBODY}."),
        ("JANE@X.ORG", NOBODY),
        ("to=jane%40x.org&", f"to={NOBODY}&"),
        ("<jane@x.org>", f"<{NOBODY}>"),
        ("orphan:team:jane@x.org", f"orphan:team:{NOBODY}"),
        ("mary-jane@x.org jane@x.org.uk jane@x.orgs", "mary-jane@x.org jane@x.org.uk jane@x.orgs"),
    ],
)
def test_an_address_is_found_as_a_whole(text: str, left: str) -> None:
    assert pattern_of_address("jane@x.org").sub(NOBODY, text) == left
