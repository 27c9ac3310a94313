"""A run that is stopped in the middle of a send, for longer than anybody waits, and goes on."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.model.alert import Alert, AlertState
from monitor.store import alerts
from monitor.store.engine import open_store
from tests.storage.hook import Place, opened_place
from tests.store.store_making import silent, sqlite_url


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with opened_place(tmp_path) as place:
        yield place


def stop_in_a_send(place: Place) -> subprocess.Popen[str]:
    """A pass whose first message has arrived and is not answered; it does not run any more."""
    place.hook.hangs = True
    run = place.start("check")
    assert place.hook.came.wait(60)
    os.kill(run.pid, signal.SIGSTOP)
    place.hook.hangs = False
    return run


def go_on(place: Place, run: subprocess.Popen[str]) -> str:
    """Let it run, and the webhook answer; its log."""
    os.kill(run.pid, signal.SIGCONT)
    place.hook.go_on.set()
    with run:
        _, err = run.communicate(timeout=120)
    assert (run.returncode, "Traceback" in err) == (0, False), err
    return err


def the_alert(place: Place) -> tuple[Alert, list[str | None]]:
    """The one alert, and how each try of it ended."""
    store = open_store(sqlite_url(place.folder / "monitor.db"), migrate=False, say=silent)
    with store.read() as tx:
        (alert,) = alerts.list_alerts(tx)
        tries = [attempt.outcome for attempt in alerts.list_attempts(tx, alert.id)]
    store.close()
    return alert, tries


def test_while_a_run_is_stopped_nobody_sends_for_it_and_then_it_goes_on(place: Place) -> None:
    run = stop_in_a_send(place)
    code, out, _ = place.run("deliver")
    assert (code, out) == (75, "")
    go_on(place, run)
    alert, tries = the_alert(place)
    assert (alert.state, tries, len(place.hook.messages)) == (AlertState.SENT, ["sent"], 1)


def test_a_run_that_lost_its_claim_while_it_was_stopped_marks_nothing(place: Place) -> None:
    run = stop_in_a_send(place)
    (place.folder / "monitor.db.lock").unlink()  # the kernel's lock is on a file that has no name any more
    assert place.run("deliver")[0] == 0
    first, again = place.hook.messages
    assert "may be a repeat" not in first
    assert "may be a repeat" in again
    assert len(set(place.hook.codes)) == 1
    assert "a claim was lost" in go_on(place, run)
    alert, tries = the_alert(place)
    assert (alert.state, alert.attempts, tries) == (AlertState.SENT, 2, ["unknown", "sent"])
