"""Connections to addresses that were looked at.

A name is resolved once for a connection, every address it leads to is checked, and the connection goes to one of
those very addresses: between the check and the connection nobody can point the name elsewhere. TLS still names the
host, so that its certificate is checked as ever.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeAlias

from monitor.egress.address import is_public
from monitor.egress.failures import Unreachable
from monitor.egress.library import httpcore
from monitor.egress.policy import Origin
from monitor.errors import AddressRefused

Resolver: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses of a host as the system gives them, without repeats. Raises OSError."""
    try:
        return (str(ipaddress.ip_address(host)),)
    except ValueError:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedAddresses:
    """Resolves hosts and lets only public addresses through, save for the origins in `private_allowed`."""

    def __init__(self, private_allowed: Iterable[Origin], resolve: Resolver) -> None:
        self._private_allowed = frozenset((origin.host, origin.port) for origin in private_allowed)
        self._resolve = resolve

    async def of(self, host: str, port: int) -> Sequence[str]:
        """The addresses to connect to. Raises AddressRefused if any of them is not public, Unreachable if none is."""
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as exc:
            raise Unreachable(f"{host} cannot be resolved: {exc}") from exc
        if not addresses:
            raise Unreachable(f"{host} has no address")
        if (host, port) not in self._private_allowed:
            refuse_private(host, addresses)
        return addresses


def refuse_private(host: str, addresses: Iterable[str]) -> None:
    """Raises AddressRefused if one of the addresses of `host` is not public."""
    for address in addresses:
        if not is_public(address):
            raise AddressRefused(
                f"{host} leads to {address}, which is not a public address. "
                "Set allow_private_addresses = true for this source if that is meant."
            )


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Makes the TCP connections of httpcore, to checked addresses only."""

    def __init__(self, addresses: CheckedAddresses) -> None:
        self._addresses = addresses
        self._tcp = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (the signature is httpcore's)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        last: Exception | None = None
        for address in await self._addresses.of(host, port):
            try:
                return await self._tcp.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                last = exc
        raise Unreachable(f"{host} takes no connection: {last or type(last).__name__}") from last

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
