"""One difference between two consecutive versions of a record, at field or list-item level."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.model.json import Json, JsonObject
from monitor.model.record import SourceName


class Category(StrEnum):
    """In the order in which a trial's changes of equal severity are told."""

    STATUS = "status"
    OUTCOMES = "outcomes"
    CRITERIA = "criteria"
    ARMS = "arms"
    DESIGN = "design"
    ENROLLMENT = "enrollment"
    CONTACTS = "contacts"
    DATES = "dates"
    LOCATIONS = "locations"
    SPONSOR = "sponsor"
    IDENTIFIERS = "identifiers"
    CONDITIONS = "conditions"
    DESCRIPTION = "description"
    RESULTS = "results"
    DOCUMENTS = "documents"
    REFERENCES = "references"
    OVERSIGHT = "oversight"
    SHARING = "sharing"
    OTHER = "other"
    ADMINISTRATIVE = "administrative"


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Severity(StrEnum):
    """From the gravest down; `rank` is 0 for critical."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    ADMINISTRATIVE = "administrative"

    @property
    def rank(self) -> int:
        return _GRAVEST_FIRST.index(self)

    def at_least(self, floor: Severity) -> bool:
        """True if this is as grave as `floor` or graver."""
        return self.rank <= floor.rank


_GRAVEST_FIRST = tuple(Severity)


class Cause(StrEnum):
    SPONSOR = "sponsor"
    REGISTRY = "registry"
    MIRROR = "mirror"
    CORRECTION = "correction"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`before` and `after` are JSON values, None where the thing was not there.

    `path` is dotted from the section ("status.overall", "outcomes.primary"); list items are named in `detail`.
    `strong` are the parts of `sentence` that state what is new, in order, for renderers that can stress them.
    """

    category: Category
    path: str
    kind: Kind
    before: Json
    after: Json
    severity: Severity
    cause: Cause
    sentence: str
    detail: JsonObject = field(default_factory=dict)
    strong: tuple[str, ...] = ()


def weight_words(change: Change) -> str | None:
    """ "critical: stopped for safety"; None for what is minor or less, and where no reason was kept."""
    reason = change.detail.get("severity_reason")
    if not isinstance(reason, str) or not reason or not change.severity.at_least(Severity.MAJOR):
        return None
    return f"{change.severity.value}: {reason}"


_ORDER = {category: n for n, category in enumerate(Category)}


def in_telling_order(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Gravest first, then by the order of `Category`; stable within."""
    return tuple(sorted(changes, key=telling_place))


def telling_place(change: Change) -> tuple[int, int]:
    """Where it stands in telling order."""
    return change.severity.rank, _ORDER[change.category]


def change_json(change: Change) -> dict[str, Json]:
    """The change as the outer contract spells it."""
    return {
        "category": change.category.value,
        "path": change.path,
        "kind": change.kind.value,
        "before": change.before,
        "after": change.after,
        "severity": change.severity.value,
        "cause": change.cause.value,
        "sentence": change.sentence,
        "detail": change.detail,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChange:
    """A change as the change-history log holds it.

    `watch` is what a user knows the trial by (label, else reference).
    """

    id: int
    observed_at: datetime
    record_id: int
    source: SourceName
    source_id: str
    registry_id: str | None
    watch: str
    label: str | None
    title: str | None
    sponsor: str | None
    posted: str | None
    from_version: int
    to_version: int
    change: Change
