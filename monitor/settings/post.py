"""How the recipients of a configuration are reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.errors import DestinationDown
from monitor.model.alert import Recipient
from monitor.model.privacy import Level
from monitor.pipeline.post import Channel, Post
from monitor.settings.values import Settings


def post_of(settings: Settings, clock: Callable[[], datetime]) -> Post:
    """The ways to all of its recipients; nothing is opened before something is to be sent."""
    ways = _Ways(settings=settings, clock=clock)
    return Post(open=ways.open, timezone=ways.timezone, holds_back=ways.holds_back)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    settings: Settings
    clock: Callable[[], datetime]

    def open(self, recipient: Recipient) -> Channel:
        from monitor.deliver.channels import open_channel

        if not self.settings.reaches(recipient):
            raise DestinationDown(
                f'The configuration no longer has "{recipient.address or recipient.destination}" at the destination '
                f'"{recipient.destination}". Put it back, or drop the alert: trial-monitor alerts drop.'
            )
        destination = self.settings.destinations[recipient.destination]
        return open_channel(
            destination.parsed,
            recipient.address,
            network=self.settings.network,
            allow_private=destination.allow_private_addresses,
            clock=self.clock,
            wording=self.settings.wording,
            operator=self.settings.operator_mail,
            contacts=destination.contacts,
            seal=destination.seal,
        )

    def timezone(self, recipient: Recipient) -> ZoneInfo:
        destination = self.settings.destinations.get(recipient.destination)
        return (destination.timezone if destination else None) or self.settings.timezone

    def holds_back(self, recipient: Recipient) -> bool:
        destination = self.settings.destinations.get(recipient.destination)
        return destination is not None and destination.contacts is not Level.FULL
