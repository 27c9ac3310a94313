"""What stands around the facts of a message: what it begins with, the note that ends its changes, words of the user."""

from __future__ import annotations

from typing import Final

from monitor.model.message import ChangeMessage, Message, NoticeMessage, PlainMessage, TrialEventMessage
from monitor.model.wording import OwnWords
from monitor.text.clean import harmless
from monitor.text.dates import show_date

SAMPLE: Final = "This is a sample: what it tells is made up, and nothing of it has happened."
_SAMPLE_MARK: Final = "[Sample] "


def sample_mark(message: Message) -> str:
    """What a subject or title begins with; nothing for a message that is meant."""
    return _SAMPLE_MARK if message.sample else ""


def opening(message: Message) -> tuple[str, ...]:
    """The lines above everything else."""
    lines = (SAMPLE if message.sample else None, _own(message, message.wording.greeting))
    return tuple(line for line in lines if line)


def footing(message: Message) -> str | None:
    """The user's own line at the foot. It stands beside ours, and takes the place of none."""
    return _own(message, message.wording.footer)


def muting(message: Message) -> str | None:
    """How a reader comes to hear no more of a trial for a while."""
    content = message.content
    if message.sample or not isinstance(content, ChangeMessage | TrialEventMessage) or not content.header.registry_id:
        return None
    number = harmless(content.header.registry_id)
    return f"To hear no more of this trial until a day: trial-monitor mute add --watch {number} --until DAY"


def _own(message: Message, template: OwnWords | None) -> str | None:
    """Neither the operator's notices nor bare facts bear words of the user: they may be why a message is not taken."""
    if template is None or isinstance(message.content, NoticeMessage | PlainMessage):
        return None
    day = message.created_at.astimezone(message.timezone).date().isoformat()
    values = {"destination": harmless(message.wording.destination), "date": show_date(day)}
    return " ".join(harmless(template.fill(values)).split()) or None


def noted(message: Message) -> str | None:
    """ "Note of 3 Feb 2026 by Ana: "..." Assigned to Bo."; None where nobody noted anything."""
    note = message.content.note if isinstance(message.content, ChangeMessage) else None
    if note is None:
        return None
    day = show_date(note.at.astimezone(message.timezone).date().isoformat())
    whose = f" Assigned to {harmless(note.assignee)}." if note.assignee else ""
    return f'Note of {day} by {harmless(note.by)}: "{harmless(note.text)}"{whose}'
