"""A version and its alerts become durable together: whoever looks between two transactions sees both, or neither."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from tests.pipeline.world import World, edited

NCT = "NCT07011550"
UNTOLD = """SELECT record_id, number FROM versions WHERE number > 1 AND NOT EXISTS (
    SELECT 1 FROM alerts WHERE alerts.record_id = versions.record_id AND alerts.to_version = versions.number)"""


@contextmanager
def looking(store: Path) -> Iterator[list[list[tuple[int, int]]]]:
    """Within, another reader looks for versions without alerts whenever the monitor begins a transaction."""
    seen: list[list[tuple[int, int]]] = []

    def look(_connection: Connection) -> None:
        with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as reader:
            seen.append(reader.execute(UNTOLD).fetchall())

    event.listen(Engine, "begin", look)
    try:
        yield seen
    finally:
        event.remove(Engine, "begin", look)


def test_no_version_is_ever_seen_without_its_alerts(world: World, study: Any, tmp_path: Path) -> None:
    world.registry.add_study(study)
    world.registry.add_study(edited(study, statusModule__overallStatus="SUSPENDED"), day=2)
    world.watch(NCT)
    world.check()
    world.later(day=2, hours=24)
    with looking(tmp_path / "monitor.db") as seen:
        assert world.check().planned == 1
    assert len(seen) > 3
    assert not any(seen)
