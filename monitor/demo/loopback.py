"""A small HTTP server on loopback, in a thread of its own, that plays whatever a function answers."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from socketserver import TCPServer
from threading import Thread
from types import TracebackType
from typing import Self

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it arrived; header names in lower case, `at` in seconds of a clock that only moves on."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is sent back. With `cut_after` the connection ends after so many bytes of the promised body."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut_after: int | None = None
    delay_seconds: float = 0.0


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, answer: Callable[[Asked], Reply]) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.answer = answer

    def server_bind(self) -> None:
        """Bind without asking the network for the name of loopback."""
        TCPServer.server_bind(self)

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """A client that hangs up is no fault of the server; anything else is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        asked = Asked(
            method=self.command,
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
            at=time.monotonic(),
        )
        self._send(self.server.answer(asked))

    do_POST = do_GET  # noqa: N815 (the name is the library's)

    def _send(self, reply: Reply) -> None:
        time.sleep(reply.delay_seconds)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name in reply.headers):
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body if reply.cut_after is None else reply.body[: reply.cut_after])
        if reply.cut_after is not None:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """The script of requests is kept by whoever answers; stderr belongs to the program."""


class LoopbackServer:
    """Serves `answer` on 127.0.0.1 between `with` and its end. `answer` may be called from several threads at once."""

    def __init__(self, answer: Callable[[Asked], Reply], *, port: int = 0) -> None:
        self._server = _Server(port, answer)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The address without a final slash: "http://127.0.0.1:40123"."""
        return f"http://{LOOPBACK}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
