"""What a user follows, and the records that it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

from monitor.model.record import SourceName

WatchSource: TypeAlias = Literal["both", "page", "registry"]
Origin: TypeAlias = Literal["file", "command"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKey:
    """One trial on one source. `source_id` is an NCT number (ctgov) or the slug of a study page (ctv)."""

    source: SourceName
    source_id: str

    def __str__(self) -> str:
        return self.source_id if self.source == "ctgov" else f"ctv.veeva.com/study/{self.source_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A user's REF, read: the record that it names, and the text that it is kept as."""

    key: RecordKey
    text: str


class WatchState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSpec:
    """A watch as a user asks for it, in the configuration or on the command line. `every` None = the default."""

    reference: Reference
    tags: frozenset[str] = frozenset()
    label: str | None = None
    source: WatchSource = "both"
    every: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A stored watch. `registry_id` is the NCT number it leads to, once known."""

    id: int
    reference: Reference
    tags: frozenset[str]
    label: str | None
    source: WatchSource
    every: timedelta | None
    origin: Origin
    state: WatchState
    created_at: datetime

    @property
    def names(self) -> tuple[str, ...]:
        """What a user may call it."""
        return tuple(name for name in (self.label, self.reference.text) if name)
