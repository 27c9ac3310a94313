"""Listeners on loopback in a thread with a loop of its own, which leave no connection behind."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread
from typing import Self, TypeAlias

LOOPBACK = "127.0.0.1"
_LOOKS = 3  # turns of the loop: to hear of a connection, to accept it, to begin to serve it
Talk: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class Listening:
    """A port, and what is done with each connection to it; port 0 is any free one, told by `port` afterwards.

    `talk` serves streams, over TLS with `tls`; a `protocol` of a library takes its place.
    """

    talk: Talk | None = None
    protocol: Callable[[], asyncio.Protocol] | None = None
    port: int = 0
    tls: ssl.SSLContext | None = None
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> None:
        if self.protocol is not None:
            self._server = await asyncio.get_running_loop().create_server(self.protocol, LOOPBACK, self.port)
        else:
            self._server = await asyncio.start_server(self._accept, LOOPBACK, self.port, ssl=self.tls)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        tasks = self._tasks | (asyncio.all_tasks() - {asyncio.current_task()} if self.protocol else set())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def rest(self) -> None:
        """Come back when nobody is connected: what those who have gone had sent is read by then."""
        quiet = 0
        while quiet < _LOOKS:
            await asyncio.sleep(0.001 if self._busy() else 0)
            quiet = 0 if self._busy() else quiet + 1

    def _busy(self) -> bool:
        return bool(self._tasks or (self.protocol and len(asyncio.all_tasks()) > 1))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or self.talk is None:
            raise RuntimeError("a connection is served by a task that talks")
        self._tasks.add(task)
        try:
            await self.talk(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


class Threaded:
    """Between `with` and its end the listeners are served. `stop` and `start` again keep the ports: an outage."""

    def __init__(self, *listeners: Listening) -> None:
        self._listeners = listeners
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self.close()

    @property
    def ports(self) -> tuple[int, ...]:
        return tuple(listener.port for listener in self._listeners)

    def start(self) -> None:
        """Listen; again on the same ports after a `stop`."""
        for listener in self._listeners:
            asyncio.run_coroutine_threadsafe(listener.start(), self._loop).result()

    def stop(self) -> None:
        """Refuse connections and cut those that are open."""
        for listener in self._listeners:
            asyncio.run_coroutine_threadsafe(listener.stop(), self._loop).result()

    def rest(self) -> None:
        """Wait until nobody is connected and all that was sent is read."""
        for listener in self._listeners:
            asyncio.run_coroutine_threadsafe(listener.rest(), self._loop).result()

    def close(self) -> None:
        """What is to be closed when the thread has ended."""
