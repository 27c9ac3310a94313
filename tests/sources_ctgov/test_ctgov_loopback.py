"""The client over real sockets: the program's own egress asks a server on loopback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from monitor.egress.client import Egress
from monitor.egress.policy import HostPolicy, Network
from monitor.model.reading import Absent, Merged, Reading, Sound, Throttled
from monitor.sources.ctgov.client import data_version, exist, read_studies

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PAYLOADS = Path(__file__).parents[1] / "payloads" / "ctgov"
STUDIES: dict[str, Any] = {path.stem: orjson.loads(path.read_bytes()) for path in PAYLOADS.glob("NCT*.json")}
VERSION = {"apiVersion": "2.0.5", "dataTimestamp": "2026-11-20T09:00:05"}


@dataclass
class Server:
    """Where the server listens, what it was asked, and after how many requests it asks for quiet."""

    base_url: str = ""
    asked: list[str] = field(default_factory=list)
    patience: int = 1000


class Registry(BaseHTTPRequestHandler):
    """Answers as the API does; `state` is that of the server under test."""

    state: ClassVar[Server]

    def do_GET(self) -> None:
        self.state.asked.append(self.path)
        address = urlsplit(self.path)
        name = address.path.rsplit("/", 1)[1]
        if len(self.state.asked) > self.state.patience:
            self.say(429, b"", "text/plain")
        elif name == "version":
            self.say(200, orjson.dumps(VERSION), "application/json")
        elif name == "studies":
            wanted = parse_qs(address.query)["filter.ids"][0].split(",")
            found = [STUDIES[each] for each in wanted if each in STUDIES]
            self.say(200, orjson.dumps({"studies": found}), "application/json")
        else:
            self.say_of_one(name)

    def say_of_one(self, name: str) -> None:
        if name in STUDIES:
            return self.say(200, orjson.dumps(STUDIES[name]), "application/json")
        for number, study in STUDIES.items():
            if name in study["protocolSection"]["identificationModule"].get("nctIdAliases", ()):
                return self.say(301, b"", "text/plain", Location=f"/api/v2/studies/{number}")
        return self.say(404, f"NCT number {name} not found".encode(), "text/plain")

    def say(self, status: int, body: bytes, media_type: str, **headers: str) -> None:
        self.send_response(status)
        for key, value in {"Content-Type": media_type, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()
    handler = type("Handler", (Registry,), {"state": state})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        state.base_url = f"http://127.0.0.1:{listening.server_port}/api/v2"
        yield state
        listening.shutdown()
        thread.join()


def egress(server: Server) -> Egress:
    policy = HostPolicy(source="ctgov", base_url=server.base_url, requests_per_second=0, allow_private_addresses=True)
    return Egress((policy,), Network(), clock=lambda: NOW)


def read(server: Server, ids: Sequence[str]) -> Mapping[str, Reading]:
    async def collect() -> list[Reading]:
        async with egress(server) as fetcher:
            readings = [each async for batch in read_studies(fetcher, server.base_url, ids, {}) for each in batch]
            assert fetcher.requests["ctgov"] == len(server.asked)
            return readings

    return {each.key.source_id: each for each in asyncio.run(collect())}


def test_whole_alias_and_absent_are_told_apart_over_real_sockets(server: Server) -> None:
    readings = read(server, ["NCT06926543", "NCT00304109", "NCT09999999"])
    assert [type(each) for each in readings.values()] == [Sound, Merged, Absent]
    assert len(server.asked) == 4, "the list, the two that it left out, and the record that an older number leads to"


def test_a_registry_that_asks_for_quiet_is_left_alone(server: Server) -> None:
    server.patience = 1
    readings = read(server, [*STUDIES, "NCT09999998", "NCT09999999"])
    assert [type(each) for each in readings.values()] == [Sound] * len(STUDIES) + [Throttled, Throttled]
    last = readings["NCT09999999"]
    assert isinstance(last, Throttled)
    assert last.until is not None
    assert last.until > NOW
    assert len(server.asked) == 2


def test_version_and_existence_are_asked_over_real_sockets(server: Server) -> None:
    async def ask() -> tuple[str, Mapping[str, bool | None]]:
        async with egress(server) as fetcher:
            version = await data_version(fetcher, server.base_url)
            return version.data_timestamp, await exist(fetcher, server.base_url, [*STUDIES, "NCT09999999"])

    timestamp, found = asyncio.run(ask())
    assert timestamp == "2026-11-20T09:00:05"
    assert found == {**dict.fromkeys(STUDIES, True), "NCT09999999": False}
