"""Servers on loopback that take messages, refuse them, or die at a chosen moment."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class MailSink:
    """A real mail server that keeps what it takes. `answers` are given to the next mails in place of 250."""

    def __init__(
        self, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, word: str | None = None
    ) -> None:
        self.mails: list[tuple[str, tuple[str, ...], bytes]] = []
        self.answers: list[str] = []
        self.refused_recipients: dict[str, str] = {}
        self.sender_answer: str | None = None
        self.logins: list[str] = []
        self._word = word
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=0,
            ssl_context=tls,
            tls_context=starttls,
            authenticator=self._authenticate if word else None,
            auth_require_tls=False,
            auth_required=word is not None,
        )

    def __enter__(self) -> Self:
        with socket.socket() as free:  # aiosmtpd connects to its own port to see that it runs: it must know the number
            free.bind(("127.0.0.1", 0))
            self._controller.port = free.getsockname()[1]
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def letter(self, n: int = -1) -> EmailMessage:
        return message_from_bytes(self.mails[n][2], policy=policy.default)

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password.decode() == self._word
        self.logins.append("right" if right else "wrong")
        return AuthResult(success=right, handled=right)

    async def handle_MAIL(  # noqa: N802 (the library's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.sender_answer or "250 OK"

    async def handle_RCPT(  # noqa: N802 (the library's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused_recipients:
            return self.refused_recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (the library's)
        if self.answers:
            return self.answers.pop(0)
        content = envelope.original_content or b""
        self.mails.append((envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        return "250 OK"


class DyingMailServer:
    """Speaks just enough SMTP, and hangs up when `dies` says so of the last bytes that it has read of a mail."""

    def __init__(self, dies: Callable[[bytes], bool], *, silent: bool = False) -> None:
        self.taken: list[bytes] = []
        self._dies = dies
        self._silent = silent
        self._server = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    @property
    def port(self) -> int:
        return int(self._server.getsockname()[1])

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        connection.sendall(b"220 here\r\n")
        read = b""
        while b"DATA\r\n" not in read:
            chunk = connection.recv(4096)
            if not chunk:
                return
            read += chunk
            if not read.endswith(b"DATA\r\n"):
                connection.sendall(b"250 OK\r\n")
        connection.sendall(b"354 go on\r\n")
        mail = bytearray()
        while not self._dies(bytes(mail[-8:])):
            chunk = connection.recv(65_536)
            if not chunk:
                return
            mail += chunk
        self.taken.append(bytes(mail))
        if self._silent:
            connection.recv(4096)  # until the other side gives up


@dataclass
class Answer:
    status: int = 200
    body: bytes = b"ok"
    headers: Mapping[str, str] = field(default_factory=dict)
    hang_up: bool = False


class HttpSink:
    """A real HTTP server that keeps what is posted. `answers` are given in order, then `always`."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.posts: list[tuple[str, Mapping[str, str], bytes]] = []
        self.answers: list[Answer] = []
        self.always = Answer()
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sink.take(self)

            do_GET = do_PUT = do_POST  # noqa: N815 (the library's names)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        self.posts.append((request.path, dict(request.headers), body))
        answer = self.answers.pop(0) if self.answers else self.always
        if answer.hang_up:
            request.close_connection = True
            return
        request.send_response(answer.status)
        for name, value in answer.headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(answer.body)))
        request.end_headers()
        request.wfile.write(answer.body)

    def json(self, n: int = -1) -> Any:
        return json.loads(self.posts[n][2])
