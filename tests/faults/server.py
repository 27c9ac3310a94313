"""Plays a script's sources over real sockets: the registry's API and the study pages, true or spoilt.

In a thread (`with FaultServer(...)`) or as a process of its own:

    python -m tests.faults.server SCRIPT CLOCK LOG [REGISTRY_PORT PAGES_PORT]

which prints the two addresses as one JSON line, and serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

from monitor.demo.studies import API
from tests.faults.clock import SharedClock
from tests.faults.journal import Journal
from tests.faults.listening import Listening, Threaded
from tests.faults.play import Play
from tests.faults.script import Host, Script, read_script
from tests.faults.wire import Head, read_request, send

_HOSTS: Final[tuple[Host, ...]] = ("ctgov", "ctv")


@dataclass(slots=True)
class Sources:
    """Both hosts of one script. Every connection, request and answer goes to the log."""

    play: Play
    clock: SharedClock
    log: Journal
    busy: dict[Host, set[asyncio.StreamReader]] = field(default_factory=lambda: {host: set() for host in _HOSTS})
    _connections: count[int] = field(default_factory=lambda: count(1))
    _requests: count[int] = field(default_factory=lambda: count(1))

    async def talk(self, host: Host, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its first request to its end."""
        connection = next(self._connections)
        self.log.add(event="opened", connection=connection, host=host)
        try:
            while head := await read_request(reader):
                if not await self._serve(host, connection, head, (reader, writer)):
                    break
        finally:
            self.log.add(event="closed", connection=connection, host=host)

    async def _serve(
        self, host: Host, connection: int, head: Head, line: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    ) -> bool:
        n, turn, now = next(self._requests), self.clock.read(), self.clock()
        request = self.play.read(host, head.target)
        for _ in range(2):  # who gave up meanwhile is seen to have gone
            await asyncio.sleep(0)
        left = has_left(line[0])
        answer = self.play.answer(request, turn.day, now)
        self.log.add(
            event="asked",
            n=n,
            connection=connection,
            host=host,
            ask=request.ask,
            numbers=request.numbers,
            target=head.target,
            headers=head.headers,
            day=turn.day,
            now=now.timestamp(),
            busy=0 if left else sum(not has_left(other) for other in self.busy[host]),
            left=left,
            faults=answer.faults,
        )
        if left:
            return False
        self.busy[host].add(line[0])
        before = self.clock().timestamp()  # whoever has the answer may set the clock on at once
        again = whole = False
        with suppress(ConnectionError):
            try:
                again = await send(answer, *line, takes_gzip="gzip" in head.headers.get("accept-encoding", ""))
                whole = True
            finally:
                self.busy[host].discard(line[0])
        wait = answer.headers.get("Retry-After")
        seen = answer.seen if whole else dict.fromkeys(answer.seen)
        self.log.add(
            event="answered",
            n=n,
            host=host,
            ask=request.ask,
            now=before,
            status=answer.status,
            retry_after=wait,
            whole=whole,
            seen=seen,
        )
        return again and head.headers.get("connection", "").lower() != "close"


def has_left(reader: asyncio.StreamReader) -> bool:
    """True if the other side gave up, as it may while a busy machine lets it wait: what it asks then is no rush."""
    return reader.at_eof() or reader.exception() is not None


class FaultServer(Threaded):
    """The sources in a thread of this process. The log is a file of JSON lines."""

    def __init__(self, script: Script, clock: SharedClock, log: Path, *, ports: tuple[int, int] = (0, 0)) -> None:
        self._log = Journal(log)
        self.sources = Sources(Play(script), clock, self._log)
        super().__init__(
            Listening(talk=lambda reader, writer: self.sources.talk("ctgov", reader, writer), port=ports[0]),
            Listening(talk=lambda reader, writer: self.sources.talk("ctv", reader, writer), port=ports[1]),
        )

    @property
    def ctgov_url(self) -> str:
        """The `base_url` of `[sources.ctgov]`."""
        return f"http://127.0.0.1:{self.ports[0]}{API}"

    @property
    def ctv_url(self) -> str:
        """The `base_url` of `[sources.ctv]`."""
        return f"http://127.0.0.1:{self.ports[1]}"

    def close(self) -> None:
        self._log.close()


def main(arguments: list[str]) -> None:
    script, clock, log, *ports = arguments
    registry, pages = (int(port) for port in ports) if ports else (0, 0)
    with FaultServer(read_script(Path(script)), SharedClock(Path(clock)), Path(log), ports=(registry, pages)) as server:
        sys.stdout.write(json.dumps({"ctgov": server.ctgov_url, "ctv": server.ctv_url}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
