"""The log: one event a line, escaped, redacted."""

from __future__ import annotations

import base64
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli import logs


@pytest.fixture(autouse=True)
def quiet_after() -> Iterator[None]:
    """The log of the test run itself stays as it was."""
    root, ours = logging.getLogger(), logging.getLogger("monitor")
    handlers, level, our_level = root.handlers[:], root.level, ours.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    ours.setLevel(our_level)
    logging.captureWarnings(capture=False)


def written(
    monkeypatch: pytest.MonkeyPatch,
    chosen: Literal["plain", "json"],
    *events: tuple[str, int, str],
    verbose: bool = False,
) -> list[str]:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.set_up(chosen, verbose=verbose)
    for name, level, text in events:
        logging.getLogger(name).log(level, text)
    return stream.getvalue().splitlines()


def test_libraries_are_held_at_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = written(
        monkeypatch, "plain", ("httpx", logging.INFO, "GET url"), ("httpx", logging.WARNING, "slow"),
        ("monitor.pipeline", logging.INFO, "pass begins"), ("monitor.pipeline", logging.DEBUG, "detail"),
    )  # fmt: skip
    assert [line.split(" ", 1)[1] for line in lines] == ["warning slow", "info pass begins"]


@pytest.mark.parametrize("chosen", ["plain", "json"])
def test_a_forged_line_stays_on_one_line(monkeypatch: pytest.MonkeyPatch, chosen: Literal["plain", "json"]) -> None:
    forged = "a title\r\n2026-01-01 error forged\x1b[31m \u202e \x85 \u2028 end"
    lines = written(monkeypatch, chosen, ("monitor", logging.WARNING, forged))
    assert len(lines) == 1
    assert lines[0].isprintable()


def test_json_lines_are_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = written(monkeypatch, "json", ("monitor.x", logging.WARNING, "könnte"))
    document = json.loads(line)
    assert document["event"] == "könnte"
    assert document["level"] == "warning"
    assert document["timestamp"].endswith("Z")


@given(
    secret=st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=8, max_size=40),
    before=st.text(max_size=5),
)
def test_a_secret_is_found_in_every_spelling(secret: str, before: str) -> None:
    logs.hide([secret])
    raw = secret.encode()
    for text in (
        f"{before}{secret}",
        f"https://host/{quote(secret, safe='')}/x",
        base64.b64encode(before.encode() + raw).decode(),
        f"Basic {base64.b64encode(b'user:' + raw).decode()}",
    ):
        shown = logs.redact(text)
        assert logs.REDACTED in shown
        assert secret not in shown


STRUCTLOG = """
import structlog
log = structlog.get_logger("monitor.daemon")
from monitor.cli import logs
logs.hide(["hunter22secret"])
logs.set_up({chosen!r}, verbose={verbose})
log.info("pass begins", watches=3, note="hunter22secret\\nforged")
log.debug("detail")
"""


@pytest.mark.parametrize(("chosen", "verbose", "lines"), [("plain", False, 1), ("json", False, 1), ("json", True, 2)])
def test_events_of_structlog_never_reach_stdout(chosen: str, verbose: bool, lines: int) -> None:  # noqa: FBT001 (a parameter of the table above)
    script = STRUCTLOG.format(chosen=chosen, verbose=verbose)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    told = done.stderr.splitlines()
    assert len(told) == lines
    assert "pass begins" in told[0]
    assert "hunter22secret" not in done.stderr
    if chosen == "json":
        assert json.loads(told[0])["watches"] == 3
