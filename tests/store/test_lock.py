"""One run at a time: the lock of the kernel, and of PostgreSQL."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from monitor.errors import LockHeld, StoreError, StoreReadOnly
from monitor.store import lock
from tests.store.children import line_of, start

HOLDER = """
with lock.hold(url):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_run_is_kept_out_at_once_and_let_in_afterwards(store_url: str) -> None:
    with lock.hold(store_url) as first, pytest.raises(LockHeld), lock.hold(store_url):
        pass
    with lock.hold(store_url) as second:
        assert first.id != second.id


def test_the_lock_ends_with_its_process_however_that_ends(store_url: str) -> None:
    child = start(HOLDER, store_url)
    assert line_of(child) == "held"
    with pytest.raises(LockHeld), lock.hold(store_url):
        pass
    child.kill()
    child.communicate()
    _until_let_in(store_url)


def _until_let_in(url: str) -> None:
    """PostgreSQL notices the end of a connection a moment later."""
    for _ in range(200):
        try:
            with lock.hold(url):
                return
        except LockHeld:
            threading.Event().wait(0.05)
    raise AssertionError("the lock of a dead process was never given up")


def test_a_lock_file_left_behind_keeps_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "m.db.lock").write_text("12345")
    with lock.hold(f"sqlite:///{tmp_path / 'm.db'}"):
        assert (tmp_path / "m.db.lock").stat().st_mode & 0o777 in (0o600, 0o644)


def test_the_lock_is_not_handed_on_to_programs_that_are_started(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'm.db'}"
    with lock.hold(url):
        child = start('print("started", flush=True); sys.stdin.readline()', url)
        assert line_of(child) == "started"
    with lock.hold(url):
        pass
    child.communicate("\n")


def test_two_stores_have_two_locks(tmp_path: Path) -> None:
    with lock.hold(f"sqlite:///{tmp_path / 'a.db'}"), lock.hold(f"sqlite:///{tmp_path / 'b.db'}"):
        pass


@pytest.mark.parametrize(("where", "error"), [("nowhere/m.db", StoreError), ("folder/m.db", StoreReadOnly)])
def test_a_place_without_room_for_the_lock_is_reported(tmp_path: Path, where: str, error: type[Exception]) -> None:
    (tmp_path / "folder" / "m.db.lock").mkdir(parents=True)
    with pytest.raises(error), lock.hold(f"sqlite:///{tmp_path / where}"):
        pass


def test_the_identity_of_a_holder_is_never_given_twice() -> None:
    assert len({lock.new_holder().id for _ in range(1000)}) == 1000
    assert lock.new_holder().id.startswith(str(os.getpid()))
