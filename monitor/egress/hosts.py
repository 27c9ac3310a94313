"""Which hosts may be asked, when, and on whose account."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from aiolimiter import AsyncLimiter

from monitor.egress.fetched import Fetched
from monitor.egress.library import httpx
from monitor.egress.policy import DEFAULT_PORTS, HostPolicy, Origin, origin_of, refusal_of
from monitor.egress.rests import asks_for_rest, bounded, rest_after, resting_until, wait_for_busy
from monitor.errors import AddressRefused, FetchFailed, HostResting
from monitor.model.version import HostRest

_TRIES_BEFORE_PAUSE: Final = 3
_PAUSE: Final = timedelta(seconds=60)
_FIRST_SERVER_ERROR: Final = 500
_MOST_WAITS: Final = 3


class Host:
    """One host: its turn, its pace, and whether it wants to be left alone.

    `patience` is how long this run waits for it, in all, while it is busy.
    """

    def __init__(
        self, name: str, policies: Sequence[HostPolicy], rest: HostRest | None, *, patience: timedelta
    ) -> None:
        self.name = name
        self.turn = asyncio.Lock()
        self.rest = rest
        paces = [policy.requests_per_second for policy in policies if policy.requests_per_second > 0]
        self._limiter = AsyncLimiter(1, 1 / min(paces)) if paces else None
        self._failures = 0
        self._paused_until: datetime | None = None
        self._patience = patience
        self._waits = 0

    async def wait_for_turn(self) -> None:
        """Come back when the host may be asked once more."""
        if self._limiter is not None:
            await self._limiter.acquire()

    def refuse_if_closed(self, now: datetime) -> None:
        """Raises HostResting while the host is at rest, FetchFailed while it seems to be down."""
        until = resting_until(self.rest, now)
        if self.rest is not None and until is not None:
            raise HostResting(self.name, self.rest.status, until)
        if self._paused_until is not None and now < self._paused_until:
            raise FetchFailed(
                f"{self.name} could not be reached {self._failures} times in a row; "
                f"it is asked again after {self._paused_until:%H:%M:%S} UTC"
            )

    def wait_worth_while(self, now: datetime) -> timedelta | None:
        """How long to wait before a busy host is asked again in this run; None if it is not to be.

        Each wait is taken from what is left of the patience, and after some in vain there is none.
        """
        wait = wait_for_busy(self.rest, now)
        if wait is None or wait > self._patience or self._waits >= _MOST_WAITS:
            return None
        self._waits += 1
        self._patience -= wait
        return wait

    def answered(self, answer: Fetched, now: datetime) -> None:
        """Note an answer: a refusal begins a rest, any answer but a server's error ends the row of refusals."""
        self._failures = 0
        self._paused_until = None
        if asks_for_rest(answer.status):
            self.rest = rest_after(self.name, answer.status, answer.headers.get("retry-after"), now, self.rest)
        elif answer.status < _FIRST_SERVER_ERROR:
            self.rest = None
            self._waits = 0

    def failed(self, error: FetchFailed, now: datetime) -> None:
        """Note that no connection came about: after a few in a row, a dead host must not hold up a whole pass."""
        del error
        self._failures += 1
        if self._failures >= _TRIES_BEFORE_PAUSE:
            self._paused_until = now + _PAUSE


class Hosts:
    """The allow-list: the origins of the configured sources.

    `patience` holds for each host by itself. Raises AddressRefused for a source whose address may not be asked.
    """

    def __init__(
        self, policies: Sequence[HostPolicy], rests: Sequence[HostRest], *, now: datetime, patience: timedelta
    ) -> None:
        self._policies: dict[Origin, list[HostPolicy]] = {}
        for policy in policies:
            self._policies.setdefault(_allowed_origin(policy), []).append(policy)
        kept = {rest.host: bounded(rest, now) for rest in rests}
        self._foreign = {name: rest for name, rest in kept.items() if name not in map(str, self._policies)}
        self._hosts = {
            origin: Host(str(origin), found, kept.get(str(origin)), patience=patience)
            for origin, found in self._policies.items()
        }

    def of(self, url: str) -> tuple[Host, HostPolicy]:
        """The host that `url` names, and the source on whose account it is asked. Raises AddressRefused."""
        parsed = _parsed(url)
        origin = _origin(parsed)
        if origin not in self._hosts:
            raise AddressRefused(f"{parsed.scheme}://{parsed.netloc.decode('ascii')} is none of the configured sources")
        fitting = [policy for policy in self._policies[origin] if _is_below(parsed.path, policy)]
        return self._hosts[origin], max(fitting or self._policies[origin][:1], key=lambda policy: len(policy.base_url))

    def rests(self) -> tuple[HostRest, ...]:
        """All rests, those of hosts that are not configured now included."""
        ours = (host.rest for host in self._hosts.values())
        return (*self._foreign.values(), *(rest for rest in ours if rest is not None))


def _allowed_origin(policy: HostPolicy) -> Origin:
    try:
        origin = origin_of(policy.base_url)
    except ValueError as exc:
        raise AddressRefused(f"sources.{policy.source}.base_url: {exc}") from None
    reason = refusal_of(origin, allow_private=policy.allow_private_addresses)
    if reason is not None:
        raise AddressRefused(f"sources.{policy.source}.base_url: {reason}")
    return origin


def _parsed(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as exc:
        raise AddressRefused(f"{url!r} is no address: {exc}") from None
    if parsed.userinfo:
        raise AddressRefused(f"an address with a user name is not asked ({parsed.host})")
    return parsed


def _origin(url: httpx.URL) -> Origin:
    host = url.raw_host.decode("ascii").lower()
    return Origin(url.scheme, host, url.port or DEFAULT_PORTS.get(url.scheme, 0))


def _is_below(path: str, policy: HostPolicy) -> bool:
    base = httpx.URL(policy.base_url).path.rstrip("/")
    return path == base or path.startswith(base + "/")
