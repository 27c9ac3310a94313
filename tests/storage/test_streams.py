"""The disk below the log, or below what is printed, is full: nothing else changes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.store.store_making import migrate_from_nothing, sqlite_url


@pytest.fixture
def full() -> Iterator[IO[bytes]]:
    path = Path("/dev/full")
    if not path.exists():
        pytest.skip("/dev/full is a disk without space")
    with path.open("wb", buffering=0) as stream:
        yield stream


def call(*arguments: str, out: IO[bytes] | int, err: IO[bytes] | int) -> subprocess.CompletedProcess[bytes]:
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
    return subprocess.run([sys.executable, "-m", "monitor", *arguments], stdout=out, stderr=err, env=quiet, check=False)


def config_of(folder: Path) -> str:
    config = folder / "monitor.toml"
    config.write_text('[store]\nurl = "sqlite:///monitor.db"\n')
    return str(config)


def test_a_fault_keeps_its_exit_code_where_the_log_takes_nothing(tmp_path: Path, full: IO[bytes]) -> None:
    done = call("check", "--config", str(tmp_path / "none.toml"), out=subprocess.PIPE, err=full)
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_store_is_migrated_where_the_log_takes_nothing(tmp_path: Path, full: IO[bytes]) -> None:
    migrate_from_nothing(sqlite_url(tmp_path / "monitor.db"), "0001")
    done = call("check", "--json", "--config", config_of(tmp_path), out=subprocess.PIPE, err=full)
    assert (done.returncode, done.stdout[:1]) == (0, b"{")


def test_what_cannot_be_printed_is_told_in_one_line(tmp_path: Path, full: IO[bytes]) -> None:
    done = call("check", "--config", config_of(tmp_path), out=full, err=subprocess.PIPE)
    assert done.returncode == 1
    assert done.stderr == b"Standard output cannot be written: No space left on device. What was committed stays.\n"
