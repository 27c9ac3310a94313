"""A run that lost its lock without knowing it (PostgreSQL, a broken connection), and the next one that took over."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from monitor.demo.recorded import versions
from monitor.demo.registry import RecordedRegistry
from monitor.model.alert import AlertState
from monitor.store import alerts
from monitor.store.engine import open_store
from tests.pipeline.hook import Hook

CONFIG = """
[store]
url = "{store}"
[sources.ctgov]
base_url = "{registry}"
requests_per_second = 0
allow_private_addresses = true
[destinations.team]
url = "json://127.0.0.1:{port}/hook"
allow_private_addresses = true
[[watches]]
ref = "NCT07011550"
"""
BREAK = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook(holding=1)
    with hook.server:
        yield hook
        hook.go_on.set()


def start(config: Path, verb: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "monitor", verb, "--config", str(config)]
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=quiet)


def test_who_lost_the_lock_while_sending_cannot_move_what_was_taken_over(
    tmp_path: Path, postgres_url: str, hook: Hook
) -> None:
    config = tmp_path / "monitor.toml"
    study: Any = next(versions("NCT07011550"))[1]
    with RecordedRegistry() as registry:
        registry.add_study(study)
        config.write_text(CONFIG.format(store=postgres_url, registry=registry.ctgov_url, port=hook.server.port))
        config.chmod(0o600)
        with start(config, "check") as loser:
            assert hook.came.wait(60)
            engine = create_engine(postgres_url)
            with engine.connect() as connection:
                assert connection.execute(text(BREAK)).all(), "it held the lock"
            engine.dispose()
            with start(config, "deliver") as winner:
                assert winner.communicate(timeout=60)[1] == ""
            assert winner.returncode == 0
            hook.go_on.set()
            _, said = loser.communicate(timeout=60)
    assert "a claim was lost" in said
    assert "Traceback" not in said
    assert "fault of the program" not in said
    assert [("may be a repeat" in message) for message in hook.taken] == [False, True]
    store = open_store(postgres_url, migrate=False, say=print)
    with store.read() as tx:
        (alert,) = alerts.list_alerts(tx)
    store.close()
    assert (alert.state, alert.attempts) == (AlertState.SENT, 2)
