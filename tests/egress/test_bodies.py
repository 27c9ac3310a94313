"""What may be wrong with the body of an answer; each over real sockets and both transports."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.egress.decoding import BodyAssembly
from monitor.egress.fetched import Fetched
from monitor.egress.policy import Limits, TransportName
from monitor.errors import FetchFailed
from tests.egress.loopback import QUICK, Reply, answer, drips, egress, hangs_up, policy, says, serving

TEXT = b'{"studies": [' + b", ".join(b'{"n": %d}' % n for n in range(2000)) + b"]}"
ZIPPED = gzip.compress(TEXT)
TINY = replace(QUICK, body=100_000, ratio_from=10_000, ratio=50, tries=1)


@pytest.fixture(params=["httpx", "urllib3"])
def transport(request: pytest.FixtureRequest) -> TransportName:
    name: TransportName = request.param
    return name


def fetch(*replies: Reply, transport: TransportName = "httpx", limits: Limits = QUICK) -> Fetched:
    async def go() -> Fetched:
        async with (
            serving(*replies) as server,
            egress(policy(server.url, transport=transport), limits=limits) as fetcher,
        ):
            return await fetcher.get(f"{server.url}/studies", accept="application/json")

    return asyncio.run(go())


def test_a_plain_and_a_compressed_body_arrive_whole(transport: TransportName) -> None:
    assert fetch(answer(TEXT), transport=transport).body == TEXT
    assert fetch(answer(ZIPPED, Content_Encoding="gzip"), transport=transport).body == TEXT
    assert fetch(answer(ZIPPED, Content_Encoding="X-GZIP"), transport=transport).body == TEXT


def test_a_body_in_chunks_arrives_whole(transport: TransportName) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (TEXT[:10], TEXT[10:]))
    assert fetch(says(head + chunks + b"0\r\n\r\n"), transport=transport).body == TEXT


def test_headers_have_lower_case_names(transport: TransportName) -> None:
    fetched = fetch(answer(b"x", Content_Type="text/HTML; charset=UTF-8"), transport=transport)
    assert fetched.headers["content-type"] == "text/HTML; charset=UTF-8"
    assert fetched.status == 200


def test_a_body_of_several_gzip_members_is_one_body() -> None:
    zipped = gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:])
    assert fetch(answer(zipped, Content_Encoding="gzip")).body == TEXT


CUT = {
    "a gzip stream cut in the middle": answer(ZIPPED[: len(ZIPPED) // 2], Content_Encoding="gzip"),
    "a gzip stream without its last byte": answer(ZIPPED[:-1], Content_Encoding="gzip"),
    "a gzip stream cut in its header": answer(ZIPPED[:5], Content_Encoding="gzip"),
    "a gzip stream of no bytes": answer(b"", Content_Encoding="gzip"),
    "a gzip stream with a flipped byte": answer(ZIPPED[:40] + b"\xff\xff" + ZIPPED[42:], Content_Encoding="gzip"),
    "a gzip stream with a wrong checksum": answer(ZIPPED[:-8] + bytes(4) + ZIPPED[-4:], Content_Encoding="gzip"),
    "something after the end of a gzip stream": answer(ZIPPED + b"<html>", Content_Encoding="gzip"),
    "text that claims to be gzip": answer(TEXT, Content_Encoding="gzip"),
    "fewer bytes than Content-Length": answer(TEXT, length=len(TEXT) + 1),
    "a chunk that breaks off": says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc"),
    "chunks without an end": says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
    "no answer at all": hangs_up,
    "no HTTP": says(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
}


@pytest.mark.parametrize("what", CUT)
def test_a_cut_or_garbled_answer_is_a_failure(what: str, transport: TransportName) -> None:
    with pytest.raises(FetchFailed):
        fetch(CUT[what], transport=transport, limits=replace(QUICK, tries=1))


@pytest.mark.parametrize("what", CUT)
def test_a_cut_answer_is_asked_for_once_more(what: str, transport: TransportName) -> None:
    assert fetch(CUT[what], answer(TEXT), transport=transport).body == TEXT


TOO_MUCH = {
    "a plain body over the limit": answer(bytes(100_001)),
    "a Content-Length over the limit": says(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"),
    "a Content-Length of thousands of digits": says(b"HTTP/1.1 200 OK\r\nContent-Length: 1%s\r\n\r\n" % (b"0" * 3000)),
    "a bomb": answer(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"),
    "a body that unpacks to over the limit": answer(
        gzip.compress(b"".join(b"%x " % (n * 2654435761 % 2**32) for n in range(15_000))), Content_Encoding="gzip"
    ),
    "a body that unpacks to too many times its size": answer(gzip.compress(bytes(60_000)), Content_Encoding="gzip"),
    "chained codings": answer(gzip.compress(ZIPPED), Content_Encoding="gzip, gzip"),
    "a coding that was not asked for": answer(TEXT, Content_Encoding="br"),
    "deflate": answer(zlib.compress(TEXT), Content_Encoding="deflate"),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_what_is_too_large_or_coded_otherwise_is_refused(what: str, transport: TransportName) -> None:
    with pytest.raises(FetchFailed):
        fetch(TOO_MUCH[what], transport=transport, limits=TINY)


def test_what_is_too_large_is_not_asked_for_again() -> None:
    async def go() -> int:
        async with serving(answer(bytes(100_001))) as server, egress(policy(server.url), limits=TINY) as fetcher:
            with pytest.raises(FetchFailed):
                await fetcher.get(f"{server.url}/x", accept="*/*")
            return len(server.heads)

    assert asyncio.run(go()) == 1


def test_a_drip_meets_the_deadline(transport: TransportName) -> None:
    with pytest.raises(FetchFailed, match=r"0\.3 s"):
        fetch(drips, transport=transport, limits=replace(QUICK, deadline=0.3))


@given(st.binary(max_size=3000), st.integers(1, 4000))
def test_a_body_is_the_same_however_it_is_cut_into_packets(body: bytes, size: int) -> None:
    zipped = gzip.compress(body)
    assembly = BodyAssembly("gzip", Limits())
    for start in range(0, len(zipped), size):
        assembly.take(zipped[start : start + size])
    assert assembly.finish() == body


@given(st.binary(min_size=1, max_size=500), st.data())
def test_no_true_prefix_of_a_gzip_stream_is_taken_for_the_whole(body: bytes, data: st.DataObject) -> None:
    zipped = gzip.compress(body)
    assembly = BodyAssembly("gzip", Limits())
    assembly.take(zipped[: data.draw(st.integers(1, len(zipped) - 1))])
    with pytest.raises(FetchFailed):
        assembly.finish()


def test_a_large_body_that_compresses_well_is_unpacked_whole() -> None:
    body = b"".join(b'{"facility": "Hospital %d", "status": "RECRUITING"}' % n for n in range(100_000))
    assembly = BodyAssembly("gzip", Limits())
    assembly.take(gzip.compress(body, 9))
    assert assembly.finish() == body
