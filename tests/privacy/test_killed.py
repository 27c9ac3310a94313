"""A prune that is killed at any statement is made up for by the next one."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from monitor.store import records, verify
from monitor.store.engine import open_store
from tests.pipeline.world import World
from tests.privacy.canaries import scan_folder, scan_rows
from tests.privacy.test_forgetting import lived

ROOT = Path(__file__).parents[2]
POINTS = 16  # moments of the kills, spread evenly over all statements


def test_a_prune_killed_at_any_statement_is_made_up_for(world: World, study: Any, tmp_path: Path) -> None:
    lived(world, study)
    world.store.close()
    seeded = tmp_path / "store" / "monitor.db"
    folder = tmp_path / "killed"
    command = [sys.executable, "-m", "tests.privacy.kills", world.now.isoformat()]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as forker:

        def run(number: int | None) -> list[int]:
            assert forker.stdin
            assert forker.stdout
            forker.stdin.write(json.dumps([str(folder / "monitor.db"), number]) + "\n")
            forker.stdin.flush()
            ended: list[int] = json.loads(forker.stdout.readline())
            return ended

        fresh(seeded, folder)
        code, statements = run(None)
        assert code == 0
        for point in range(POINTS):
            fresh(seeded, folder)
            number = 1 + point * (statements - 1) // (POINTS - 1)
            assert run(number)[0] == -signal.SIGKILL, number
            assert faults(folder) == [], f"right after the kill at {number}"
            assert run(None)[0] == 0, number
            assert faults(folder) == [], f"pruned again after the kill at {number}"
            assert scan_rows(folder / "monitor.db") == {}, number
            assert scan_folder(folder) == {}, number
        forker.stdin.close() if forker.stdin else None


def fresh(seeded: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(seeded, folder / "monitor.db")


def faults(folder: Path) -> list[str]:
    """What is wrong with the chains, and with the database as such."""
    store = open_store(f"sqlite:///{folder / 'monitor.db'}", migrate=True, say=print)
    try:
        store.check_whole()
        with store.read() as tx:
            return [fault for row in records.all_rows(tx) for fault in verify.verify_chain(tx, row.id)]
    finally:
        store.close()
