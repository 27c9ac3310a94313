"""A stored alert as its reader gets it, made by the code that sends; nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final, Literal

from monitor.deliver.mail_message import build_mail
from monitor.deliver.mail_route import MailRoute
from monitor.deliver.render import email, plain, slack
from monitor.model.alert import Recipient
from monitor.model.message import Message
from monitor.settings.values import Settings

Form = Literal["email", "slack", "text"]
STAND_IN: Final = "nobody@localhost"
_ROUTE: Final = MailRoute(
    host="localhost",
    port=25,
    mode="insecure",
    user=None,
    password=None,
    sender="trial-monitor@localhost",
    sender_name="Trial Monitor",
)


def render(
    message: Message,
    form: Form,
    recipient: Recipient,
    settings: Settings,
    *,
    now: datetime,
    with_html: bool,
) -> str:
    """The message as text: headers and parts of a mail, or title and body. Raises MessageRefused for a bad address."""
    message = replace(message, wording=replace(settings.wording, destination=recipient.destination))
    if form == "email":
        mail = _mail(message, recipient, settings, now)
        return "\n".join(_mail_lines(mail, with_html=with_html))
    if form == "slack":
        told = slack.compose(message)
        return f"{told.title}\n\n{told.body}"
    whole = plain.compose(message)
    return f"{whole.title}\n\n{whole.body}"


def _mail(message: Message, recipient: Recipient, settings: Settings, now: datetime) -> EmailMessage:
    """As the destination would mail it; one that takes no mail is given a stand-in for sender and reader."""
    destination = settings.destinations.get(recipient.destination)
    route = destination.parsed.mail if destination else None
    address = recipient.address if route or "@" in recipient.address else STAND_IN
    made = build_mail(
        message,
        email.compose(message),
        route or _ROUTE,
        recipient=address,
        destination=recipient.destination,
        now=now,
        operator=settings.operator_mail,
    )
    return message_from_bytes(made, policy=policy.default)


def _mail_lines(mail: EmailMessage, *, with_html: bool) -> Iterator[str]:
    yield from (f"{name}: {value}" for name, value in mail.items())
    for kind in ("plain", "html") if with_html else ("plain",):
        part = mail.get_body((kind,))
        if part is not None:
            yield ""
            yield part.get_content().replace("\r\n", "\n").rstrip("\n")
