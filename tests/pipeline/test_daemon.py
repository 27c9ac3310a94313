"""The daemon as a process: it reads, tells, and stops in order, whatever hangs."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.daemon import set_right
from monitor.demo.registry import RecordedRegistry
from monitor.model.alert import AlertState
from monitor.store import alerts
from monitor.store.engine import open_store
from tests.pipeline.hook import ALL, Hook
from tests.pipeline.world import edited

NCT = "NCT07011550"
CONFIG = """
[store]
url = "sqlite:///monitor.db"
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


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    with hook.server:
        yield hook
        hook.go_on.set()


def run_and_stop(folder: Path, hook: Hook, study: Any, *, let_go: bool = False) -> tuple[int, str]:
    """Start the daemon, wait until its first message arrives, stop it (and let the hook go); exit code and log."""
    config = folder / "monitor.toml"
    with RecordedRegistry() as registry:
        registry.add_study(study)
        config.write_text(CONFIG.format(registry=registry.ctgov_url, port=hook.server.port))
        config.chmod(0o600)
        command = [sys.executable, "-m", "monitor", "run", "--config", str(config)]
        quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=quiet) as process:
            try:
                assert hook.came.wait(60)
                process.send_signal(signal.SIGTERM)
                if let_go:
                    sleep(1.0)  # the stop is under way by then
                    hook.go_on.set()
                _, log = process.communicate(timeout=40)
            finally:
                process.kill()
    return process.returncode, log


@pytest.fixture(scope="module", autouse=True)
def hung(tmp_path_factory: pytest.TempPathFactory, study: Any) -> Iterator[Future[tuple[int, str, AlertState]]]:
    """A daemon whose webhook hangs, told to stop: begun before the other tests, for it takes its time."""
    folder, hook = tmp_path_factory.mktemp("hung"), Hook()
    hook.holding = ALL

    def run() -> tuple[int, str, AlertState]:
        with hook.server:
            code, log = run_and_stop(folder, hook, study)
            state = state_of_first_alert(folder)
            hook.go_on.set()
        return code, log, state

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(run)
        hook.go_on.set()


def state_of_first_alert(folder: Path) -> AlertState:
    store = open_store(f"sqlite:///{folder}/monitor.db", migrate=False, say=lambda _: None)
    with store.read() as tx:
        (alert,) = alerts.list_alerts(tx)
    store.close()
    return alert.state


def test_a_stop_lets_a_message_that_is_under_way_arrive(tmp_path: Path, hook: Hook, study: Any) -> None:
    hook.holding = ALL
    code, log = run_and_stop(tmp_path, hook, study, let_go=True)
    assert (code, "stopped" in log, "Traceback" in log) == (0, True, False), log
    assert state_of_first_alert(tmp_path) is AlertState.SENT


def test_a_daemon_told_to_read_its_configuration_again_watches_what_was_added(
    tmp_path: Path, hook: Hook, study: Any
) -> None:
    config = tmp_path / "monitor.toml"
    with RecordedRegistry() as registry:
        for number in (NCT, "NCT07011551"):
            registry.add_study(edited(study, identificationModule__nctId=number))
        text = CONFIG.format(registry=registry.ctgov_url, port=hook.server.port)
        config.write_text(text)
        config.chmod(0o600)
        command = [sys.executable, "-m", "monitor", "run", "--config", str(config)]
        quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=quiet) as process:
            try:
                assert hook.came.wait(60)
                hook.came.clear()
                config.write_text(text + '[[watches]]\nref = "NCT07011551"\n')
                process.send_signal(signal.SIGHUP)
                assert hook.came.wait(60), "its welcome"
                process.send_signal(signal.SIGTERM)
                _, log = process.communicate(timeout=40)
            finally:
                process.kill()
    assert (process.returncode, "configuration read" in log, "Traceback" in log) == (0, True, False), log


def test_ticks_planned_by_a_clock_that_was_ahead_are_due_now() -> None:
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    async def plan() -> list[datetime]:
        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.start(paused=True)
        for name, ahead in (("soon", timedelta(seconds=60)), ("astray", timedelta(days=3650))):
            scheduler.add_job(print, "interval", seconds=60, id=name, next_run_time=now + ahead)
        set_right(scheduler, now)
        planned = [scheduler.get_job(name).next_run_time for name in ("soon", "astray")]
        scheduler.shutdown(wait=False)
        return planned

    assert asyncio.run(plan()) == [now + timedelta(seconds=60), now]


def test_a_stop_waits_for_no_server_that_hangs(hung: Future[tuple[int, str, AlertState]]) -> None:
    code, log, state = hung.result()
    assert (code, "stopped" in log, "Traceback" in log) == (0, True, False), log
    assert state is AlertState.CLAIMED, "the next run gives it back, as after a crash"
