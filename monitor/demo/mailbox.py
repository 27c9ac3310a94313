"""A mail server on loopback that keeps what it is sent, and can be told to refuse it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from monitor.demo.loopback import LOOPBACK

TAKEN = "250 OK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message as it arrived: the envelope's addresses and the bytes."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"]).strip()

    def part(self, subtype: str) -> str:
        """The first part of type text/`subtype` ("plain", "html"); empty where there is none."""
        found = self.message.get_body(preferencelist=(subtype,))
        return "" if found is None else str(found.get_content())


class Mailbox:
    """Between `with` and its end every mail to any address is taken, kept in order of arrival, and answered 250.

    `refuse` makes the next mails meet other answers.
    """

    def __init__(self, *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self._lock = Lock()
        self._letters: list[Letter] = []
        self._answers: list[str] = []
        self._standing: str | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._server = self._loop.run_until_complete(
            self._loop.create_server(lambda: SMTP(self, loop=self._loop, hostname=LOOPBACK), LOOPBACK, port, ssl=tls)
        )
        self._port = int(self._server.sockets[0].getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _stop(self) -> None:
        self._server.close()
        sessions = asyncio.all_tasks() - {asyncio.current_task()}
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)

    @property
    def port(self) -> int:
        return self._port

    @property
    def letters(self) -> Sequence[Letter]:
        with self._lock:
            return tuple(self._letters)

    def refuse(self, *answers: str) -> None:
        """The next mails, in order, are answered so ("451 Try later") instead of being kept."""
        with self._lock:
            self._answers.extend(answers)

    def refuse_all(self, answer: str | None) -> None:
        """Until told otherwise (None), every mail is answered so."""
        with self._lock:
            self._standing = answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (the name is the library's)
        """Called by the mail server for each message."""
        letter = Letter(
            sender=envelope.mail_from or "", recipients=tuple(envelope.rcpt_tos), content=_bytes(envelope.content)
        )
        with self._lock:
            answer = self._answers.pop(0) if self._answers else self._standing
            if answer is None:
                self._letters.append(letter)
        return answer or TAKEN


def _bytes(content: str | bytes | None) -> bytes:
    return content.encode() if isinstance(content, str) else content or b""
