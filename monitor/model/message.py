"""What one recipient is told, before it takes the form of a mail, a Slack message or plain text.

Everything here may hold text of a registry and is untrusted: each renderer escapes it in its own one place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from monitor.model.alert import AlertKind
from monitor.model.change import Change
from monitor.model.json import JsonObject
from monitor.model.triage import TriageNote
from monitor.model.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialHeader:
    """What identifies a trial to its reader.

    `registry_id` is None for a page that shows no number: its title and address name it then.
    """

    registry_id: str | None
    title: str
    label: str | None
    sponsor: str | None
    phases: tuple[str, ...]
    overall_status: str | None
    site_count: int | None
    single_site_city: str | None
    record_url: str
    compare_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """`posted` is the registry's date, `data_timestamp` its build; `reasons` say why the reader gets this.

    `unread_since` is when the record had been read before, where that was long ago.
    """

    seen_at: datetime
    posted: str | None
    data_timestamp: str | None
    from_version: int | None
    to_version: int | None
    reasons: tuple[str, ...]
    unread_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMessage:
    """One update of one trial. `unchanged` are plain phrases of what stayed ("who can join").

    `note` is the newest that the reader's team wrote on a change of this trial.
    """

    header: TrialHeader
    changes: tuple[Change, ...]
    origin: Origin
    unchanged: tuple[str, ...] = ()
    note: TriageNote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomeMessage:
    """One line for each newly watched trial, with its state; `failed` names those not yet seen."""

    trials: tuple[TrialHeader, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialEventMessage:
    """Gone, reappeared or merged: `sentences` say what happened and what it means."""

    header: TrialHeader
    sentences: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeItem:
    """For the operator: what happened, whether quiet can still be trusted, what to do ("Nothing." is an answer)."""

    what: str
    trust: str
    todo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeMessage:
    items: tuple[NoticeItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestMessage:
    destination: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainMessage:
    """The facts of an alert as bare lines, where its usual form could not be made or was not taken."""

    title: str
    lines: tuple[str, ...]


class Occasion(StrEnum):
    """Why messages come together: they could not be delivered, it is their time, somebody is back; or nothing came."""

    BACKLOG = "backlog"
    SCHEDULE = "schedule"
    AWAY = "away"
    STILL = "still"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How complete the view of one recipient is: of so many trials so many were `checked`, all of them since then.

    `missing` names those that were not. `data_day` is the newest build of the registry that they were read in.
    """

    trials: int
    checked: int
    since: datetime | None = None
    data_day: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of the version chains of so many records, as of a moment: 64 hex digits that name all of them."""

    digest: str
    records: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMessage:
    """What is told to one recipient together; each message inside bears the code of its own alert.

    `name` is that of the schedule or of the days away. `muted` counts changes that were kept back. `next_by` is the day
    by which the next such message comes if all is well.
    """

    messages: tuple[Message, ...]
    occasion: Occasion = Occasion.BACKLOG
    name: str = ""
    standing: Standing | None = None
    head: Head | None = None
    muted: int = 0
    next_by: str | None = None


Content: TypeAlias = (
    ChangeMessage | WelcomeMessage | TrialEventMessage | NoticeMessage | TestMessage | PlainMessage | DigestMessage
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom the records behind a message name, for channels in which no person may be named.

    `persons` are entries with name, phone and email as far as they are known; `companies` are sponsors that are no
    person.
    """

    persons: tuple[JsonObject, ...] = ()
    companies: tuple[str, ...] = ()

    def __add__(self, other: Named) -> Named:
        return Named(persons=(*self.persons, *other.persons), companies=(*self.companies, *other.companies))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`code` is the alert's name ("7K2M-0412"); `maybe_repeat` if an earlier try ended without an answer.

    `thread` is a stable name of the conversation (one trial, one destination) for the headers of a mail. `sample` marks
    what is made up, to try a destination; `wording` is the user's own for where it goes. `named` is read where contacts
    are held back, and by no form of the message.
    """

    code: str
    kind: AlertKind
    content: Content
    created_at: datetime
    timezone: ZoneInfo
    maybe_repeat: bool = False
    thread: str | None = None
    sample: bool = False
    wording: Wording = field(default_factory=Wording)
    named: Named = field(default=Named(), repr=False)
