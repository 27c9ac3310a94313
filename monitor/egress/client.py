"""The one HTTP client of the program."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self, TypeAlias

import stamina

from monitor.egress.connect import Resolver, system_resolver
from monitor.egress.exchange import Exchanges
from monitor.egress.failures import Transient, Unreachable
from monitor.egress.fetched import Fetched
from monitor.egress.hosts import Host, Hosts
from monitor.egress.policy import HostPolicy, Limits, Network
from monitor.egress.rests import asks_for_rest
from monitor.errors import FetchFailed
from monitor.model.version import HostRest

stamina.instrumentation.set_on_retry_hooks(())  # they print arguments, and without structlog set up to stdout

log = logging.getLogger(__name__)

_LAST_SERVER_ERROR = 599
_FIRST_SERVER_ERROR = 500
_BUSY = 503

Keep: TypeAlias = Callable[[tuple[HostRest, ...]], Awaitable[None]]
"""Keeps the whole set of rests for the next run, at once."""


async def keep_nothing(_: tuple[HostRest, ...]) -> None:
    """For runs that leave nothing behind."""


class Egress:
    """Asks the hosts of `policies`, and no others. A Fetcher; use it as an async context manager, in one event loop.

    A host is asked one thing at a time, at most so often a second as its strictest policy says. `rests` are those of
    earlier runs; `keep` hears of each refusal before anything else is done, so that a run that is killed forgets none.
    `sleep` waits for a busy host.
    """

    def __init__(
        self,
        policies: Sequence[HostPolicy],
        network: Network,
        *,
        clock: Callable[[], datetime],
        rests: Sequence[HostRest] = (),
        limits: Limits | None = None,
        resolve: Resolver = system_resolver,
        keep: Keep = keep_nothing,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._limits = limits or Limits()
        self._keep, self._kept = keep, tuple(rests)
        self._sleep = sleep
        self._hosts = Hosts(policies, rests, now=clock(), patience=timedelta(seconds=self._limits.patience))
        self._exchanges = Exchanges(policies, network, self._limits, resolve)
        self._requests: Counter[str] = Counter({policy.source: 0 for policy in policies})

    @property
    def requests(self) -> Mapping[str, int]:
        """Requests sent so far, tries included, by the name of the source."""
        return dict(self._requests)

    def rests(self) -> tuple[HostRest, ...]:
        """Every host that is at rest, or refused us last time: the whole set, to be kept for the next run."""
        return self._hosts.rests()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exchanges.close()
        await self._keep_what_changed()

    async def get(self, url: str, *, accept: str) -> Fetched:
        """See Fetcher. Connection errors, cut bodies and 5xx are tried again at once, within the deadline.

        A busy host (429, 503) is asked again after the wait that it asks for, as far as the run's patience goes. All
        that is to be asked of it waits meanwhile.
        """
        host, policy = self._hosts.of(url)
        async with host.turn:
            while True:
                host.refuse_if_closed(self._clock())
                await host.wait_for_turn()
                answer = await self._within_deadline(url, accept, host, policy)
                now = self._clock()
                host.answered(answer, now)
                if not asks_for_rest(answer.status):
                    return answer
                await self._keep_what_changed()
                wait = host.wait_worth_while(now)
                if wait is None:
                    return answer
                log.info("a host is busy and is asked again", extra={"host": host.name, "seconds": wait.seconds})
                await self._sleep(wait.total_seconds())

    async def _keep_what_changed(self) -> None:
        rests = self.rests()
        if rests != self._kept:
            await self._keep(rests)
            self._kept = rests

    async def _within_deadline(self, url: str, accept: str, host: Host, policy: HostPolicy) -> Fetched:
        try:
            async with asyncio.timeout(self._limits.deadline):
                return await self._with_tries(url, accept, host, policy)
        except TimeoutError:
            raise FetchFailed(f"{host.name} gave no complete answer within {self._limits.deadline:g} s") from None
        except Unreachable as exc:
            host.failed(exc, self._clock())
            raise

    async def _with_tries(self, url: str, accept: str, host: Host, policy: HostPolicy) -> Fetched:
        limits = self._limits
        try:
            async for attempt in stamina.retry_context(
                on=(Transient, _ServerError),
                attempts=limits.tries,
                timeout=None,
                wait_initial=limits.first_wait,
                wait_jitter=limits.jitter,
            ):
                with attempt:
                    if attempt.num > 1:
                        await host.wait_for_turn()
                    return await self._once(url, accept, policy)
        except _ServerError as exc:
            return exc.answer
        raise AssertionError("stamina ends with a result or an error")

    async def _once(self, url: str, accept: str, policy: HostPolicy) -> Fetched:
        self._requests[policy.source] += 1
        status, headers, body = await self._exchanges.ask(url, accept, policy)
        answer = Fetched(status=status, headers=headers, body=body, url=url, fetched_at=self._clock())
        if _FIRST_SERVER_ERROR <= status <= _LAST_SERVER_ERROR and status != _BUSY:
            raise _ServerError(answer)
        return answer


class _ServerError(Exception):
    """A 5xx that may pass by itself; holds the answer for the case that it does not."""

    def __init__(self, answer: Fetched) -> None:
        super().__init__(f"{answer.url} answered {answer.status}")
        self.answer = answer
