"""The n-th content of a record, and what surrounds it in the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model.reading import Body
from monitor.model.watch import RecordKey


class RecordState(StrEnum):
    NEW = "new"  # never seen sound
    LIVE = "live"
    GONE = "gone"  # absence confirmed
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """Where a record stands.

    `raw_hash` and `data_timestamp` are those of the last sound check; `open_reason` says why the version gate may
    not skip it ("suspect", "failing", "absent", None). `losses` maps a section of a page to the moment when it was
    first seen to have lost something (a second look decides). `absences` are the moments when the source denied
    the record.
    """

    id: int
    key: RecordKey
    state: RecordState
    registry_id: str | None
    title: str | None
    sponsor: str | None
    overall_status: str | None
    latest: int | None  # number of the latest version
    raw_hash: str | None
    data_timestamp: str | None
    open_reason: str | None
    verified_at: datetime | None
    checked_at: datetime | None
    next_due: datetime | None
    failures: int = 0
    failing_since: datetime | None = None
    absences: tuple[datetime, ...] = ()
    losses: Mapping[str, datetime] = field(default_factory=dict)
    merged_into: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What a rule or a mute may call it, beside the names of its watches."""
        return tuple(name for name in (self.registry_id, self.key.source_id) if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """`posted` is the registry's own date of the update (yyyy-MM-dd), `observed_at` ours.

    `carried` maps a section that the source did not show to the number of the version that last showed it.
    """

    record_id: int
    number: int
    observed_at: datetime
    posted: str | None
    content_hash: str
    normaliser_version: int
    body_digest: str
    chain_hash: str
    previous_hash: str | None
    carried: Mapping[str, int] = field(default_factory=dict)
    data_timestamp: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """A version about to be stored. `sections` maps section names to canonical JSON bytes."""

    observed_at: datetime
    posted: str | None
    content_hash: str
    normaliser_version: int
    body: Body
    sections: Mapping[str, bytes]
    carried: Mapping[str, int] = field(default_factory=dict)
    data_timestamp: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectRow:
    """A body kept aside. `state` is waiting, accepted or discarded."""

    id: int
    record_id: int
    key: RecordKey
    seen_at: datetime
    last_seen_at: datetime
    reasons: tuple[str, ...]
    body_digest: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRest:
    """A host that is not to be asked before `until`; `status` is the answer that said so."""

    host: str
    status: int
    until: datetime
    refusals: int = 1


DEFAULT_LEASE = timedelta(minutes=5)
