"""429, 503, 403 and 401: obeyed, not fought."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from monitor.egress.client import Egress
from monitor.errors import HostResting
from monitor.model.version import HostRest
from tests.egress.loopback import Clock, Server, answer, egress, policy, serving
from tests.egress.story import ANY, outcome, play


@pytest.mark.parametrize("status", [429, 503, 403, 401])
def test_a_refusal_comes_back_once_and_puts_the_host_to_rest(status: int) -> None:
    async def story(server: Server, fetcher: Egress, clock: Clock) -> None:
        assert await outcome(fetcher, f"{server.url}/1") == str(status)
        assert await outcome(fetcher, f"{server.url}/2") == "HostResting"
        with pytest.raises(HostResting) as caught:
            await fetcher.get(f"{server.url}/3", accept=ANY)
        assert (caught.value.status, caught.value.host) == (status, f"127.0.0.1:{server.port}")
        assert caught.value.until == clock.now + timedelta(seconds=5 if status in (429, 503) else 3600)
        assert len(server.heads) == 1
        clock.now = caught.value.until
        assert await outcome(fetcher, f"{server.url}/4") == "200"
        assert fetcher.rests() == ()

    play(story, answer(b"slow down", status), answer(b"ok"))


def test_what_a_host_says_in_retry_after_is_obeyed() -> None:
    async def story(server: Server, fetcher: Egress, clock: Clock) -> None:
        assert await outcome(fetcher, f"{server.url}/1") == "429"
        clock.advance(seconds=6999)
        assert await outcome(fetcher, f"{server.url}/2") == "HostResting"
        clock.advance(seconds=1)
        assert await outcome(fetcher, f"{server.url}/3") == "200"

    play(story, answer(b"", 429, Retry_After="7000"), answer())


def test_a_rest_outlives_the_run_and_grows_with_the_next_refusal() -> None:
    async def go() -> None:
        clock = Clock()
        async with serving(answer(b"", 403)) as server:
            async with egress(policy(server.url), clock=clock) as first:
                await first.get(f"{server.url}/1", accept=ANY)
                kept = first.rests()
            async with egress(policy(server.url), clock=clock, rests=kept) as second:
                assert await outcome(second, f"{server.url}/2") == "HostResting"
                clock.advance(hours=1)
                assert await outcome(second, f"{server.url}/3") == "403"
                [rest] = second.rests()
                assert (rest.refusals, rest.until) == (2, clock.now + timedelta(hours=2))
            assert len(server.heads) == 2

    asyncio.run(go())


def test_rests_of_hosts_that_are_not_configured_now_are_kept() -> None:
    rest = HostRest(host="elsewhere.example", status=403, until=datetime(2026, 11, 25, tzinfo=UTC))

    async def go() -> None:
        async with serving(answer()) as server, egress(policy(server.url), rests=[rest]) as fetcher:
            assert await outcome(fetcher, f"{server.url}/1") == "200"
            assert fetcher.rests() == (rest,)

    asyncio.run(go())


def test_questions_that_wait_their_turn_are_not_asked_once_the_host_refused() -> None:
    async def story(server: Server, fetcher: Egress, _: Clock) -> None:
        asked = [outcome(fetcher, f"{server.url}/{n}") for n in range(5)]
        assert await asyncio.gather(*asked) == ["429", *["HostResting"] * 4]
        assert len(server.heads) == 1

    play(story, answer(b"", 429))
