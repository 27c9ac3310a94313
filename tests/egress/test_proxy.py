"""The way out through a configured proxy."""

from __future__ import annotations

import asyncio
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from monitor.egress.policy import HostPolicy, Network, TransportName
from monitor.errors import AddressRefused, FetchFailed
from tests.egress.loopback import QUICK, Reply, answer, egress, listening, policy, serving, tls_server

ANY = "*/*"
ONCE = replace(QUICK, tries=1)
PUBLIC = HostPolicy(source="ctgov", base_url="https://registry.example/api", requests_per_second=0)


@dataclass
class Proxy:
    """A proxy on loopback: forwards http, opens tunnels to a fixed port whatever name is asked for."""

    target: int
    refuses: bool = False
    heads: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.heads.append(head)
        if self.refuses:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        if head.startswith("CONNECT"):
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            back.write(head.encode("latin-1"))
        with closing(back), suppress(ConnectionError):
            await asyncio.gather(self.pipe(reader, back), self.pipe(there, writer))

    @staticmethod
    async def pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
        sink.close()


async def through_proxy(
    proxy: Proxy, asked: HostPolicy, url: str, *, reply: Reply, authority: Path | None = None, login: str = ""
) -> bytes:
    """Ask through the proxy, in front of a server that has the certificate of `authority`, if any."""
    tls = None if authority is None else tls_server(authority)
    bundle = None if authority is None else str(authority / "cert.pem")
    async with serving(reply, tls=tls) as server:
        proxy.target = server.port
        async with listening(proxy.serve) as port:
            network = Network(proxy=f"http://{login}127.0.0.1:{port}", ca_bundle=bundle)
            async with egress(asked, network=network, limits=ONCE) as fetcher:
                return (await fetcher.get(url, accept=ANY)).body


def test_behind_a_proxy_https_goes_through_a_tunnel_to_the_host_by_name(
    authority: Path, transport: TransportName
) -> None:
    proxy = Proxy(0)
    body = asyncio.run(
        through_proxy(
            proxy,
            replace(PUBLIC, transport=transport),
            "https://registry.example/api/x",
            reply=answer(b"tunnelled"),
            authority=authority,
            login="me:p%40ss@",
        )
    )
    assert body == b"tunnelled"
    assert proxy.heads[0].startswith("CONNECT registry.example:443 HTTP/1.")
    assert "basic bwu6cebzcw==" in proxy.heads[0].lower()  # me:p@ss


def test_behind_a_proxy_http_is_forwarded(transport: TransportName) -> None:
    proxy = Proxy(0)
    asked = policy("http://registry.example/api", transport=transport)
    body = asyncio.run(through_proxy(proxy, asked, "http://registry.example/api/x", reply=answer(b"forwarded")))
    assert body == b"forwarded"
    assert proxy.heads[0].startswith("GET http://registry.example/api/x HTTP/1.1")


def test_behind_a_proxy_only_the_configured_hosts_are_asked() -> None:
    proxy = Proxy(0)
    with pytest.raises(AddressRefused):
        asyncio.run(through_proxy(proxy, PUBLIC, "https://evil.example/", reply=answer()))
    assert proxy.heads == []


def test_a_proxy_that_wants_a_log_in_is_a_failure_that_names_no_password(transport: TransportName) -> None:
    for asked, url in (
        (PUBLIC, "https://registry.example/api"),
        (policy("http://registry.example/api"), "http://registry.example/api"),
    ):
        with pytest.raises(FetchFailed, match="proxy") as caught:
            asyncio.run(
                through_proxy(
                    Proxy(0, refuses=True), replace(asked, transport=transport), url, reply=answer(), login="me:hush@"
                )
            )
        assert "hush" not in str(caught.value)


def test_a_proxy_that_is_down_is_a_failure(transport: TransportName) -> None:
    async def go() -> None:
        async with serving(answer()) as server:
            gone = server.url
        asked = replace(PUBLIC, transport=transport)
        async with egress(asked, network=Network(proxy=gone), limits=ONCE) as fetcher:
            await fetcher.get("https://registry.example/api", accept=ANY)

    with pytest.raises(FetchFailed, match="proxy"):
        asyncio.run(go())


def test_a_proxy_shows_no_password_in_the_settings() -> None:
    assert "hush" not in repr(Network(proxy="http://me:hush@proxy.example:3128"))
