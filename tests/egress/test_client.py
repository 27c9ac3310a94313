from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from monitor import __version__
from monitor.egress.client import Egress
from monitor.egress.policy import TransportName
from monitor.errors import FetchFailed
from tests.egress.loopback import QUICK, Clock, Server, answer, egress, hangs_up, policy, says, serving
from tests.egress.story import ANY, outcome, play


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_come_back_and_are_not_followed(status: int) -> None:
    async def story(server: Server, fetcher: Egress, _: Clock) -> None:
        fetched = await fetcher.get(f"{server.url}/a", accept=ANY)
        assert (fetched.status, fetched.headers["location"]) == (status, "/b")
        assert len(server.heads) == 1

    play(story, answer(b"", status, Location="/b"))


@pytest.mark.parametrize("location", ["ftp:..", "ssh:%2f%2f/etc/passwd", "http://[::1", "//[", "http://\x00/"])
def test_a_redirect_to_what_is_no_address_ends_nothing_but_this_request(location: str) -> None:
    async def story(server: Server, fetcher: Egress, _: Clock) -> None:
        assert await outcome(fetcher, f"{server.url}/a") in ("301", "FetchFailed")

    play(story, answer(b"", 301, Location=location))


@pytest.mark.parametrize("status", [200, 301, 304, 400, 404, 410, 418])
def test_other_answers_come_back_at_the_first_try(status: int) -> None:
    async def story(server: Server, fetcher: Egress, _: Clock) -> None:
        assert await outcome(fetcher, f"{server.url}/x") == str(status)
        assert fetcher.requests == {"ctgov": 1}
        assert fetcher.rests() == ()

    play(story, answer(b"", status))


@pytest.mark.parametrize("status", [500, 502, 504, 599])
def test_a_server_error_is_tried_again_and_comes_back_if_it_stays(status: int) -> None:
    async def passes_by(server: Server, fetcher: Egress, _: Clock) -> None:
        assert await outcome(fetcher, f"{server.url}/1") == "200"
        assert fetcher.requests == {"ctgov": 2}

    async def stays(server: Server, fetcher: Egress, _: Clock) -> None:
        assert await outcome(fetcher, f"{server.url}/1") == str(status)
        assert fetcher.requests == {"ctgov": 3}
        assert fetcher.rests() == ()

    play(passes_by, answer(b"", status), answer())
    play(stays, answer(b"", status))


def test_a_refusal_after_a_server_error_is_not_tried_again() -> None:
    async def story(server: Server, fetcher: Egress, _: Clock) -> None:
        assert await outcome(fetcher, f"{server.url}/1") == "429"
        assert len(server.heads) == 2

    play(story, answer(b"", 500), answer(b"", 429))


def test_a_lost_connection_is_tried_again() -> None:
    async def story(server: Server, fetcher: Egress, _: Clock) -> None:
        assert await outcome(fetcher, f"{server.url}/1") == "200"

    play(story, hangs_up, hangs_up, answer())


def test_a_host_is_asked_one_thing_at_a_time() -> None:
    async def story(server: Server, fetcher: Egress, _: Clock) -> None:
        await asyncio.gather(*(fetcher.get(f"{server.url}/{n}", accept=ANY) for n in range(8)))
        assert server.open_at_once == 1
        assert [head.split()[1] for head in server.heads] == [f"/{n}" for n in range(8)]

    play(story, answer())


def test_one_slow_host_does_not_hold_up_another() -> None:
    async def go() -> None:
        slow_is_let_go = asyncio.Event()

        async def waits(writer: asyncio.StreamWriter) -> None:
            await slow_is_let_go.wait()
            await answer()(writer)

        async with (
            serving(waits) as slow,
            serving(answer()) as quick,
            egress(policy(slow.url, "ctv"), policy(quick.url)) as fetcher,
        ):
            held = asyncio.create_task(outcome(fetcher, f"{slow.url}/1"))
            for n in range(5):
                assert await outcome(fetcher, f"{quick.url}/{n}") == "200"
            assert not held.done()
            slow_is_let_go.set()
            assert await held == "200"

    asyncio.run(go())


def test_the_pace_of_a_source_holds_also_for_tries() -> None:
    """After each request that arrives a bell is set to ring well within the pace: it rings before the next comes."""
    events: list[str] = []

    async def notes(writer: asyncio.StreamWriter) -> None:
        events.append("request")
        asyncio.get_running_loop().call_later(0.05, events.append, "bell")
        await answer(b"", 500)(writer)

    async def go() -> None:
        asked = replace(QUICK, tries=2)
        async with serving(notes) as server, egress(policy(server.url, rate=2), limits=asked) as fetcher:
            await asyncio.gather(*(fetcher.get(f"{server.url}/{n}", accept=ANY) for n in range(2)))

    asyncio.run(go())
    assert events[:7] == ["request", "bell"] * 3 + ["request"]


