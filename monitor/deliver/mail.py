"""SMTP. The only module that speaks it.

A mail goes to one recipient in one session. Every step has its own meaning when it fails: before the final dot the
mail was not taken, after it nobody can know until an answer comes (RFC 1047), and a log-in that is refused concerns
every mail. Secure modes are never given up; certificates are checked against the system's store or `ca_bundle`.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Timer
from typing import Final, NoReturn, cast

from monitor.deliver.mail_advice import log_in_advice
from monitor.deliver.mail_route import MailRoute
from monitor.deliver.reach import addresses_of
from monitor.deliver.redact import redacted
from monitor.errors import DestinationDown, MessageRefused, RecipientRefused, SendFailed

DEADLINE: Final = 60.0  # seconds for one mail, log-in included; well below half of the lease of an alert
_CONNECT: Final = 15.0
_DOT_LINE: Final = re.compile(rb"(?m)^\.")
_PERMANENT: Final = 500
_TOO_LARGE: Final = 552
_MAILBOX: Final = frozenset({550, 551, 553})  # RFC 5321 4.2.3: what these codes refuse is the address
_GO_ON: Final = 354
_CLOSING: Final = 421  # the server as a whole, not the mail
_TAKEN: Final = 250
_QUOTED: Final = 200


class _Session(smtplib.SMTP):
    """A session over a connection that is made already, to an address that was looked at."""

    def __init__(self, host: str, port: int, door: socket.socket) -> None:
        self._door = door
        here = door.getsockname()[0]
        name = f"[IPv6:{here}]" if ":" in here else f"[{here}]"
        super().__init__(host, port, local_hostname=name, timeout=_CONNECT)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 (the library's)
        return self._door


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A way to a mail server. `secrets` are kept out of every error."""

    route: MailRoute
    trust: ssl.SSLContext
    allow_private: bool
    secrets: tuple[str, ...] = field(default=(), repr=False)
    deadline: float = DEADLINE


def send_mail(relay: Relay, recipient: str, content: bytes) -> None:
    """Hand over one mail. Raises SendFailed, MessageRefused or DestinationDown.

    `SendFailed.unknown` is True only if the session ended between the final dot and the answer to it.
    """
    with _mapped(relay), _session(relay) as session:
        _log_in(relay, session)
        _envelope(relay, session, recipient)
        _hand_over(relay, session, content)


def try_log_in(relay: Relay) -> None:
    """Connect and log in, and send nothing. Raises SendFailed or DestinationDown."""
    with _mapped(relay), _session(relay) as session:
        _log_in(relay, session)


@contextmanager
def _session(relay: Relay) -> Iterator[smtplib.SMTP]:
    """A greeted session, cut off at the deadline whatever it is waiting for."""
    until = time.monotonic() + relay.deadline
    with _watched(_connect(relay, until), until) as doors:
        if relay.route.mode == "ssl":
            doors.append(relay.trust.wrap_socket(doors[-1], server_hostname=relay.route.host))
        session = _Session(relay.route.host, relay.route.port, doors[-1])
        with closing(session):
            session.ehlo_or_helo_if_needed()
            if relay.route.mode == "starttls":
                session.starttls(context=relay.trust)
                doors.append(cast("socket.socket", session.sock))
                session.ehlo_or_helo_if_needed()
            yield session
            with suppress(OSError, smtplib.SMTPException):
                session.quit()


@contextmanager
def _watched(door: socket.socket, until: float) -> Iterator[list[socket.socket]]:
    """A list that holds the connection, in TLS once it is: its last entry is cut at the deadline and closed at the end.

    A time-out of the socket alone would start anew with every byte of a slow server.
    """
    doors = [door]
    left = max(until - time.monotonic(), 0.1)
    door.settimeout(left)
    watch = Timer(left, lambda: _cut(doors[-1]))
    watch.daemon = True
    watch.start()
    try:
        yield doors
    finally:
        watch.cancel()
        doors[-1].close()


def _connect(relay: Relay, until: float) -> socket.socket:
    host, port = relay.route.host, relay.route.port
    last: OSError | None = None
    for address in addresses_of(host, port, allow_private=relay.allow_private):
        try:
            return socket.create_connection((address, port), timeout=min(_CONNECT, max(until - time.monotonic(), 0.1)))
        except OSError as exc:
            last = exc
    raise SendFailed(f"The mail server {host}:{port} cannot be reached: {last}.", unreached=True) from last


def _cut(door: socket.socket) -> None:
    with suppress(OSError):
        door.shutdown(socket.SHUT_RDWR)


