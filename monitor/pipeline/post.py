"""What a delivery needs of the outside, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

from monitor.model.alert import Recipient
from monitor.model.message import Message
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.ways import Desk

HandOver: TypeAlias = Callable[[], None]
"""A message in its final form; the call hands it over. Raises SendFailed, MessageRefused or DestinationDown."""


class Channel(Protocol):
    """One way to one recipient. `pause` is the least time between two messages, in seconds."""

    @property
    def pause(self) -> float: ...

    def write(self, message: Message) -> HandOver:
        """Bring the message into the form that this way takes; nothing leaves before the result is called."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """How recipients are reached. `open` raises DestinationDown for one that the configuration no longer names.

    `holds_back` says of which recipients the channel names no person: it must be told whom the records name.
    """

    open: Callable[[Recipient], Channel]
    timezone: Callable[[Recipient], ZoneInfo]
    holds_back: Callable[[Recipient], bool] = lambda _: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How many alerts this drain sent, must try again, and gave up; `problems` name destination and reason.

    `held` says why nothing at all may be sent, where a person has to choose first.
    """

    sent: int = 0
    retry: int = 0
    dead: int = 0
    problems: tuple[tuple[str, str], ...] = ()
    held: str | None = None

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(
            sent=self.sent + other.sent,
            retry=self.retry + other.retry,
            dead=self.dead + other.dead,
            problems=tuple(dict.fromkeys((*self.problems, *other.problems))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a delivery needs of the outside; `desk` says who hears of what goes wrong."""

    scribe: Scribe
    post: Post
    holder: str
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    desk: Desk = field(default_factory=Desk)
    stopping: Callable[[], bool] = lambda: False
