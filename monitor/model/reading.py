"""What one source says of one record in one pass. A failed or suspect reading is never a change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeAlias

from monitor.model.privacy import Level
from monitor.model.record import TrialRecord
from monitor.model.watch import RecordKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The bytes of one record as its source gave them (a study of a batch is one JSON document of its own).

    Where data of persons were taken out, `original` is the digest of what the source gave, and `level` says how much
    of them is left.
    """

    content: bytes
    media_type: str
    original: str | None = None
    level: Level = Level.FULL

    @property
    def digest(self) -> str:
        """By which the body is known: that of what the source gave."""
        return self.original or self.own_digest

    @property
    def own_digest(self) -> str:
        """sha256 hex of media type, NUL, bytes: the same bytes of another type are another body."""
        return sha256(self.media_type.encode() + b"\0" + self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """A complete record whose content, volatile paths aside, hashes as it did at the last sound check."""

    key: RecordKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A complete record of the trial asked for. `raw_hash` ignores the source's volatile paths."""

    key: RecordKey
    body: Body
    raw_hash: str
    record: TrialRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicious:
    """A body that does not prove to be the complete record asked for; kept aside, never compared.

    `held` says that it is complete, but shows what many others show at once: the source changed, not the trial.
    """

    key: RecordKey
    body: Body
    reasons: tuple[str, ...]
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """The source says that there is no such record (404 naming it, or 410)."""

    key: RecordKey
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The source sends us on to another record."""

    key: RecordKey
    into: RecordKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """401, 403 or an address that we may not ask. `until` None = at the next due time."""

    key: RecordKey
    message: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled:
    """429 or 503: not asked again before `until`."""

    key: RecordKey
    message: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No answer, a cut answer, 5xx, or an answer that is no answer to what was asked."""

    key: RecordKey
    message: str


Reading: TypeAlias = Same | Sound | Suspicious | Absent | Merged | Refused | Throttled | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class DataVersion:
    """The registry's build: `data_timestamp` as the registry writes it ("2026-11-20T09:00:05")."""

    api_version: str | None
    data_timestamp: str
