"""A host that is busy for a moment is asked again in the same run; one that refuses us never is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from monitor.egress.client import Egress
from monitor.egress.policy import Network
from monitor.model.version import HostRest
from tests.egress.loopback import QUICK, Clock, Reply, answer, hangs_up, policy, serving
from tests.egress.story import ANY, outcome

PATIENT = replace(QUICK, patience=120.0)
Story = Callable[[Egress, "Bed"], Coroutine[Any, Any, None]]


@dataclass
class Bed:
    """What is kept and how long is slept; the clock goes on by that much, where there is a `gate` when it is open."""

    urls: list[str]
    clock: Clock = field(default_factory=Clock)
    slept: list[float] = field(default_factory=list)
    kept: list[tuple[HostRest, ...]] = field(default_factory=list)
    gate: asyncio.Event | None = None

    async def keep(self, rests: tuple[HostRest, ...]) -> None:
        self.kept.append(rests)

    async def sleep(self, seconds: float) -> None:
        assert self.kept, "the wait is on record before it begins"
        if self.gate:
            await self.gate.wait()
        self.slept.append(seconds)
        self.clock.advance(seconds=seconds)


def wait(story: Story, *replies: Reply, rests: tuple[HostRest, ...] = ()) -> int:
    """A story with a busy host, and another one that is well; how often the busy one was asked."""

    async def go() -> int:
        async with serving(*replies) as busy, serving(answer()) as well:
            bed = Bed([busy.url, well.url])
            policies = [policy(url, source) for url, source in zip(bed.urls, ("ctgov", "ctv"), strict=True)]
            network = Egress(
                policies, Network(), clock=bed.clock, rests=rests, limits=PATIENT, keep=bed.keep, sleep=bed.sleep
            )
            async with network as fetcher:
                await story(fetcher, bed)
            return len(busy.heads)

    return asyncio.run(go())


def says_wait(text: str, status: int = 429) -> Reply:
    return answer(b"", status, Retry_After=text)


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_a_short_wait_gets_it_and_is_asked_again(status: int) -> None:
    async def story(fetcher: Egress, bed: Bed) -> None:
        assert await outcome(fetcher, f"{bed.urls[0]}/1") == "200"
        assert bed.slept == [7.0]
        assert fetcher.rests() == ()

    assert wait(story, says_wait("7", status), answer()) == 2


def test_a_wait_may_be_named_by_a_date() -> None:
    until = format_datetime(Clock().now + timedelta(seconds=30), usegmt=True)

    async def story(fetcher: Egress, bed: Bed) -> None:
        assert await outcome(fetcher, f"{bed.urls[0]}/1") == "200"
        assert bed.slept == [30.0]

    wait(story, says_wait(until, 503), answer())


@pytest.mark.parametrize("text", ["", "0", "-5", "soon", "Fri, 20 Nov 2020 11:00:00 GMT"])
def test_without_a_time_it_is_the_usual_one(text: str) -> None:
    async def story(fetcher: Egress, bed: Bed) -> None:
        assert await outcome(fetcher, f"{bed.urls[0]}/1") == "429"
        assert bed.slept == [5.0, 10.0, 20.0], "the wait doubles, and after three the host is left alone"

    assert wait(story, says_wait(text)) == 4


@pytest.mark.parametrize("text", ["121", "9" * 30, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_long_wait_is_left_to_a_later_run(text: str) -> None:
    async def story(fetcher: Egress, bed: Bed) -> None:
        assert await outcome(fetcher, f"{bed.urls[0]}/1") == "429"
        assert await outcome(fetcher, f"{bed.urls[0]}/2") == "HostResting"
        assert bed.slept == []

    assert wait(story, says_wait(text), answer()) == 1


def test_after_three_waits_in_vain_it_counts_as_throttled() -> None:
    async def story(fetcher: Egress, bed: Bed) -> None:
        assert await outcome(fetcher, f"{bed.urls[0]}/1") == "429"
        assert bed.slept == [5.0] * 3
        assert await outcome(fetcher, f"{bed.urls[0]}/2") == "HostResting"
        bed.clock.advance(seconds=5)
        assert await outcome(fetcher, f"{bed.urls[0]}/3") == "429", "and it is not waited for any more"

    assert wait(story, says_wait("5")) == 5


def test_what_a_host_gets_in_all_is_bounded_though_it_answers_in_between() -> None:
    async def story(fetcher: Egress, bed: Bed) -> None:
        assert [await outcome(fetcher, f"{bed.urls[0]}/{n}") for n in range(4)] == ["200", "200", "200", "429"]
        assert bed.slept == [40.0] * 3

    wait(story, *[says_wait("40"), answer()] * 4)


def test_ever_so_short_waits_are_no_race() -> None:
    until = format_datetime(Clock().now + timedelta(seconds=1), usegmt=True)

    async def story(fetcher: Egress, bed: Bed) -> None:
        bed.clock.advance(milliseconds=999)
        assert await outcome(fetcher, f"{bed.urls[0]}/1") == "200"
        assert bed.slept == [1.0]

    wait(story, says_wait(until), answer())


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_is_never_waited_out(status: int) -> None:
    async def story(fetcher: Egress, bed: Bed) -> None:
        assert await outcome(fetcher, f"{bed.urls[0]}/1") == str(status)
        assert await outcome(fetcher, f"{bed.urls[0]}/2") == "HostResting"
        assert bed.slept == []

    assert wait(story, says_wait("1", status), answer()) == 1


def test_a_refusal_after_a_wait_ends_the_waiting() -> None:
    async def story(fetcher: Egress, bed: Bed) -> None:
        assert await outcome(fetcher, f"{bed.urls[0]}/1") == "403"
        assert bed.slept == [1.0]

    assert wait(story, says_wait("1"), answer(b"", 403)) == 2


def test_a_server_error_after_a_wait_keeps_its_tries() -> None:
    async def story(fetcher: Egress, bed: Bed) -> None:
        assert await outcome(fetcher, f"{bed.urls[0]}/1") == "200"
        assert bed.slept == [1.0]

    assert wait(story, says_wait("1"), answer(b"", 500), hangs_up, answer()) == 4


def test_all_that_is_asked_of_the_host_waits_and_another_host_does_not() -> None:
    async def story(fetcher: Egress, bed: Bed) -> None:
        order: list[str] = []
        gate = bed.gate = asyncio.Event()

        async def ask(name: str, url: str) -> None:
            await fetcher.get(url, accept=ANY)
            order.append(name)
            if name == "other":
                gate.set()

        asked = [ask("first", f"{bed.urls[0]}/1"), ask("second", f"{bed.urls[0]}/2"), ask("other", f"{bed.urls[1]}/1")]
        async with asyncio.timeout(5):
            await asyncio.gather(*asked)
        assert order == ["other", "first", "second"]
        assert bed.slept == [9.0]

    assert wait(story, says_wait("9"), answer()) == 3


def test_each_refusal_is_kept_at_once_and_its_end_when_the_run_ends() -> None:
    beds: list[Bed] = []

    async def story(fetcher: Egress, bed: Bed) -> None:
        beds.append(bed)
        await fetcher.get(f"{bed.urls[0]}/1", accept=ANY)
        [(rest,)] = bed.kept
        assert (rest.status, rest.refusals) == (429, 1)
        for n in range(3):
            await fetcher.get(f"{bed.urls[0]}/{n}", accept=ANY)
        assert len(bed.kept) == 1, "no request costs a write"

    wait(story, says_wait("7"), answer())
    assert beds[0].kept[1:] == [()]


def test_a_rest_that_a_wrong_clock_set_comes_to_its_end() -> None:
    far = HostRest(host="elsewhere.example", status=403, until=Clock().now + timedelta(days=3650))
    beds: list[Bed] = []

    async def story(_fetcher: Egress, bed: Bed) -> None:
        beds.append(bed)

    wait(story, answer(), rests=(far,))
    assert beds[0].kept == [(replace(far, until=Clock().now + timedelta(days=7)),)]
