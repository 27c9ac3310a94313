"""`alerts` for digests and for those whom the configuration no longer names."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.cli.doctoring.finding import Level
from monitor.cli.doctoring.store_check import judge_orphans
from monitor.model.alert import Alert, AlertKind, PlannedAlert, Recipient
from monitor.store import alerts, batches, claims
from monitor.store.engine import open_store
from tests.cli.seeded import SECOND, write_config
from tests.store.store_values import LEASE

Run = Callable[..., subprocess.CompletedProcess[str]]
TEAM = Recipient(destination="team", address="")


@pytest.fixture
def digest(tmp_path: Path) -> tuple[Alert, ...]:
    """A store in which 25 notices waited and were claimed together by a run that gave them back."""
    store = open_store(f"sqlite:///{tmp_path / 'monitor.db'}", migrate=True, say=lambda _line: None)
    with store.write() as tx:
        wanted = [PlannedAlert(kind=AlertKind.NOTICE, recipient=TEAM, facts={}, condition=f"{n}") for n in range(25)]
        alerts.plan(tx, wanted, SECOND)
        claims.postpone(tx, "team", SECOND + timedelta(seconds=1), error="refused")
        told = batches.claim_next(tx, "team", SECOND + timedelta(hours=1), LEASE, "me")
        claims.release_all(tx, SECOND)
    store.close()
    return told


def test_the_name_of_a_digest_stands_for_all_of_its_alerts(
    call: Run, tmp_path: Path, digest: tuple[Alert, ...]
) -> None:
    config = ("--config", str(write_config(tmp_path)))
    (name,) = {str(alert.digest) for alert in digest}
    shown = call("alerts", "show", name.lower(), *config).stdout
    assert all(f"Alert {alert.code}" in shown for alert in digest)
    assert f"told together with others in {name}" in shown
    assert "25 alerts will not be sent" in call("alerts", "drop", name, *config).stdout
    assert json.loads(call("alerts", "--json", *config).stdout) == []


def test_what_waits_for_nobody_is_counted_and_dropped_by_nobody(
    call: Run, tmp_path: Path, digest: tuple[Alert, ...]
) -> None:
    config = ("--config", str(write_config(tmp_path)))
    assert "The configuration no longer names team" in call("alerts", *config).stdout
    assert len(json.loads(call("alerts", "--json", *config).stdout)) == len(digest)
    looked = call("doctor", "--offline", *config)
    assert looked.returncode == 1
    assert "25 alerts waiting for team, whom the configuration no longer names" in " ".join(looked.stdout.split())


def test_an_outbox_without_orphans_says_nothing_of_them() -> None:
    assert list(judge_orphans({})) == []
    (found,) = judge_orphans({TEAM: 1})
    assert found.level is Level.FAULT
