"""A mail read again by the email package: who it goes to, what its headers are, what its parts say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final

from monitor.deliver.mail_message import build_mail
from monitor.deliver.mail_route import MailRoute
from monitor.deliver.render.email import EmailContent
from monitor.model.message import Message
from tests.hostile.decoders import unseen
from tests.hostile.placed import NOW

READER: Final = "reader@example.org"
ROUTE: Final = MailRoute(
    host="localhost", port=25, mode="insecure", user=None, password=None, sender="monitor@example.org",
    sender_name="Trial Monitor",
)  # fmt: skip
HEADERS: Final = (
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "List-Id", "List-Unsubscribe",
    "Thread-Topic", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
)  # fmt: skip
_FIELD: Final = re.compile(rb"[!-9;-~]+:")


def written(message: Message, content: EmailContent, *, recipient: str = READER) -> bytes:
    return build_mail(
        message, content, ROUTE, recipient=recipient, destination="advocates", now=NOW, operator="ops@example.org"
    )


def read(mail: bytes) -> EmailMessage:
    parsed = message_from_bytes(mail, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def header_faults(mail: bytes, subject: str, *, parts: int) -> Iterator[str]:
    """Whether nothing but what we put there stands above the body."""
    head, _, _ = mail.partition(b"\r\n\r\n")
    fields = [line for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    names = [line.partition(b":")[0].decode("ascii", "replace") for line in fields if _FIELD.match(line)]
    wanted = [*HEADERS, "Content-Transfer-Encoding"] if parts == 1 else list(HEADERS)
    if len(names) != len(fields) or sorted(names) != sorted(wanted) or b"\n" in head.replace(b"\r\n", b""):
        yield f"SUBJECT: headers are {names}"
    parsed = read(mail)
    if [str(each.addr_spec) for each in parsed["To"].addresses] != [READER] or parsed["Bcc"] or parsed["Cc"]:
        yield f"SUBJECT: recipients are {parsed['To']}"
    if str(parsed["Subject"]).split() != subject.split() and "=?" not in subject and "?=" not in subject:
        yield f"SUBJECT: says {str(parsed['Subject'])[:100]!r}"
    yield from (f"SUBJECT: unseen {each}" for each in unseen(str(parsed["Subject"])))
    if any(len(line) > 998 for line in mail.split(b"\r\n")):
        yield "MAIL TEXT: a line is too long for SMTP"
    if parts > 1 and [part.get_content_type() for part in parsed.walk()] != _PARTS:
        yield f"MAIL TEXT: parts are {[part.get_content_type() for part in parsed.walk()]}"


_PARTS: Final = ["multipart/alternative", "text/plain", "text/html"]


def bodies(mail: bytes) -> tuple[str, str]:
    """Text and HTML as a reader's program decodes them."""
    text, html = (part for part in read(mail).iter_parts() if isinstance(part, EmailMessage))
    return _content(text), _content(html)


def _content(part: EmailMessage) -> str:
    return str(part.get_content()).replace("\r\n", "\n")
