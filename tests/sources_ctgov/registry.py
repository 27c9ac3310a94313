"""A registry in memory, and the answers that it can be made to give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from monitor.egress.fetched import Fetched
from monitor.errors import HostResting

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
UNTIL = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BASE = "http://127.0.0.1:8080/api/v2"
SEED = orjson.loads((Path(__file__).parents[1] / "payloads" / "ctgov" / "NCT02284659.json").read_bytes())

Answer = Callable[[str], Fetched]


def answer(status: int, body: bytes, media_type: str = "text/plain", **headers: str) -> Answer:
    """The same answer to whatever is asked."""
    named = {"content-type": media_type, **headers}
    return lambda url: Fetched(status=status, headers=named, body=body, url=url, fetched_at=NOW)


def as_json(value: object) -> Answer:
    return answer(200, orjson.dumps(value), "application/json")


def fails(error: Exception) -> Answer:
    def raise_it(_url: str) -> Fetched:
        raise error

    return raise_it


def number(n: int) -> str:
    return f"NCT{n:08d}"


def study(name: str, *, aliases: Sequence[str] = (), title: str | None = None) -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(orjson.dumps(SEED))
    identification = document["protocolSection"]["identificationModule"]
    identification["nctId"] = name
    if aliases:
        identification["nctIdAliases"] = list(aliases)
    if title:
        identification["briefTitle"] = title
    return document


@dataclass
class Registry:
    """A registry in memory that answers as FACTS of API v2 say; `instead` replaces answers by what the URL holds."""

    studies: dict[str, dict[str, Any]] = field(default_factory=dict)
    instead: dict[str, Answer] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    page: int = 1000
    resting: int | None = None

    async def get(self, url: str, *, accept: str) -> Fetched:
        assert accept == "application/json"
        assert url.startswith(f"{BASE}/")
        if self.resting:
            raise HostResting("127.0.0.1", self.resting, UNTIL)
        fetched = self._answer(url)
        self.resting = fetched.status if fetched.status in (401, 403, 429, 503) else None
        return fetched

    def _answer(self, url: str) -> Fetched:
        self.asked.append(url)
        for part, give in self.instead.items():
            if part in url:
                return give(url)
        address = urlsplit(url)
        if address.path.endswith("/studies"):
            return as_json(self._list(parse_qs(address.query)))(url)
        return self._one(address.path.rsplit("/", 1)[1])(url)

    def _list(self, query: dict[str, list[str]]) -> dict[str, Any]:
        wanted = query.get("filter.ids", [",".join(self.studies)])[0].split(",")
        found = [self.studies[each] for each in wanted if each in self.studies and each not in self.hidden]
        size = min(int(query["pageSize"][0]), self.page)
        start = int(query.get("pageToken", ["0"])[0])
        more = {"nextPageToken": str(start + size)} if start + size < len(found) else {}
        return {"studies": found[start : start + size][::-1], **more}

    def _one(self, name: str) -> Answer:
        if name in self.studies:
            return as_json(self.studies[name])
        for survivor, document in self.studies.items():
            if name in document["protocolSection"]["identificationModule"].get("nctIdAliases", []):
                return answer(301, b"", location=f"/api/v2/studies/{survivor}")
        return answer(404, f"NCT number {name} not found".encode())


def registry_of(count: int) -> Registry:
    return Registry(studies={number(n): study(number(n)) for n in range(1, count + 1)})
