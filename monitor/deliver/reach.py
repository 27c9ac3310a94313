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
        addresses = _resolved(host, port)
    except (OSError, UnicodeError) as exc:
        raise SendFailed(f"{host} cannot be resolved: {exc}.", unreached=True) from exc
    private = [address for address in addresses if not is_public(address)]
    if private and not allow_private:
        raise DestinationDown(
            f"{host} leads to {private[0]}, which is not a public address. If that is meant (a mail relay or a "
            "server in your own network), set allow_private_addresses = true for this destination."
        )
    return addresses


def is_near(host: str, port: int, *, allow_private: bool) -> bool:
    """True for what no proxy need reach for us: this machine, and servers of our own network that are allowed."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback or (allow_private and not is_public(host))
    except ValueError:
        return host.casefold() == "localhost" or (allow_private and _leads_home(host, port))


def _leads_home(host: str, port: int) -> bool:
    try:
        return not any(is_public(address) for address in _resolved(host, port))
    except (OSError, UnicodeError):
        return False  # behind a proxy, names of the outside may not resolve here


def _resolved(host: str, port: int) -> tuple[str, ...]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
