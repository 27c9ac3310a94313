"""The ping after each complete pass: asked once, and never an error."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.app import check_once, open_app
from monitor.demo.loopback import Asked, LoopbackServer, Reply
from monitor.demo.registry import RecordedRegistry
from monitor.store import restored
from monitor.store.engine import open_store

CONFIG = """
[store]
url = "sqlite:///monitor.db"
[sources.ctgov]
base_url = "{registry}"
requests_per_second = 0
allow_private_addresses = true
[destinations.team]
url = "json://127.0.0.1:9/hook"
allow_private_addresses = true
[operator]
ping_url = "{ping}"
[[watches]]
ref = "NCT07011550"
"""


class Switch:
    """Takes pings, and answers as it is told."""

    def __init__(self) -> None:
        self.pings: list[str] = []
        self.status = 200
        self.server = LoopbackServer(self._answer, port=0)

    def _answer(self, asked: Asked) -> Reply:
        self.pings.append(asked.target)
        return Reply(status=self.status, headers={}, body=b"")


@pytest.fixture
def switch() -> Iterator[Switch]:
    switch = Switch()
    with switch.server:
        yield switch


def run(folder: Path, ping: str, *, names: Sequence[str] = (), rehearse: bool = False, due: bool = False) -> None:
    config = folder / "monitor.toml"
    with RecordedRegistry() as registry:
        config.write_text(CONFIG.format(registry=registry.ctgov_url, ping=ping))
        config.chmod(0o600)
        with open_app(config, {}, writing=True) as app:
            app.sync_watches()
            asyncio.run(check_once(app, names=names, rehearse=rehearse, due_only=due))


def test_each_complete_pass_is_told_once(tmp_path: Path, switch: Switch) -> None:
    run(tmp_path, f"{switch.server.url}/ping/secret-word?src=monitor")
    assert switch.pings == ["/ping/secret-word?src=monitor"]
    run(tmp_path, f"{switch.server.url}/ping/secret-word", due=True)
    assert len(switch.pings) == 2


def test_a_look_at_named_trials_and_a_rehearsal_are_no_sign_of_life(tmp_path: Path, switch: Switch) -> None:
    run(tmp_path, f"{switch.server.url}/ping", names=["NCT07011550"])
    run(tmp_path, f"{switch.server.url}/ping", rehearse=True)
    assert not switch.pings


def test_a_restored_store_that_may_send_nothing_gives_no_sign_of_life(tmp_path: Path, switch: Switch) -> None:
    run(tmp_path, f"{switch.server.url}/ping")
    store = open_store(f"sqlite:///{tmp_path}/monitor.db", migrate=False, say=lambda _: None)
    with store.write() as tx:
        restored.hold(tx, datetime.now(UTC))
    store.close()
    run(tmp_path, f"{switch.server.url}/ping")
    assert len(switch.pings) == 1


@pytest.mark.parametrize("status", [404, 429, 500])
def test_a_ping_that_is_refused_is_a_warning(
    tmp_path: Path, switch: Switch, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    switch.status = status
    with caplog.at_level(logging.WARNING):
        run(tmp_path, f"{switch.server.url}/ping/secret-word")
    assert "ping address" in caplog.text
    assert "secret-word" not in caplog.text


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/secret-word", "https://user:secret-word@127.0.0.1/x"])
def test_a_ping_that_cannot_be_asked_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture, url: str) -> None:
    with caplog.at_level(logging.WARNING):
        run(tmp_path, url)
    assert "ping address" in caplog.text
    assert "secret-word" not in caplog.text
