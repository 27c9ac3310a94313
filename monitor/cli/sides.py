"""The two records of a comparison, with what names each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.cli.json_out import Side
from monitor.diff.correction import Earlier
from monitor.model.change import Severity
from monitor.model.record import TrialRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """`severities` are the user's own, `earlier` the record's changes shortly before the newer side was seen."""

    before: TrialRecord
    after: TrialRecord
    old: Side
    new: Side
    severities: Mapping[str, Severity] = field(default_factory=dict)
    earlier: tuple[Earlier, ...] = ()

    @property
    def registry_id(self) -> str | None:
        return self.after.registry_id or self.before.registry_id
