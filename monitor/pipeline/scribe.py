"""The one writer thread: everything a pass or a delivery wants of the store goes through it, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

from monitor.errors import StoreLocked
from monitor.store.engine import Store
from monitor.store.transaction import Tx

T = TypeVar("T")

WAITS = (0.1, 0.4, 1.6)
"""Seconds before another try where the store was locked; the database itself waits some seconds each time."""


class _RehearsedError(Exception):
    """Ends the transaction of a rehearsal, so that nothing of it stays."""


class Scribe:
    """Runs work in transactions, one at a time. With `rehearse`, each transaction is rolled back at its end."""

    def __init__(self, store: Store, *, rehearse: bool = False) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self.rehearse = rehearse

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(wait=True)

    async def write(self, work: Callable[[Tx], T]) -> T:
        """The result of `work` in a write transaction of its own. Raises StoreError; then nothing of it is stored.

        Where another process holds the store, `work` is tried again a few times, so it must leave no trace elsewhere.
        """
        for wait in WAITS:
            with suppress(StoreLocked):
                return await self._run(self._rehearse if self.rehearse else self._write, work)
            await asyncio.sleep(wait)
        return await self._run(self._rehearse if self.rehearse else self._write, work)

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await self._run(self._read, work)

    async def _run(self, how: Callable[[Callable[[Tx], T]], T], work: Callable[[Tx], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, how, work)

    def _write(self, work: Callable[[Tx], T]) -> T:
        with self._store.write() as tx:
            return work(tx)

    def _read(self, work: Callable[[Tx], T]) -> T:
        with self._store.read() as tx:
            return work(tx)

    def _rehearse(self, work: Callable[[Tx], T]) -> T:
        with suppress(_RehearsedError), self._store.write() as tx:
            result = work(tx)
            _give_up()
        return result


def _give_up() -> None:
    raise _RehearsedError
