"""The ways to the readers, and to the operator."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from monitor.cli.doctoring.finding import Finding, fault, warning, well
from monitor.deliver.mail import Relay, try_log_in
from monitor.egress.policy import Network
from monitor.egress.trust import tls_context
from monitor.errors import DestinationDown, SendFailed
from monitor.settings.values import Destination, Settings

PATIENCE = 20.0  # seconds for one log-in


def look_at_destinations(settings: Settings, log_in: Callable[[Relay], None] = try_log_in) -> Iterator[Finding]:
    """One finding for each destination. Mail servers are logged in to; nothing is sent."""
    for destination in settings.destinations.values():
        yield look_at_destination(destination, settings.network, log_in)


def judge_readers(settings: Settings) -> Finding:
    """Whether anybody is told of changes, and the operator of faults."""
    if not settings.destinations:
        return fault("destinations", "Nobody is told of changes.", "Add a destination: [destinations.NAME].")
    if not settings.operator.to:
        told = "Nobody is told when a source or a destination fails."
        return fault("operator", told, "Name a destination: [operator] to = [...].")
    return well("operator", f"Faults are told to {', '.join(settings.operator.to)}.")


def look_at_destination(destination: Destination, network: Network, log_in: Callable[[Relay], None]) -> Finding:
    """Log in to a mail server; what else there is can only be tried with a message."""
    parsed = destination.parsed
    topic = f"to {destination.name}"
    if parsed.mail is None:
        return well(topic, f"{parsed.scheme}:// is understood. To try it: trial-monitor destination test {parsed.name}")
    relay = Relay(
        route=parsed.mail,
        trust=tls_context(network),
        allow_private=destination.allow_private_addresses,
        secrets=parsed.secrets,
        deadline=PATIENCE,
    )
    try:
        log_in(relay)
    except DestinationDown as error:
        return fault(topic, str(error), "")  # it says what to do
    except SendFailed as error:
        return warning(topic, str(error), "Check host and port, and whether the network lets mail out (port 587, 465).")
    how = "takes our log-in" if parsed.mail.user else "answers (no log-in is configured)"
    return well(topic, f"The mail server {parsed.mail.host}:{parsed.mail.port} {how}.")
