"""What is wrong for now, as the operator is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.model.json import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`key` is unique among the open ones; `passes` counts the passes that met it, the first included."""

    id: int
    key: str
    kind: str
    record_id: int | None
    facts: JsonObject
    first_seen: datetime
    last_seen: datetime
    passes: int
    told_at: datetime | None = None
    recovered_at: datetime | None = None
