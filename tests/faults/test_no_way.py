"""No way to a source: names, networks and certificates that fail say nothing about a trial, whatever else is there."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.egress.certificates import make_certificate
from tests.egress.loopback import tls_server
from tests.faults.course import Course
from tests.faults.judged import judged
from tests.faults.listening import Listening, Threaded
from tests.faults.reading import Told, flat
from tests.faults.script import ExpectedNotice
from tests.faults.wire import plain
from tests.faults.world import build


@dataclass(frozen=True, slots=True)
class NoWay:
    """An address, the certificates that are trusted there, and what the pass must say of it."""

    url: str
    says: str
    trusted: Path | None = None


def impostor(tls: ssl.SSLContext | None, heads: list[bytes]) -> Threaded:
    """A server that answers whatever it is asked; `heads` are the requests that it got to read."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            if tls is not None:
                heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(plain(200, {"Content-Type": "application/json"}, b'{"dataTimestamp": "2026", "studies": []}'))

    return Threaded(Listening(talk=talk, tls=tls))


@pytest.fixture
def heads() -> list[bytes]:
    return []


@pytest.fixture
def ways(tmp_path: Path, heads: list[bytes]) -> Iterator[dict[str, NoWay]]:
    """What leads nowhere, by name. Each certificate has one fault alone."""
    expired = make_certificate(tmp_path / "expired", "IP:127.0.0.1", days=-1)
    other = make_certificate(tmp_path / "other", "DNS:other.example")
    own = make_certificate(tmp_path / "own", "IP:127.0.0.1")
    with ExitStack() as stack:
        ports = [
            stack.enter_context(impostor(tls_server(each) if each else None, heads)).ports[0]
            for each in (expired, other, own, None)
        ]
        bad = [f"https://127.0.0.1:{port}/api/v2" for port in ports]
        yield {
            "the name does not exist": NoWay("http://nowhere.invalid/api/v2", "cannot be resolved"),
            "nobody listens": NoWay("http://127.0.0.1:1/api/v2", "takes no connection"),
            "the network is down": NoWay("http://255.255.255.255/api/v2", "takes no connection"),
            "expired": NoWay(bad[0], "has expired", expired / "cert.pem"),
            "of another host": NoWay(bad[1], "not trusted", other / "cert.pem"),
            "signed by itself": NoWay(bad[2], "not trusted"),
            "no TLS": NoWay(bad[3], "no connection"),
        }


def test_without_a_way_to_a_source_nothing_is_told_but_to_the_operator(
    tmp_path: Path, ways: dict[str, NoWay], heads: list[bytes]
) -> None:
    notices = (
        ExpectedNotice(words=("could not be checked since",), since=2, by=2),
        ExpectedNotice(words=("can be read again",), since=3, by=3),
    )
    script = replace(build(30, registry=3, pages=0, days=3, share=1.0), notices=notices)
    with Course(script, tmp_path) as course:
        course.check()
        course.next_day()
        for name, way in ways.items():
            bundle = f'[network]\nca_bundle = "{way.trusted}"' if way.trusted else ""
            course.configure(bundle, at={"ctgov": way.url})
            report = course.check()["report"]
            assert {key: n for key, n in report["coverage"].items() if n} == {"due": 3, "failed": 3}, name
            assert all(way.says in problem["message"] for problem in report["problems"]), (name, report["problems"])
            course.clock.pass_time(hours=7)
        quiet = [Told(entry).kind for entry in course.evidence().delivered if entry["day"] == 2]
        assert quiet == ["notice"], "no reader heard anything, the operator once"
        course.configure()
        course.next_day()
        course.check()
        evidence = course.evidence()
    assert judged(evidence) == []
    assert [head for head in heads if b"HTTP" in head] == [], "no certificate was taken for good"
    (notice,) = (each.text for each in map(Told, evidence.delivered) if each.entry["day"] == 2)
    assert "Silence about these trials does not mean that nothing changed" in flat(notice)
