"""One mail as bytes: headers that nobody can add to, text and HTML as alternatives."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Final
from urllib.parse import quote

from monitor.deliver.mail_route import MailRoute
from monitor.deliver.render.email import EmailContent
from monitor.errors import MessageRefused
from monitor.model.message import Message
from monitor.text.clean import harmless

_ASKED: Final = 80  # characters of what who wants no more of it writes
_WORD: Final = 70  # a longer one would make a line that no fold can shorten


class _MailPolicy(EmailPolicy):
    """Headers as usual, but a subject is encoded whole or not at all: Python's folding adds a space to mixed ones.

    An address to write to stays on the line of its name: folded, that line would be empty.
    """

    def fold(self, name: str, value: str) -> str:
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value}{self.linesep}"
        if name.lower() != "subject":
            return str(super().fold(name, value))
        plain = value.isascii() and all(len(word) < _WORD for word in value.split())
        encoded = Header(str(value), "us-ascii" if plain else "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


_POLICY: Final = _MailPolicy(linesep="\r\n")
_ENCODED: Final = re.compile(r"=(?=\?)|\?(?==)")
_NOT_ATOM: Final = re.compile(r"[^A-Za-z0-9-]+")


def build_mail(
    message: Message,
    content: EmailContent,
    route: MailRoute,
    *,
    recipient: str,
    destination: str,
    now: datetime,
    operator: str | None = None,
) -> bytes:
    """The mail for one recipient, as SMTP takes it (CRLF, no dots doubled). Raises MessageRefused for a bad address.

    Its Message-ID is that of the alert or digest, the same at every try; mails about one trial are one conversation.
    Who wants no more of them can write to the `operator`.
    """
    mail = EmailMessage(policy=_POLICY)
    try:
        mail["From"] = Address(display_name=one_line(route.sender_name), addr_spec=route.sender)
        mail["To"] = Address(display_name=one_line(route.name_of(recipient)), addr_spec=recipient)
        if route.reply_to:
            mail["Reply-To"] = [Address(addr_spec=address) for address in route.reply_to]
    except (MessageError, ValueError) as exc:
        raise MessageRefused(f"{recipient} or {route.sender} is no address that a mail can carry.") from exc
    mail["Subject"] = one_line(content.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{_atom(message.code)}@{route.domain}>"
    if message.thread:
        mail["In-Reply-To"] = mail["References"] = f"<{_thread(message.thread)}@{route.domain}>"
        mail["Thread-Topic"] = one_line(message.thread)  # Outlook's own name of a conversation
    mail["List-Id"] = f"<{_atom(destination).lower() or 'alerts'}.trial-monitor.{route.domain}>"
    if operator and operator != recipient:
        asked = quote(one_line(f"Mute {message.thread or 'all'} for {destination}")[:_ASKED], errors="replace")
        mail["List-Unsubscribe"] = f"<mailto:{quote(operator, safe='@')}?subject={asked}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(content.text, cte="quoted-printable")
    if content.html:
        mail.add_alternative(content.html, subtype="html", cte="quoted-printable")
    return mail.as_bytes()


def one_line(text: str) -> str:
    """Text for a header: one line, no control characters, and nothing that reads as an encoded word.

    Python's header parser decodes encoded words on the way in; old patch levels then write out the line breaks that
    such a word can hold (CVE-2024-6923, CVE-2026-1299).
    """
    return _ENCODED.sub(lambda found: found[0] + " ", " ".join(harmless(text).split()))


def _thread(name: str) -> str:
    return f"thread-{hashlib.sha256(name.encode(errors='replace')).hexdigest()[:24]}"


def _atom(text: str) -> str:
    return _NOT_ATOM.sub("-", text).strip("-")
