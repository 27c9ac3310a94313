"""Whether the sources answer from here, and as whom they have to be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor import __version__
from monitor.cli.doctoring.finding import Finding, fault, warning, well
from monitor.egress.client import Egress
from monitor.egress.failures import Unreachable, Untrusted
from monitor.egress.policy import HostPolicy, Limits, Network, TransportName
from monitor.errors import AddressRefused, FetchFailed, HostResting
from monitor.model.version import HostRest

PATHS = {"ctgov": "version", "ctv": "robots.txt"}
"""What is asked of each source: the smallest thing that it has."""

PATIENCE = Limits(deadline=20.0, tries=1)
PAUSE = 1.0  # seconds between two requests to one host
REFUSED = (401, 403)
BUSY = (429, 503)
TRANSPORTS: tuple[TransportName, ...] = ("httpx", "urllib3")
PLAIN_AGENT = f"trial-monitor/{__version__}"

Probe = Callable[[HostPolicy], Awaitable[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """How to get out, and which hosts are to be left alone."""

    network: Network
    clock: Callable[[], datetime]
    rests: Sequence[HostRest] = ()


async def look_at_sources(policies: Sequence[HostPolicy], around: Surroundings) -> tuple[Finding, ...]:
    """One finding for each source."""

    async def probe(policy: HostPolicy) -> int:
        async with Egress([policy], around.network, clock=around.clock, rests=around.rests, limits=PATIENCE) as egress:
            url = f"{policy.base_url.rstrip('/')}/{PATHS.get(policy.source, '')}"
            return (await egress.get(url, accept="*/*")).status

    return tuple([await look_at_source(policy, around.network, probe, pause=PAUSE) for policy in policies])


async def look_at_source(policy: HostPolicy, network: Network, probe: Probe, *, pause: float) -> Finding:
    """Ask once; where the source refuses, try in whose name it answers, with a pause before each try."""
    topic = f"source {policy.source}"
    try:
        status = await probe(policy)
    except FETCH_ERRORS as error:
        return _unreached(topic, policy, network, error)
    if status in REFUSED:
        return await _find_a_way(topic, policy, status, probe, pause=pause)
    if status in BUSY:
        return warning(topic, f"{policy.base_url} asks for quiet ({status}).", "Nothing: it is asked again later.")
    if status >= FIRST_SERVER_ERROR:
        return warning(topic, f"{policy.base_url} has a trouble of its own ({status}).", "Try again later.")
    return well(topic, f"{policy.base_url} answers.")


FETCH_ERRORS = (FetchFailed, AddressRefused, HostResting)
FIRST_SERVER_ERROR = 500


async def _find_a_way(topic: str, policy: HostPolicy, status: int, probe: Probe, *, pause: float) -> Finding:
    for other in other_ways(policy):
        await asyncio.sleep(pause)
        try:
            answer = await probe(other)
        except FETCH_ERRORS:
            continue
        if answer not in (*REFUSED, *BUSY):
            return fault(topic, f"{policy.base_url} refuses us ({status}), but answers otherwise.", _setting(other))
    return fault(
        topic,
        f"{policy.base_url} refuses every way we have ({status}).",
        "Try from another network: some refuse the addresses of data centres. Do not ask more often.",
    )


def other_ways(policy: HostPolicy) -> Iterator[HostPolicy]:
    """The other combinations of transport and User-Agent; none pretends to be a browser."""
    tried = {(policy.transport, policy.user_agent)}
    for agent in (None, PLAIN_AGENT):
        for transport in TRANSPORTS:
            if (transport, agent) not in tried:
                yield replace(policy, transport=transport, user_agent=agent)


def _setting(policy: HostPolicy) -> str:
    agent = f' and user_agent = "{policy.user_agent}"' if policy.user_agent else " and no user_agent"
    return f'In [sources.{policy.source}] set transport = "{policy.transport}"{agent}.'


def _unreached(topic: str, policy: HostPolicy, network: Network, error: Exception) -> Finding:
    match error:
        case HostResting():
            return warning(topic, f"{error}.", "Nothing: it is asked again then.")
        case AddressRefused():
            remedy = f"For a server of your own set [sources.{policy.source}] allow_private_addresses = true."
        case Untrusted():
            remedy = "If your network inspects TLS, set [network] ca_bundle to its certificates (ask your IT)."
        case Unreachable() if network.proxy:
            remedy = "Check [network] proxy: is it the right address, does it let this machine out?"
        case _:
            remedy = "Check the network; behind a hospital's or company's proxy set [network] proxy."
    return fault(topic, f"{policy.base_url} gives no answer: {error}.".replace("..", "."), remedy)
