"""A prune that is killed at any statement is made up for by the next one."""

from __future__ import annotations

from pathlib import Path

from tests.privacy.kills import kill_each, seed_store

POINTS = 5  # of all statements, spread evenly; the sweep takes each


def test_a_prune_killed_at_any_statement_is_made_up_for(tmp_path: Path) -> None:
    (tmp_path / "seeded").mkdir()
    seeded, now = seed_store(tmp_path / "seeded")

    def spread(statements: int) -> range:
        step = statements // POINTS
        return range(step, statements + 1, step)

    outcome = kill_each(seeded, tmp_path / "killed", now, spread)
    assert outcome.faults == []
    assert outcome.counts["kills"] >= POINTS
