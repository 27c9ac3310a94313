"""The two records of a comparison, with what names each of them."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.cli.json_out import Side
from monitor.model.record import TrialRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    before: TrialRecord
    after: TrialRecord
    old: Side
    new: Side

    @property
    def registry_id(self) -> str | None:
        return self.after.registry_id or self.before.registry_id
