"""Where a destination's host leads, and whether a message may go there."""

from __future__ import annotations

import ipaddress
import socket

from monitor.egress.address import is_public
from monitor.errors import DestinationDown, SendFailed


def addresses_of(host: str, port: int, *, allow_private: bool) -> tuple[str, ...]:
    """The addresses to connect to, each looked at: the connection must go to one of these very addresses.

    Raises SendFailed if the name cannot be resolved now, DestinationDown if it leads to an address that is not
    public and the destination does not say `allow_private_addresses = true`.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise SendFailed(f"{host} cannot be resolved: {exc}.") from exc
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    private = [address for address in addresses if not is_public(address)]
    if private and not allow_private:
        raise DestinationDown(
            f"{host} leads to {private[0]}, which is not a public address. If that is meant (a mail relay or a "
            "server in your own network), set allow_private_addresses = true for this destination."
        )
    return addresses


def is_loopback(host: str) -> bool:
    """True for this very machine, which no proxy can reach for us."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"
