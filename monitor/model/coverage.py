"""What one pass checked and what it could not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """From the best to the worst: a watch with several records counts once, by its worst outcome."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    FIRST_SEEN = "first_seen"
    GONE = "gone"
    THROTTLED = "throttled"
    REFUSED = "refused"
    SUSPECT = "suspect"
    FAILED = "failed"

    @property
    def verified(self) -> bool:
        return self in (Outcome.UNCHANGED, Outcome.CHANGED, Outcome.FIRST_SEEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`watch` is the label or reference a user knows it by; `kind` an outcome or "delivery"."""

    watch: str
    kind: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceUse:
    data_timestamp: str | None
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """`outcomes` counts watches; `due` is their sum."""

    started_at: datetime
    finished_at: datetime | None
    outcomes: Mapping[Outcome, int]
    sources: Mapping[str, SourceUse] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def due(self) -> int:
        return sum(self.outcomes.values())

    @property
    def checked(self) -> int:
        return sum(n for outcome, n in self.outcomes.items() if outcome.verified)
