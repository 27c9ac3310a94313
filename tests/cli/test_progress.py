"""The bar of a long pass: on a terminal only, and not for a short one."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

SCRIPT = """
import time
from monitor.cli.progress import progress
with progress(quiet={quiet}) as said:
    said(1, 10)
    time.sleep({seconds})
    said(5, 10)
    time.sleep(0.2)
"""


def on_a_terminal(*, seconds: float, quiet: bool = False) -> bytes:
    """What stderr shows on a terminal."""
    ours, theirs = pty.openpty()
    script = SCRIPT.format(quiet=quiet, seconds=seconds)
    environ = {**os.environ, "TERM": "xterm"}
    subprocess.run([sys.executable, "-c", script], stderr=theirs, check=True, env=environ)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 4096):
            shown += chunk
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    return shown


def test_a_long_pass_shows_a_bar() -> None:
    assert b"Checking" in on_a_terminal(seconds=2.1)


def test_a_short_pass_or_a_quiet_one_shows_nothing() -> None:
    assert on_a_terminal(seconds=0) == b""
    assert on_a_terminal(seconds=2.1, quiet=True) == b""
