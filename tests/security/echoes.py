"""Servers that say back all that they were told, secrets included, while they refuse it."""

from __future__ import annotations

import base64
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class EchoingWeb:
    """Answers each request with `status` and a body that repeats its path and what it was to believe, also decoded."""

    def __init__(self, status: int) -> None:
        echo = self
        self.asked = 0

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                echo.asked += 1
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                told = [self.headers.get(name, "") for name in ("Authorization", "Proxy-Authorization", "X-Token")]
                turn = echo.asked % (len(told) + 1)  # what is quoted of an answer is short: each time begins otherwise
                words = [*told, self.path][turn:] + [*told, self.path][:turn]
                body = f"no {decoded(' '.join(words))}".encode()
                self.send_response(status, "no " + self.path[:40])
                self.send_header("Location", self.path if self.path.startswith("/") else "/")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_CONNECT = answer  # noqa: N815 (the library's names)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def decoded(text: str) -> str:
    """The text, and behind it what its words are in base64."""
    words = []
    for word in text.split():
        with suppress(ValueError):
            words.append(base64.b64decode(word, validate=True).decode("utf-8", "replace").replace("\0", " "))
    return f"{text} {' '.join(words)}"


class EchoingMail:
    """A mail server that offers a log-in and refuses it with the very words it was given."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.asked = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        connection.sendall(b"220 here\r\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                word = line.decode("utf-8", "replace").strip()
                if word.upper().startswith("EHLO"):
                    connection.sendall(b"250-here\r\n250 AUTH PLAIN\r\n")
                elif word.upper().startswith("QUIT"):
                    connection.sendall(b"221 bye\r\n")
                    return
                else:
                    self.asked += 1
                    connection.sendall(f"535 5.7.8 not {decoded(word)}\r\n".encode())