def _log_in(relay: Relay, session: smtplib.SMTP) -> None:
    user, password = relay.route.user, relay.route.password
    if not user or password is None:
        return
    try:
        session.login(user, password.reveal())
    except smtplib.SMTPAuthenticationError as exc:
        if exc.smtp_code < _PERMANENT:
            words = _said(relay, "The log-in was put off", exc.smtp_code, exc.smtp_error)
            raise SendFailed(words, unreached=True) from exc
        refusal = _said(relay, "The log-in was refused", exc.smtp_code, exc.smtp_error)
        raise DestinationDown(f"{refusal} {log_in_advice(relay.route.host, refusal)}") from exc
    except UnicodeEncodeError as exc:
        raise DestinationDown("The mail server takes only plain letters in user and password.") from exc


def _envelope(relay: Relay, session: smtplib.SMTP, recipient: str) -> None:
    _step(relay, "The sender was refused", *session.mail(relay.route.sender), refused=_sender_refused)
    _step(relay, f"{recipient} was refused", *session.rcpt(recipient), refused=RecipientRefused)


def _sender_refused(words: str) -> DestinationDown:
    return DestinationDown(f"{words} The server does not let this sender through: check from= and the log-in.")


def _hand_over(relay: Relay, session: smtplib.SMTP, content: bytes) -> None:
    code, answer = session.docmd("DATA")
    if code != _GO_ON:
        _step(relay, "The mail was refused", code, answer, refused=MessageRefused)
        raise SendFailed(_said(relay, "The mail was not asked for", code, answer))
    session.send(_DOT_LINE.sub(b"..", content if content.endswith(b"\r\n") else content + b"\r\n"))
    code, answer = _final_dot(relay, session)
    if code == _CLOSING:  # it hangs up, and does not say what became of the mail
        raise SendFailed(_said(relay, "The mail was handed over, and the session ended", code, answer), unknown=True)
    _step(relay, "The mail was refused", code, answer, refused=MessageRefused)


def _final_dot(relay: Relay, session: smtplib.SMTP) -> tuple[int, bytes]:
    """From here on a connection that ends leaves it open whether the mail was taken."""
    try:
        session.send(b".\r\n")
        return session.getreply()
    except (OSError, smtplib.SMTPServerDisconnected) as exc:
        raise SendFailed(f"The mail server {relay.route.host} took the mail and did not answer.", unknown=True) from exc


def _step(relay: Relay, what: str, code: int, answer: bytes, *, refused: Callable[[str], Exception]) -> None:
    """Raises what an answer other than "taken" amounts to; `refused` makes the error of a permanent one."""
    if _TAKEN <= code < HTTPStatus.MULTIPLE_CHOICES or code == _GO_ON:
        return
    words = _said(relay, what, code, answer)
    if code == _TOO_LARGE:
        raise MessageRefused(words)
    if code in _MAILBOX and refused is MessageRefused:
        raise RecipientRefused(words)
    if code >= _PERMANENT:
        raise refused(words)
    raise SendFailed(words, unreached=code == _CLOSING)


def _said(relay: Relay, what: str, code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f'{what} by {relay.route.host}: {code} "{redacted(text, relay.secrets)[:_QUOTED]}".'


@contextmanager
def _mapped(relay: Relay) -> Iterator[None]:
    """What the library and the network raise, in our words."""
    try:
        yield
    except ssl.SSLCertVerificationError as exc:
        raise DestinationDown(
            f"The certificate of the mail server {relay.route.host} is not trusted: {exc.verify_message}. For a "
            "certificate of your own network name its file: [network] ca_bundle."
        ) from exc
    except smtplib.SMTPNotSupportedError as exc:
        raise DestinationDown(_not_supported(relay)) from exc
    except smtplib.SMTPResponseException as exc:
        _raise_answer(relay, exc)
    except smtplib.SMTPException as exc:
        raise SendFailed(f"The mail server {relay.route.host} ended the session: {_short(relay, exc)}.") from exc
    except OSError as exc:
        raise SendFailed(f"The connection to {relay.route.host} failed: {_short(relay, exc)}.") from exc


def _not_supported(relay: Relay) -> str:
    host = relay.route.host
    if relay.route.mode == "starttls":
        return (
            f"{host} does not offer what this destination asks for (STARTTLS or the log-in). Nothing is sent in the "
            "clear instead: try ?mode=ssl, or ?mode=insecure for a relay inside your own network."
        )
    return f"{host} does not offer the log-in that this destination asks for. Leave out user and password, or try mailtos://."


def _raise_answer(relay: Relay, exc: smtplib.SMTPResponseException) -> NoReturn:
    words = _said(relay, "The session was refused", exc.smtp_code, exc.smtp_error)
    if exc.smtp_code >= _PERMANENT:
        raise DestinationDown(f"{words} Check the mail server of this destination.") from exc
    raise SendFailed(words, unreached=True) from exc


def _short(relay: Relay, exc: Exception) -> str:
    return redacted(str(exc), relay.secrets)[:_QUOTED] or type(exc).__name__