def test_a_host_that_is_down_is_left_alone_for_a_while() -> None:
    async def go() -> None:
        clock = Clock()
        async with serving(answer()) as server:
            url = server.url
        async with egress(policy(url), clock=clock, limits=replace(QUICK, tries=2)) as fetcher:
            for _ in range(3):
                assert await outcome(fetcher, f"{url}/1") == "FetchFailed"
            tried = fetcher.requests["ctgov"]
            assert tried == 6
            with pytest.raises(FetchFailed, match="3 times in a row"):
                await fetcher.get(f"{url}/2", accept=ANY)
            assert fetcher.requests["ctgov"] == tried
            clock.advance(seconds=61)
            await outcome(fetcher, f"{url}/3")
            assert fetcher.requests["ctgov"] == tried + 2

    asyncio.run(go())


def test_the_answer_says_when_it_came_and_what_was_asked() -> None:
    async def story(server: Server, fetcher: Egress, clock: Clock) -> None:
        fetched = await fetcher.get(f"{server.url}/studies?a=b%2Cc", accept=ANY)
        assert fetched.fetched_at == clock.now
        assert fetched.url == f"{server.url}/studies?a=b%2Cc"
        assert server.heads[0].startswith("GET /studies?a=b%2Cc HTTP/1.1\r\n")

    play(story, answer())


@pytest.mark.parametrize("transport", ["httpx", "urllib3"])
def test_by_default_the_library_and_the_project_are_named_and_nobody_else(transport: TransportName) -> None:
    async def go() -> None:
        async with serving(answer()) as server, egress(policy(server.url, transport=transport)) as fetcher:
            await fetcher.get(f"{server.url}/", accept="text/html")
        head = {line.partition(":")[0].lower(): line.partition(": ")[2] for line in server.heads[0].split("\r\n")}
        assert head["user-agent"].startswith(f"python-{transport}/")
        assert f"trial-monitor/{__version__}" in head["user-agent"]
        assert head["accept"] == "text/html"
        assert head["accept-encoding"] == "gzip"
        assert head["host"] == f"127.0.0.1:{server.port}"

    asyncio.run(go())


@pytest.mark.parametrize("transport", ["httpx", "urllib3"])
def test_a_configured_name_is_sent_as_it_stands(transport: TransportName) -> None:
    async def go() -> None:
        async with serving(answer()) as server:
            asked = replace(policy(server.url, transport=transport), user_agent="our-own/1.0 (hospital)")
            async with egress(asked) as fetcher:
                await fetcher.get(f"{server.url}/", accept=ANY)
        assert "our-own/1.0 (hospital)\r\n" in server.heads[0]
        assert "python" not in server.heads[0]

    asyncio.run(go())


def test_cookies_are_not_kept() -> None:
    async def story(server: Server, fetcher: Egress, _: Clock) -> None:
        await fetcher.get(f"{server.url}/1", accept=ANY)
        await fetcher.get(f"{server.url}/2", accept=ANY)
        assert "cookie" not in server.heads[1].lower()

    play(story, answer(b"", Set_Cookie="id=1; Path=/"))


def test_requests_are_counted_for_the_source_that_the_address_belongs_to() -> None:
    async def go() -> None:
        async with serving(answer()) as server:
            api, pages = policy(f"{server.url}/api/v2"), policy(server.url, "ctv")
            async with egress(api, pages) as fetcher:
                await fetcher.get(f"{server.url}/api/v2/version", accept=ANY)
                await fetcher.get(f"{server.url}/study/a", accept=ANY)
                await fetcher.get(f"{server.url}/api/v2beta", accept=ANY)
                assert fetcher.requests == {"ctgov": 1, "ctv": 2}

    asyncio.run(go())


def test_a_source_that_was_not_asked_counts_none() -> None:
    assert egress(policy("http://127.0.0.1:1")).requests == {"ctgov": 0}


def test_variables_of_the_environment_do_not_lead_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async def story(server: Server, fetcher: Egress, _: Clock) -> None:
        assert await outcome(fetcher, f"{server.url}/1") == "200"

    play(story, answer())


def test_an_endless_head_is_a_failure() -> None:
    async def story(server: Server, fetcher: Egress, _: Clock) -> None:
        assert await outcome(fetcher, f"{server.url}/1") == "FetchFailed"

    play(story, says(b"HTTP/1.1 200 OK\r\n" + b"X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" * 20_000))
