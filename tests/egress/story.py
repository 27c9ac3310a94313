"""A story between a server and a fetcher of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from monitor.egress.client import Egress
from monitor.egress.fetched import Fetched, Fetcher
from monitor.errors import FetchError, FetchFailed
from tests.egress.loopback import Clock, Reply, Server, egress, policy, serving

ANY = "*/*"


def play(story: Callable[[Server, Egress, Clock], Awaitable[None]], *replies: Reply) -> None:
    """Let a story happen between a server with these replies and a fetcher of it."""

    async def go() -> None:
        clock = Clock()
        async with serving(*replies) as server, egress(policy(server.url), clock=clock) as fetcher:
            await story(server, fetcher, clock)

    asyncio.run(go())


async def outcome(fetcher: Fetcher, url: str) -> str:
    """The status of an answer, or the name of the error."""
    try:
        fetched: Fetched = await fetcher.get(url, accept=ANY)
    except FetchFailed:
        return "FetchFailed"
    except FetchError as exc:
        return type(exc).__name__
    return str(fetched.status)
