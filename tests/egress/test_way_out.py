"""Where connections may go: the allow-list, the addresses behind names, and TLS."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from monitor.egress.connect import system_resolver
from monitor.egress.policy import HostPolicy, Network, TransportName
from monitor.errors import AddressRefused, FetchFailed, UsageError
from tests.egress.loopback import QUICK, answer, egress, policy, serving, tls_server

ANY = "*/*"
ONCE = replace(QUICK, tries=1)
PUBLIC = HostPolicy(source="ctgov", base_url="https://registry.example/api", requests_per_second=0)


@dataclass
class Names:
    """A resolver that gives one answer after the other, and repeats the last."""

    answers: Sequence[Sequence[str]]
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        del port
        self.asked.append(host)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


FOREIGN = [
    "https://other.example/api",
    "http://registry.example/api",
    "https://registry.example:444/api",
    "https://registry.example:80/api",
    "https://registry.example.evil.example/api",
    "https://registry.example@evil.example/api",
    "https://user:pass@registry.example/api",
    "https://registry.example\\@evil.example/api",
    "https://evil.example\\@registry.example/api",
    "https://registry.example%2f@evil.example/",
    "https://registry.example%00.evil.example/",
    "https://registry.example./api",
    "https://www.registry.example/api",
    "https://[registry.example]/api",
    "https:registry.example/api",
    "https:///registry.example/api",
    "//registry.example/api",
    "/api",
    "",
    " https://registry.example/api",
    "https://registry.example\t/api",
    "https://regis\ntry.example/api",
    "https://registry.example/api\r\nHost: evil.example",
    "https://registry。example。evil/api",
    "file:///etc/passwd",
    "file://registry.example/etc/passwd",
    "ftp://registry.example/api",
    "gopher://registry.example/_x",
    "javascript:alert(1)//registry.example",
    "data:text/html,x",
    "https://127.0.0.1/api",
    "https://2130706433/api",
    "https://0x7f.1/api",
    "https://[::1]/api",
    "https://[::ffff:127.0.0.1]/api",
    "https://169.254.169.254/latest/meta-data",
    "x" * 100_000,
]


@pytest.mark.parametrize("url", FOREIGN, ids=lambda url: repr(url[:40]))
def test_only_the_configured_hosts_are_asked(url: str) -> None:
    names = Names([["8.8.8.8"]])

    async def go() -> None:
        async with egress(PUBLIC, resolve=names) as fetcher:
            with pytest.raises(AddressRefused):
                await fetcher.get(url, accept=ANY)
            assert names.asked == []
            assert fetcher.requests == {"ctgov": 0}

    asyncio.run(go())


@pytest.mark.parametrize(
    "url", ["https://REGISTRY.example/api", "HTTPS://registry.example:443/x", "https://registry.example"]
)
def test_other_spellings_of_a_configured_host_are_the_host(url: str) -> None:
    async def go() -> None:
        async with egress(PUBLIC, resolve=Names([["10.0.0.1"]]), limits=ONCE) as fetcher:
            with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
                await fetcher.get(url, accept=ANY)

    asyncio.run(go())


@pytest.mark.parametrize(
    "base_url",
    ["http://registry.example/api", "https://registry.example:8443/api", "ftp://registry.example", "registry.example"],
)
def test_a_source_outside_https_on_443_must_be_allowed(base_url: str) -> None:
    with pytest.raises(AddressRefused, match=r"sources\.ctgov\.base_url"):
        egress(replace(PUBLIC, base_url=base_url))


PRIVATE = [
    ["127.0.0.1"],
    ["::1"],
    ["8.8.8.8", "10.0.0.1"],
    ["fe80::1%eth0"],
    ["::ffff:192.168.0.1"],
    ["169.254.169.254"],
    ["64:ff9b::7f00:1"],
    ["2002:7f00:1::"],
    ["0.0.0.0"],  # noqa: S104 (an address to refuse, not to bind)
]


@pytest.mark.parametrize("addresses", PRIVATE, ids=str)
def test_a_name_that_leads_inside_is_not_asked(addresses: list[str], transport: TransportName) -> None:
    async def go() -> None:
        asked = replace(PUBLIC, transport=transport)
        async with egress(asked, resolve=Names([addresses]), limits=ONCE) as fetcher:
            with pytest.raises(AddressRefused, match="not a public address"):
                await fetcher.get("https://registry.example/api", accept=ANY)

    asyncio.run(go())


def test_a_refused_address_is_not_tried_again() -> None:
    names = Names([["10.0.0.1"], ["8.8.8.8"]])

    async def go() -> None:
        async with egress(PUBLIC, resolve=names) as fetcher:
            with pytest.raises(AddressRefused):
                await fetcher.get("https://registry.example/api", accept=ANY)

    asyncio.run(go())
    assert names.asked == ["registry.example"]


def test_a_name_that_changes_its_mind_is_looked_at_again_for_each_connection(transport: TransportName) -> None:
    """The address that was looked at is the one that is connected to: the name is not asked a second time."""

    async def go() -> None:
        async with serving(answer()) as server:
            url = f"http://registry.example:{server.port}"
            good = replace(policy(url, transport=transport))
            names = Names([["127.0.0.1"], ["10.0.0.1"]])
            async with egress(good, resolve=names, limits=ONCE) as fetcher:
                assert (await fetcher.get(f"{url}/1", accept=ANY)).status == 200
                assert names.asked == ["registry.example"]
            assert f"Host: registry.example:{server.port}" in server.heads[0].replace("host:", "Host:")
        strict = egress(PUBLIC, resolve=Names([["10.0.0.1"], ["8.8.8.8"]]), limits=ONCE)
        async with strict:
            with pytest.raises(AddressRefused):
                await strict.get("https://registry.example/api", accept=ANY)

    asyncio.run(go())


def test_the_next_address_is_tried_when_the_first_takes_no_connection(transport: TransportName) -> None:
    async def go() -> None:
        async with serving(answer()) as server:
            url = f"http://registry.example:{server.port}"
            names = Names([["127.0.0.2", "127.0.0.1"]])
            async with egress(policy(url, transport=transport), resolve=names, limits=ONCE) as fetcher:
                assert (await fetcher.get(f"{url}/1", accept=ANY)).status == 200

    asyncio.run(go())


def test_a_name_that_does_not_exist_is_a_failure() -> None:
    async def nothing(host: str, port: int) -> Sequence[str]:
        raise OSError(f"no such name: {host}:{port}")

    async def go() -> None:
        async with egress(PUBLIC, resolve=nothing, limits=ONCE) as fetcher:
            with pytest.raises(FetchFailed, match="cannot be resolved"):
                await fetcher.get("https://registry.example/api", accept=ANY)

    asyncio.run(go())


def test_addresses_are_not_asked_of_the_resolver() -> None:
    assert asyncio.run(system_resolver("127.0.0.1", 80)) == ("127.0.0.1",)
    assert asyncio.run(system_resolver("::1", 80)) == ("::1",)


async def over_tls(authority: Path, host: str, transport: TransportName, network: Network) -> list[str]:
    """Ask a TLS server under a name; the heads of the requests that it saw."""
    async with serving(answer(b"secure"), tls=tls_server(authority)) as server:
        url = f"https://{host}:{server.port}"
        names = Names([["127.0.0.1"]])
        asked = policy(url, transport=transport)
        async with egress(asked, network=network, resolve=names, limits=ONCE) as fetcher:
            assert (await fetcher.get(f"{url}/x", accept=ANY)).body == b"secure"
        return server.heads


def test_tls_names_the_host_while_the_connection_goes_to_the_address(authority: Path, transport: TransportName) -> None:
    network = Network(ca_bundle=str(authority / "cert.pem"))
    [head] = asyncio.run(over_tls(authority, "registry.example", transport, network))
    assert "registry.example" in head


def test_a_certificate_for_another_host_is_refused(authority: Path, transport: TransportName) -> None:
    network = Network(ca_bundle=str(authority / "cert.pem"))
    with pytest.raises(FetchFailed, match="not trusted"):
        asyncio.run(over_tls(authority, "other.example", transport, network))


def test_a_certificate_of_an_unknown_authority_is_refused(authority: Path, transport: TransportName) -> None:
    with pytest.raises(FetchFailed, match=r"not trusted.*network\.ca_bundle"):
        asyncio.run(over_tls(authority, "registry.example", transport, Network()))


def test_a_certificate_that_has_expired_is_refused(expired: Path, transport: TransportName) -> None:
    with pytest.raises(FetchFailed, match=r"not trusted.*expired"):
        asyncio.run(over_tls(expired, "registry.example", transport, Network(ca_bundle=str(expired / "cert.pem"))))


def test_a_bundle_without_certificates_is_a_fault_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")

    async def go() -> None:
        async with egress(PUBLIC, network=Network(ca_bundle=str(tmp_path / "empty.pem"))) as fetcher:
            await fetcher.get("https://registry.example/api", accept=ANY)

    with pytest.raises(UsageError, match="ca_bundle"):
        asyncio.run(go())
