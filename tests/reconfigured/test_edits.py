"""A configuration that is edited while the daemon works."""

from __future__ import annotations

from pathlib import Path

from tests.reconfigured.edits import World, judged


def test_whatever_is_done_to_the_configuration_nothing_is_lost_and_the_operator_hears(tmp_path: Path) -> None:
    world = World(2, tmp_path, days=3, edits=2)
    evidence = world.run()
    assert judged(world, evidence) == []
    assert world.counts["unusable"]
    assert world.counts["rows whose destination was taken out"]
