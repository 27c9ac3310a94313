"""What a pass needs to know of the configuration, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from monitor.model.alert import Recipient
from monitor.model.change import Severity
from monitor.model.record import SourceName
from monitor.model.watch import Watch
from monitor.route.rules import Rule
from monitor.route.schedule import Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWay:
    """Where a source is asked, and how often if a watch does not say."""

    base_url: str
    every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who is told: the rules, the recipients of each destination, when those want to hear, and the operator."""

    rules: tuple[Rule, ...] = ()
    recipients: Mapping[str, Sequence[Recipient]] = field(default_factory=dict)
    operator: tuple[Recipient, ...] = ()
    public_url: str | None = None
    hours: Mapping[str, Hours] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """`severities` are the user's own; what goes back to an earlier value within a set time is a correction."""

    sources: Mapping[SourceName, SourceWay]
    desk: Desk
    severities: Mapping[str, Severity] = field(default_factory=dict)
    correction_within: timedelta = timedelta(days=7)

    def every(self, watch: Watch, source: SourceName) -> timedelta:
        """The interval of one record of a watch."""
        return watch.every or self.sources[source].every
