"""What a user does not want to hear of for a while."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MuteKind(StrEnum):
    WATCH = "watch"
    CATEGORY = "category"
    DESTINATION = "destination"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """`name` is a watch's label, reference or NCT number, a category, or the name of a destination."""

    id: int
    kind: MuteKind
    name: str
    until: datetime
    made_at: datetime

    def is_about(self, kind: MuteKind, names: Collection[str]) -> bool:
        """True if it mutes something of this kind that has one of these names, compared without case."""
        return self.kind is kind and self.name.casefold() in {name.casefold() for name in names}
