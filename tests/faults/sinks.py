"""Where messages arrive: a real mail server and a web server that refuse, cut, hang and die as the script says.

In a thread (`with MailSink(...)`), or as a process of its own, which a kill of the worker does not take along:

    python -m tests.faults.sinks NAME KIND SCRIPT CLOCK LEDGER [PORT]

which prints its port as a line, and serves until its standard input ends. KIND is smtp or json.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.faults.clock import SharedClock
from tests.faults.ledger import Ledger, read_hook, read_mail
from tests.faults.listening import LOOPBACK, Listening, Threaded
from tests.faults.script import SinkFault, read_script
from tests.faults.wire import plain, read_request

_FIRST_REFUSAL = 300
_DIED = 9


def _no_process() -> NoReturn:
    raise RuntimeError("only a sink in a process of its own can die")


Die = Callable[[], NoReturn]


class _MailTalk(SMTP):
    """One SMTP connection: meets what the script has for it, stage by stage."""

    def __init__(self, ledger: Ledger, die: Die) -> None:
        self._ledger, self._die = ledger, die
        self._began = time.time()
        super().__init__(self, hostname=LOOPBACK, enable_SMTPUTF8=True)

    async def _handle_client(self) -> None:
        fault = self._ledger.meet(None, ("connect",))
        if fault is not None:
            await self._end(fault)
            return
        await super()._handle_client()

    async def _end(self, fault: SinkFault) -> str:
        """Answer as the fault says, or end in its way; "" if there is nothing more to say."""
        match fault.ends:
            case "hang":
                await asyncio.Event().wait()
            case "die":
                self._die()
            case "close":
                self._cut()
            case "answer":
                if fault.stage == "connect":
                    await self.push(fault.answer)
                    self._cut()
                return fault.answer
        return ""

    def _cut(self) -> None:
        if self.transport is not None:
            self.transport.close()

    async def _stage(self, stage: str, recipient: str | None = None) -> str | None:
        fault = self._ledger.meet(recipient, (stage,))
        return None if fault is None else await self._end(fault)

    async def handle_EHLO(  # noqa: N802 (the library's name)
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        said = await self._stage("helo")
        return responses if said is None else [said]

    async def handle_MAIL(  # noqa: N802 (the library's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        said = await self._stage("mail")
        return "250 OK" if said is None else said

    async def handle_RCPT(  # noqa: N802 (the library's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        said = await self._stage("rcpt", address)
        if said is None or said.startswith("2"):
            envelope.rcpt_tos.append(address)
        return "250 OK" if said is None else said

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 (the library's name)
        """Before the library answers 354."""
        recipient = self.envelope.rcpt_tos[0] if self.envelope and self.envelope.rcpt_tos else None
        said = await self._stage("data", recipient)
        if said is None:
            await super().smtp_DATA(arg)
        elif said:
            await self.push(said)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (the library's)
        """The whole message is here; what is kept is kept before anything is answered."""
        content = envelope.original_content or b""
        recipient = ",".join(envelope.rcpt_tos)
        fault = self._ledger.meet(recipient, ("end",))
        self._ledger.keep(recipient, content, read_mail(content), mail_ending(fault), self._began)
        return "250 OK" if fault is None else await self._end(fault)


def mail_ending(fault: SinkFault | None) -> dict[str, Any]:
    """How a mail ended, for the ledger."""
    if fault is None:
        return {"outcome": "taken", "accepted": True, "cut": False, "answer": "250 OK"}
    if fault.ends != "answer":
        return {"outcome": "unknown", "accepted": fault.takes, "cut": True, "answer": fault.ends}
    taken = fault.answer.startswith("2")
    outcome = "taken" if taken else "refused"
    return {"outcome": outcome, "accepted": taken or fault.takes, "cut": False, "answer": fault.answer}


class Sink(Threaded):
    """What both sinks share: a ledger, a port, and a way to die."""

    def __init__(self, ledger: Ledger, *, port: int = 0, die: Die = _no_process) -> None:
        self._ledger, self._die = ledger, die
        super().__init__(self._listening(port))

    @property
    def port(self) -> int:
        return self.ports[0]

    def close(self) -> None:
        self._ledger.close()

    def _listening(self, port: int) -> Listening:
        raise NotImplementedError


class MailSink(Sink):
    """A real mail server."""

    def _listening(self, port: int) -> Listening:
        return Listening(protocol=lambda: _MailTalk(self._ledger, self._die), port=port)


class HookSink(Sink):
    """A web server that takes webhooks as Slack does."""

    def _listening(self, port: int) -> Listening:
        return Listening(talk=self._talk, port=port)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        began = time.time()
        fault = self._ledger.meet(None, ("connect",))
        if fault is None and (post := await read_request(reader)) is not None:
            content = post.body
            recipient = post.target.rpartition("/")[2]
            fault = self._ledger.meet(recipient, ("end",))
            ending = {**hook_ending(fault), "gone": has_gone(writer)}
            self._ledger.keep(recipient, content, read_hook(content), ending, began)
            if fault is None:
                fault = SinkFault(sink="")
        if fault is not None:
            await self._end(fault, reader, writer)

    async def _end(self, fault: SinkFault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if fault.ends == "hang":
            await reader.read(1)
        elif fault.ends == "die":
            self._die()
        elif fault.ends == "answer" and fault.stage == "end":
            writer.write(plain(fault.status, {"Content-Type": "text/html", **fault.headers}, fault.body.encode()))
            with suppress(ConnectionError):
                await writer.drain()


def has_gone(writer: asyncio.StreamWriter) -> bool:
    """True if the sender has closed its end: what it had sent before it died is read all the same."""
    line = writer.get_extra_info("socket")
    if line.fileno() < 0:
        return True
    with socket.fromfd(line.fileno(), line.family, line.type) as same:
        try:
            return not same.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except ConnectionError:
            return True


def hook_ending(fault: SinkFault | None) -> dict[str, Any]:
    """How a webhook ended, for the ledger."""
    if fault is None:
        return {"outcome": "taken", "accepted": True, "cut": False, "answer": "200 ok"}
    if fault.ends != "answer":
        return {"outcome": "unknown", "accepted": fault.takes, "cut": True, "answer": fault.ends}
    said = f"{fault.status} {fault.body}"
    if fault.status >= _FIRST_REFUSAL:
        return {"outcome": "refused", "accepted": fault.takes, "cut": False, "answer": said}
    sure = fault.body == "ok"
    return {"outcome": "taken" if sure else "unknown", "accepted": sure or fault.takes, "cut": False, "answer": said}


def sink_of(kind: str, ledger: Ledger, *, port: int = 0, die: Die = _no_process) -> Sink:
    return (MailSink if kind == "smtp" else HookSink)(ledger, port=port, die=die)


def _exit() -> NoReturn:
    os._exit(_DIED)


def serve(arguments: list[str], say: Callable[[int], object], wait: Callable[[], object]) -> None:
    """A sink that can die with its process: `say` hears its port; it serves until `wait` ends."""
    name, kind, script, clock, ledger, *port = arguments
    book = Ledger(Path(ledger), name, SharedClock(Path(clock)), read_script(Path(script)).sink_faults)
    with sink_of(kind, book, port=int(port[0]) if port else 0, die=_exit) as sink:
        say(sink.port)
        wait()


def _print(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve(sys.argv[1:], _print, sys.stdin.read)
