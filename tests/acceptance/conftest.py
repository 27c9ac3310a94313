"""The world of the acceptance tests: the program's own command line against servers on loopback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from monitor.cli.group import main
from monitor.demo.mailbox import Mailbox
from monitor.demo.registry import RecordedRegistry
from monitor.demo.webhooks import WebhookSink
from tests.acceptance.world import Call, World


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """`trial-monitor ARGUMENTS` within the process of the tests, in an empty folder and home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("TRIAL_MONITOR_CONFIG", raising=False)
    root, ours = logging.getLogger(), logging.getLogger("monitor")
    before = root.handlers[:], root.level, ours.level

    def start(*arguments: str) -> CompletedProcess[str]:
        capsys.readouterr()
        code = main(arguments)
        out, err = capsys.readouterr()
        return CompletedProcess(arguments, code, out, err)

    yield start
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])
    logging.captureWarnings(capture=False)


@pytest.fixture
def world(tmp_path: Path, call: Call) -> Iterator[World]:
    with RecordedRegistry() as registry, Mailbox() as mailbox, WebhookSink() as web:
        yield World(tmp_path, call, registry, mailbox, web)
