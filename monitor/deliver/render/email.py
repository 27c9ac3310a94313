"""A mail: subject, text and HTML, each with all the facts."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.deliver.render.letter import letter
from monitor.deliver.render.plain import text_body
from monitor.deliver.render.subject import subject
from monitor.model.message import Message, PlainMessage


@dataclass(frozen=True, slots=True)
class EmailContent:
    """`subject` is one line of at most 100 characters; `text` carries every change with its old and new value.

    `html` stays under 90 kB, so that no reader of mail cuts it off; what it folds it counts. It is empty
    for a message in bare lines.
    """

    subject: str
    text: str
    html: str


def compose(message: Message) -> EmailContent:
    """The three forms of a message that a mail carries."""
    bare = isinstance(message.content, PlainMessage)
    return EmailContent(subject=subject(message), text=text_body(message), html="" if bare else str(letter(message)))
