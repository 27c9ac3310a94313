"""The ways to recipients, one to each."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Protocol, TypeAlias

from monitor.deliver.destinations import ParsedDestination
from monitor.deliver.mail import Relay, send_mail
from monitor.deliver.mail_message import build_mail
from monitor.deliver.mail_route import MailRoute
from monitor.deliver.masking import masked
from monitor.deliver.render import brief, email, plain, slack, teams
from monitor.deliver.render.facts import facts_of
from monitor.deliver.services import SERVICES, SIGNED, Service
from monitor.deliver.signing import Seal, webhook_headers
from monitor.egress.policy import Network
from monitor.egress.trust import tls_context
from monitor.errors import DestinationDown
from monitor.model.message import Message
from monitor.model.privacy import Level
from monitor.model.wording import Wording

if TYPE_CHECKING:
    from monitor.deliver.apprise_channel import Note
    from monitor.deliver.apprise_transport import Line

DEADLINE = 60.0  # seconds for one message; well below half of the lease of an alert


HandOver: TypeAlias = Callable[[], None]
"""A message in its final form; the call hands it over. Raises SendFailed, MessageRefused or DestinationDown."""


class Channel(Protocol):
    """One way to one recipient. `pause` is the least time between two messages, in seconds."""

    @property
    def pause(self) -> float: ...

    def write(self, message: Message) -> HandOver:
        """Bring the message into the form that this way takes; nothing leaves before the result is called."""
        ...


def open_channel(
    parsed: ParsedDestination,
    address: str,
    *,
    network: Network,
    allow_private: bool,
    clock: Callable[[], datetime],
    wording: Wording | None = None,
    operator: str | None = None,
    contacts: Level | None = None,
    seal: Seal | None = None,
) -> Channel:
    """The way to one recipient of a destination. Nothing is connected before a message is sent.

    `wording` is the user's own, which every message to this destination bears; `operator` the address to which who
    wants no more of them may write. `contacts` says whether persons are named there (by default as `contacts_shown`);
    `seal` signs what a webhook gets.
    """
    outside = _Outside(network=network, allow_private=allow_private, clock=clock)
    way = _way(parsed, address, outside, operator=operator, seal=seal)
    own = WordedChannel(way=way, wording=replace(wording or Wording(), destination=parsed.name))
    return DiscreetChannel(way=own) if (contacts or contacts_shown(parsed)) is not Level.FULL else own


def contacts_shown(parsed: ParsedDestination) -> Level:
    """How much of persons a destination shows unless it says: a channel that many read shows nothing of them."""
    return Level.FULL if SERVICES[parsed.scheme].form in ("mail", "data") else Level.MASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outside:
    """What every way needs of the outside."""

    network: Network
    allow_private: bool
    clock: Callable[[], datetime]


def _way(
    parsed: ParsedDestination, address: str, outside: _Outside, *, operator: str | None, seal: Seal | None
) -> Channel:
    if address not in parsed.recipients:
        raise DestinationDown(f'The destination "{parsed.name}" no longer names "{address}".')
    service = SERVICES[parsed.scheme]
    if parsed.mail is not None:
        return MailChannel(
            destination=parsed.name,
            address=address,
            relay=Relay(
                route=parsed.mail,
                trust=_trust(outside.network),
                allow_private=outside.allow_private,
                secrets=parsed.secrets,
            ),
            clock=outside.clock,
            operator=operator,
        )
    return AppriseChannel(
        parsed=parsed,
        address=address,
        service=service,
        network=outside.network,
        allow_private=outside.allow_private,
        clock=outside.clock,
        seal=seal,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscreetChannel:
    """A way whose readers are told of no person: whatever form it gives a message, it gets one without them."""

    way: Channel

    @property
    def pause(self) -> float:
        return self.way.pause

    def write(self, message: Message) -> HandOver:
        return self.way.write(masked(message))


@dataclass(frozen=True, slots=True, kw_only=True)
class WordedChannel:
    """A way whose messages bear words of the user."""

    way: Channel
    wording: Wording

    @property
    def pause(self) -> float:
        return self.way.pause

    def write(self, message: Message) -> HandOver:
        return self.way.write(replace(message, wording=self.wording))


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
    operator: str | None = None
    pause: float = 0.0

    @property
    def route(self) -> MailRoute:
        return self.relay.route

    def write(self, message: Message) -> HandOver:
        mail = build_mail(
            message,
            email.compose(message),
            self.route,
            recipient=self.address,
            destination=self.destination,
            now=self.clock(),
            operator=self.operator,
        )
        return partial(send_mail, self.relay, self.address, mail)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppriseChannel:
    """Slack and everything else that Apprise reaches."""

    parsed: ParsedDestination = field(repr=False)
    address: str
    service: Service
    network: Network
    allow_private: bool
    clock: Callable[[], datetime]
    seal: Seal | None = None

    @property
    def pause(self) -> float:
        return self.service.pause

    def write(self, message: Message) -> HandOver:
        from monitor.deliver import apprise_channel

        route = apprise_channel.AppriseRoute(
            service=self.service, url=self.parsed.url.reveal(), address=self.address, secrets=self.parsed.secrets
        )
        plugin = apprise_channel.plugin_for(route)
        note = self._note(message, apprise_channel.longest_body(plugin, self.service))
        return lambda: apprise_channel.notify(route, plugin, note, self._line(message))

    def _note(self, message: Message, longest: int) -> Note:
        from monitor.deliver import apprise_channel

        match self.service.form:
            case "slack":
                mrkdwn = slack.compose(message)
                return apprise_channel.marked_note(mrkdwn.title, mrkdwn.body)
            case "teams":
                card = teams.compose(message, longest)
                return apprise_channel.marked_note(card.title, card.body)
            case "data":
                whole = plain.compose(message)
                return apprise_channel.text_note(whole.title, whole.body, facts_of(message) if self._signs else None)
            case _:
                told = brief.compose(message, longest)
                return apprise_channel.text_note(told.title, told.body)

    @property
    def _signs(self) -> bool:
        """True for webhooks of JSON: they bear the alert's facts, its id and, where there is a secret, a signature."""
        return self.parsed.scheme in SIGNED

    def _line(self, message: Message) -> Line:
        from monitor.deliver.apprise_transport import Line

        now = self.clock()
        return Line(
            trust=_trust(self.network),
            proxy=self.network.proxy,
            allow_private=self.allow_private,
            until=time.monotonic() + DEADLINE,
            now=now,
            headers=partial(webhook_headers, message.code, now, self.seal) if self._signs else None,
        )
