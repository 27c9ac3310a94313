"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest_plugins = ["tests.postgres"]  # tests/postgres.py: a server for the session, and the URLs of new stores


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of large recorded corpora; the test is skipped, visibly, where it is not at hand."""
    named = os.environ.get("TRIAL_MONITOR_CORPORA")
    if not named or not Path(named).is_dir():
        pytest.skip("TRIAL_MONITOR_CORPORA names no folder of recorded corpora")
    return Path(named)
