"""The configuration, read: frozen values that the rest of the program is handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.deliver.redact import Secret
from monitor.egress.policy import HostPolicy, Network, TransportName
from monitor.model.alert import Recipient
from monitor.model.change import Severity
from monitor.model.privacy import Level, Retention
from monitor.model.record import SourceName
from monitor.model.watch import WatchSpec
from monitor.model.wording import Wording
from monitor.route.rules import Rule
from monitor.route.schedule import Hours

if TYPE_CHECKING:
    from monitor.deliver.destinations import ParsedDestination
    from monitor.deliver.signing import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """How one source is asked. `every` holds for watches that do not say how often."""

    base_url: str
    requests_per_second: float
    user_agent: str | None
    allow_private_addresses: bool
    transport: TransportName
    every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A named place to send to. `timezone` is that of the times it shows, None = that of the configuration.

    `hours` are when it wants to hear.
    `contacts` says whether persons are named there (full or masked); `seal` signs what a webhook gets.
    """

    name: str
    parsed: ParsedDestination
    allow_private_addresses: bool
    timezone: ZoneInfo | None
    hours: Hours = field(default_factory=Hours)
    contacts: Level = Level.FULL
    seal: Seal | None = None

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        return tuple(Recipient(destination=self.name, address=address) for address in self.parsed.recipients)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who hears of faults (names of destinations; empty if there are none), and the address that hears of each pass."""

    to: tuple[str, ...]
    ping_url: Secret | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A configuration without faults.

    `path` is the file that it came from. `store_url` is complete: paths are absolute. `rules` are those of the file
    or, where it has destinations but no rules, the one rule "default". `severities` are the user's own, by event or
    beginning of one. `secrets` are strings that no output may hold.
    """

    path: Path
    timezone: ZoneInfo
    store_url: Secret
    network: Network
    sources: Mapping[SourceName, SourceSettings]
    checks_every: timedelta
    correction_within: timedelta
    severities: Mapping[str, Severity]
    retention: Retention
    public_url: str | None
    destinations: Mapping[str, Destination]
    watches: tuple[WatchSpec, ...]
    rules: tuple[Rule, ...]
    operator: Operator
    wording: Wording
    secrets: tuple[str, ...] = field(repr=False)

    @property
    def operator_mail(self) -> str | None:
        """An address of the operator that takes mail, if there is one."""
        named = (self.destinations[name].parsed for name in self.operator.to if name in self.destinations)
        return next((address for parsed in named if parsed.mail for address in parsed.recipients), None)

    @property
    def policies(self) -> list[HostPolicy]:
        """How each source may be asked."""
        return [
            HostPolicy(
                source=name,
                base_url=each.base_url,
                requests_per_second=each.requests_per_second,
                user_agent=each.user_agent,
                allow_private_addresses=each.allow_private_addresses,
                transport=each.transport,
            )
            for name, each in self.sources.items()
        ]

    def reaches(self, recipient: Recipient) -> bool:
        """True if the configuration names this recipient; what waits for others stays until somebody decides."""
        destination = self.destinations.get(recipient.destination)
        return destination is not None and recipient.address in destination.parsed.recipients
