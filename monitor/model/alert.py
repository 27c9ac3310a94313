"""An outbox row: what one recipient is to be told, and how far that got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.json import JsonObject


class AlertKind(StrEnum):
    CHANGE = "change"
    WELCOME = "welcome"
    GONE = "gone"
    REAPPEARED = "reappeared"
    MERGED = "merged"
    CORRECTION = "correction"
    DIGEST = "digest"
    NOTICE = "notice"
    TEST = "test"


class AlertState(StrEnum):
    PENDING = "pending"
    CLAIMED = "claimed"
    RETRY = "retry"
    HELD = "held"
    DEAD = "dead"
    SENT = "sent"
    DROPPED = "dropped"
    MUTED = "muted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One address of a destination.

    `address` is shown to people and names no secret: "team@example.org", "#trials", or "" where there is just one.
    """

    destination: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAlert:
    """An alert about to be stored.

    Unique by (record_id, from_version, to_version, destination, recipient, kind) or, without a record, by
    (condition, destination, recipient). `change_ids` is filled by the store from the changes of the same accept.
    `facts` is all that rendering needs beside the stored changes. `critical` ones pass quiet hours; with a `schedule`
    it is told in a digest that is due at `due_at`; what is `muted` is only counted.
    """

    kind: AlertKind
    recipient: Recipient
    facts: JsonObject
    record_id: int | None = None
    from_version: int | None = None
    to_version: int | None = None
    condition: str | None = None
    change_ids: tuple[int, ...] = ()
    critical: bool = False
    schedule: str | None = None
    due_at: datetime | None = None
    muted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A stored alert.

    `code` is what messages name ("7K2M-0412"); `maybe_sent` if an attempt ended without an answer. `digest` is the
    code of the message that tells it together with others, if one does; `refusals` counts the tries in which the
    message itself was at fault. `schedule` and
    `due_at` are those of the digest that it waits for.
    """

    id: int
    code: str
    kind: AlertKind
    recipient: Recipient
    record_id: int | None
    registry_id: str | None
    from_version: int | None
    to_version: int | None
    change_ids: tuple[int, ...]
    facts: JsonObject
    state: AlertState
    attempts: int
    maybe_sent: bool
    created_at: datetime
    next_attempt_at: datetime | None
    sent_at: datetime | None
    last_error: str | None
    digest: str | None = None
    refusals: int = 0
    schedule: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to send an alert. `outcome` is sent, retry, dead or unknown."""

    number: int
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    message: str | None
