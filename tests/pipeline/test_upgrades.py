"""A store that an older release filled: what our own reading of a record changed since is no change of the trial."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from monitor.demo.recorded import CD7_PAGE
from monitor.model.message import ChangeMessage
from tests.pipeline.world import World, edited, outcomes

NCT = "NCT07011550"
PAGE = f"https://ctv.veeva.com/study/{CD7_PAGE}"


def as_of_an_older_release(world: World, folder: Path) -> None:
    """Every version as a release that read records in another way would have stored it."""
    world.sound = False  # what is edited by hand, the chain does not vouch for
    with closing(sqlite3.connect(folder / "monitor.db", isolation_level=None)) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE versions SET normaliser_version = 0, content_hash = 'read in another way'")


def test_a_page_read_in_another_way_now_is_no_change(world: World, cd7_text: str, tmp_path: Path) -> None:
    world.registry.add_page(CD7_PAGE, cd7_text)
    world.watch(PAGE, source="page")
    world.check()
    as_of_an_older_release(world, tmp_path)
    world.later(hours=25)
    assert outcomes(world.check()) == {"unchanged": 1}
    assert not world.history()


def test_what_changed_since_is_told_against_the_stored_bytes(world: World, study: Any, tmp_path: Path) -> None:
    world.registry.add_study(study)
    world.registry.add_study(edited(study, statusModule__overallStatus="COMPLETED"), day=2)
    world.watch(NCT)
    world.check()
    world.deliver()
    world.told()
    as_of_an_older_release(world, tmp_path)
    world.later(day=2, hours=25)
    assert outcomes(world.check()) == {"changed": 1}
    world.deliver()
    (message,) = world.told()
    assert isinstance(message.content, ChangeMessage)
    assert [(change.before, change.after) for change in message.content.changes] == [("RECRUITING", "COMPLETED")]
