"""One run at a time on a store: a lock of the kernel, which ends with the process however that ends."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from monitor.errors import LockHeld, StoreError, StoreReadOnly
from monitor.store import postgres
from monitor.store.address import read_address
from monitor.store.faults import translate

HELD = "Another run of trial-monitor works on this store; nothing was done."


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock; `id` is written on claims and never given twice."""

    id: str


def new_holder() -> Holder:
    return Holder(f"{os.getpid()}-{secrets.token_hex(8)}")


@contextmanager
def hold(url: str) -> Iterator[Holder]:
    """Hold the run's lock of the store at `url` for the block. Raises LockHeld at once if another run has it."""
    address = read_address(url)
    with _hold_file(address.path) if address.path is not None else _hold_advisory(address.url):
        yield new_holder()


@contextmanager
def _hold_file(store: Path) -> Iterator[None]:
    path = store.with_name(f"{store.name}.lock")
    descriptor = _lock(path)
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(path: Path) -> int:
    """A locked descriptor of the file that bears the name now, even if somebody deleted the last one meanwhile."""
    while True:
        descriptor = _open(path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(descriptor, path):
                return descriptor
        except BlockingIOError as error:
            os.close(descriptor)
            raise LockHeld(HELD) from error
        os.close(descriptor)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except FileNotFoundError as error:
        raise StoreError(f"The folder of the store does not exist: {path.parent}") from error
    except OSError as error:
        raise StoreReadOnly(f"The lock beside the store cannot be made ({path}): {error.strerror}.") from error


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat(follow_symlinks=False))
    except FileNotFoundError:
        return False


@contextmanager
def _hold_advisory(url: URL) -> Iterator[None]:
    engine = postgres.open_engine(url, pooled=False)
    try:
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    except SQLAlchemyError as error:
        raise translate(error) from error
    with connection:
        if not postgres.try_run_lock(connection):
            raise LockHeld(HELD)
        yield
