"""The dead man's switch: an address asked after each complete pass. Its silence is somebody else's alarm."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from monitor.egress.policy import HostPolicy, Limits, Network
from monitor.errors import FetchError

LIMITS = Limits(deadline=10.0, tries=2)
"""A pass is not held up for long by an address that says nothing about any trial."""

log = logging.getLogger(__name__)


async def ping(url: str, network: Network, clock: Callable[[], datetime]) -> bool:
    """Ask the address once; whether it answered with success.

    A failure is a warning in the log, never an error; it does not name the address, which may be a secret.
    """
    from monitor.egress.client import Egress

    try:
        async with Egress([_policy(url)], network, clock=clock, limits=LIMITS) as egress:
            answer = await egress.get(url, accept="*/*")
    except (FetchError, ValueError) as error:
        log.warning("the ping address could not be asked", extra={"problem": type(error).__name__})
        return False
    good = answer.status // 100 == 2  # noqa: PLR2004 (2xx: success)
    if not good:
        log.warning("the ping address did not take the ping", extra={"status": answer.status})
    return good


def _policy(url: str) -> HostPolicy:
    """The operator's own address, from the configuration alone, is often one of the same network."""
    parts = urlsplit(url)
    return HostPolicy(
        source="ping",
        base_url=f"{parts.scheme}://{parts.netloc}",
        requests_per_second=0,
        allow_private_addresses=True,
    )
