"""A server on loopback that says exactly the bytes a test gives it, and a fetcher pointed at it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from monitor.egress.client import Egress
from monitor.egress.connect import Resolver, system_resolver
from monitor.egress.policy import HostPolicy, Limits, Network, TransportName
from monitor.model.version import HostRest

Reply: TypeAlias = Callable[[asyncio.StreamWriter], Awaitable[None]]
Serve: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
QUICK = Limits(deadline=5.0, connect=1.0, read=2.0, tries=3, first_wait=0.01, jitter=0.0)


def says(data: bytes) -> Reply:
    """A reply of these bytes; the connection is closed afterwards."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return reply


def answer(body: bytes = b"{}", status: int = 200, length: int | None = None, **headers: str) -> Reply:
    """A plain answer; `length` states another Content-Length than the body has."""
    lines = [f"HTTP/1.1 {status} Some Reason", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return says("\r\n".join([*lines, "Connection: close", "", ""]).encode() + body)


async def hangs_up(writer: asyncio.StreamWriter) -> None:
    """No answer at all."""
    writer.close()


async def drips(writer: asyncio.StreamWriter) -> None:
    """An answer of which one byte comes every now and then; after some seconds it is whole."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n")
    for _ in range(200):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


@dataclass
class Server:
    """`heads` are the requests that came, `open_at_once` the most connections that were busy at the same time."""

    replies: Sequence[Reply]
    port: int = 0
    heads: list[str] = field(default_factory=list)
    open_at_once: int = 0
    _busy: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Reply to the n-th request with the n-th reply; the last one is repeated."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self._busy += 1
            self.open_at_once = max(self.open_at_once, self._busy)
            self.heads.append(head)
            await asyncio.sleep(0)
            await self.replies[min(len(self.heads), len(self.replies)) - 1](writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._busy -= 1


@asynccontextmanager
async def listening(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A listener on loopback that leaves no connection behind; its port."""
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            await serve(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

    listener = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
    async with listener:
        yield listener.sockets[0].getsockname()[1]
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


@asynccontextmanager
async def serving(*replies: Reply, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """A server with these replies."""
    server = Server(replies)
    async with listening(server.serve, tls) as port:
        server.port = port
        yield server


@dataclass
class Clock:
    """A clock that stands still until it is told otherwise."""

    now: datetime = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


def policy(base_url: str, source: str = "ctgov", transport: TransportName = "httpx", rate: float = 0) -> HostPolicy:
    return HostPolicy(
        source=source,
        base_url=base_url,
        requests_per_second=rate,
        allow_private_addresses=True,
        transport=transport,
    )


def egress(
    *policies: HostPolicy,
    network: Network | None = None,
    clock: Callable[[], datetime] | None = None,
    rests: Sequence[HostRest] = (),
    limits: Limits = QUICK,
    resolve: Resolver = system_resolver,
) -> Egress:
    return Egress(policies, network or Network(), clock=clock or Clock(), rests=rests, limits=limits, resolve=resolve)


def tls_server(authority: Path) -> ssl.SSLContext:
    """The server side of the certificate in this folder."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    return context
