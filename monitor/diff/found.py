"""A difference as a comparer finds it, before anybody has judged it or put it into words."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.model.change import Category, Kind
from monitor.model.json import Json, JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`event` names what happened ("status.stopped"); severity and sentence are looked up by it."""

    event: str
    category: Category
    path: str
    kind: Kind
    before: Json = None
    after: Json = None
    detail: JsonObject = field(default_factory=dict)


def kind_of(before: Json, after: Json) -> Kind:
    """Added where nothing stood before, removed where nothing stands now, else changed."""
    if before is None:
        return Kind.ADDED
    return Kind.REMOVED if after is None else Kind.CHANGED
