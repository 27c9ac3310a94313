"""Processes that work on a store, to meet them or to kill them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHILD = """
import sys
from datetime import datetime, timedelta
from monitor.store import {modules}
from monitor.store.engine import open_store
from tests.store.store_values import *
url = sys.argv[1]
"""


def start(body: str, *arguments: str) -> subprocess.Popen[str]:
    """Whatever of ours can be inherited is inherited."""
    modules = "alerts, batches, changes, claims, lock, records, versions"
    return subprocess.Popen(
        [sys.executable, "-c", CHILD.format(modules=modules) + body, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        close_fds=False,
        cwd=Path(__file__).parents[2],
    )


def line_of(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()
