"""Servers of ours on loopback: one that sends everybody on to somewhere else, and one that stands for a proxy."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.ssrf.witness import Place


@dataclass(slots=True)
class SendsOn:
    """Answers each request with `status` and `location` (bytes as they are on the wire), and counts."""

    status: int = 302
    location: bytes = b"/"
    asked: int = 0
    _server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                sink.asked += 1
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                head = f"HTTP/1.1 {sink.status} Elsewhere\r\nContent-Length: 0\r\nConnection: close\r\nLocation: "
                self.wfile.write(head.encode() + sink.location + b"\r\nRefresh: 0; url=" + sink.location + b"\r\n\r\n")
                self.close_connection = True

            do_GET = do_POST = do_PUT = do_CONNECT = answer  # noqa: N815 (the library's names)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def place(self) -> Place:
        return "127.0.0.1", int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.place[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
