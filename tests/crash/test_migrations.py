"""Killed migrations, and two at once: see `migrations`."""

from __future__ import annotations

from pathlib import Path

from tests.crash import migrations
from tests.crash.migrations import Upgrade


def test_a_migration_that_is_killed_anywhere_leaves_a_store_that_the_next_one_brings_up(tmp_path: Path) -> None:
    found: list[str] = []

    def some(upgrade: Upgrade) -> None:
        last = upgrade.moments()
        for part in (3, 5, 7):
            upgrade.row([last * part // 8])
        upgrade.row([last // 2, last // 4])
        upgrade.race(None)
        upgrade.race(last // 2)
        found.extend(upgrade.faults)
        upgrade.stores.content = {**upgrade.stores.content, "versions": []}
        upgrade.row([])

    outcome = migrations.play("0001", "sqlite", tmp_path, some)
    assert found == []
    assert outcome.counts == {"migrations killed": 5, "migrations raced": 2}
    names = [fault.partition(":")[0] for fault in outcome.faults]
    assert names == ["DATA_LOST", "COPY"], "a store that holds other versions than it held is found out"
