"""The ways to recipients, one to each."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from monitor.deliver.destinations import ParsedDestination
from monitor.deliver.mail import Relay, send_mail
from monitor.deliver.mail_message import build_mail
from monitor.deliver.mail_route import MailRoute
from monitor.deliver.render import email, plain, slack
from monitor.deliver.services import SERVICES, Service
from monitor.egress.policy import Network
from monitor.egress.trust import tls_context
from monitor.errors import DestinationDown
from monitor.model.message import Message

DEADLINE = 60.0  # seconds for one message; well below half of the lease of an alert


class Channel(Protocol):
    """One way to one recipient. `pause` is the least time between two messages, in seconds."""

    @property
    def pause(self) -> float: ...

    def send(self, message: Message) -> None:
        """Hand the message over. Raises SendFailed, MessageRefused or DestinationDown."""
        ...


def open_channel(
    parsed: ParsedDestination, address: str, *, network: Network, allow_private: bool, clock: Callable[[], datetime]
) -> Channel:
    """The way to one recipient of a destination. Nothing is connected before a message is sent."""
    if address not in parsed.recipients:
        raise DestinationDown(f'The destination "{parsed.name}" no longer names "{address}".')
    service = SERVICES[parsed.scheme]
    if parsed.mail is not None:
        return MailChannel(
            destination=parsed.name,
            address=address,
            relay=Relay(route=parsed.mail, trust=_trust(network), allow_private=allow_private, secrets=parsed.secrets),
            clock=clock,
        )
    return AppriseChannel(
        parsed=parsed, address=address, service=service, network=network, allow_private=allow_private, clock=clock
    )


@lru_cache(maxsize=4)
def _trust(network: Network) -> ssl.SSLContext:
    """Reading the system's certificates takes longer than sending a mail."""
    return tls_context(network)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChannel:
    """Mail to one address, composed by us."""

    destination: str
    address: str
    relay: Relay
    clock: Callable[[], datetime]
    pause: float = 0.0

    @property
    def route(self) -> MailRoute:
        return self.relay.route

    def send(self, message: Message) -> None:
        content = email.compose(message)
        mail = build_mail(
            message, content, self.route, recipient=self.address, destination=self.destination, now=self.clock()
        )
        send_mail(self.relay, self.address, mail)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppriseChannel:
    """Slack and everything else that Apprise reaches."""

    parsed: ParsedDestination = field(repr=False)
    address: str
    service: Service
    network: Network
    allow_private: bool
    clock: Callable[[], datetime]

    @property
    def pause(self) -> float:
        return self.service.pause

    def send(self, message: Message) -> None:
        from monitor.deliver import apprise_channel
        from monitor.deliver.apprise_transport import Line

        route = apprise_channel.AppriseRoute(
            service=self.service, url=self.parsed.url.reveal(), address=self.address, secrets=self.parsed.secrets
        )
        plugin = apprise_channel.plugin_for(route)
        line = Line(
            trust=_trust(self.network),
            proxy=self.network.proxy,
            allow_private=self.allow_private,
            until=time.monotonic() + DEADLINE,
            now=self.clock(),
        )
        if self.service.form == "slack":
            told = slack.compose(message)
            note = apprise_channel.slack_note(told.title, told.body)
        elif self.service.form == "data":
            whole = plain.compose(message)
            note = apprise_channel.text_note(whole.title, whole.body)
        else:
            brief = plain.compose_brief(message, apprise_channel.longest_body(plugin, self.service))
            note = apprise_channel.text_note(brief.title, brief.body)
        apprise_channel.notify(route, plugin, note, line)
