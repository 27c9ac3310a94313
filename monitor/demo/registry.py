"""The recorded registry: ClinicalTrials.gov and ClinicalTrials.Veeva on loopback, day by day."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from http import HTTPStatus
from threading import Lock
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import unquote, urlsplit

from monitor.demo import studies
from monitor.demo.faults import FaultScript
from monitor.demo.loopback import Asked, LoopbackServer, Reply
from monitor.model.json import JsonObject

T = TypeVar("T")

_FIRST_DAY = date(2026, 1, 1)
_WORTH_PACKING = 1024


@dataclass(frozen=True, slots=True)
class _Holding:
    """What the registry holds, and what it has answered from that: the same question has the same answer."""

    registry: studies.Registry
    answers: dict[tuple[str, str], Reply] = field(default_factory=dict)


class RecordedRegistry:
    """Two servers on loopback that answer as the registry and its mirror would on one day.

    What is added holds from its day on, until something newer is added for a later day. `requests` lists what was
    asked since the start; `faults` spoils answers. May be changed while it serves.
    """

    def __init__(self, *, registry_port: int = 0, mirror_port: int = 0) -> None:
        self.faults = FaultScript()
        self._lock = Lock()
        self._day = 1
        self._timestamps: dict[int, str] = {}
        self._studies: dict[str, dict[int, JsonObject | None]] = {}
        self._aliases: dict[str, str] = {}
        self._pages: dict[str, dict[int, str | None]] = {}
        self._requests: list[Asked] = []
        self._holding: _Holding | None = None
        self._registry = LoopbackServer(self._answer_registry, port=registry_port)
        self._mirror = LoopbackServer(self._answer_mirror, port=mirror_port)

    def __enter__(self) -> Self:
        self._registry.__enter__()
        self._mirror.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._mirror.__exit__(kind, error, trace)
        self._registry.__exit__(kind, error, trace)

    @property
    def ctgov_url(self) -> str:
        """The `base_url` of `[sources.ctgov]`."""
        return self._registry.url + studies.API

    @property
    def ctv_url(self) -> str:
        """The `base_url` of `[sources.ctv]`."""
        return self._mirror.url

    @property
    def day(self) -> int:
        return self._day

    @property
    def requests(self) -> Sequence[Asked]:
        with self._lock:
            return tuple(self._requests)

    def asked_for(self, part: str) -> Sequence[Asked]:
        """The requests whose target holds `part`."""
        return [asked for asked in self.requests if part in asked.target]

    def forget_requests(self) -> None:
        with self._lock:
            self._requests.clear()

    def set_day(self, day: int, *, data_timestamp: str | None = None) -> None:
        """From now on it is `day`, with a new build of the data unless `data_timestamp` says which build stands."""
        with self._lock:
            self._day = day
            self._holding = None
            if data_timestamp is not None:
                self._timestamps[day] = data_timestamp

    def add_study(self, study: JsonObject, *, day: int = 1) -> None:
        """`study` (a v2 document) is what its number answers from `day` on."""
        with self._lock:
            self._studies.setdefault(_number(study), {})[day] = study
            self._holding = None

    def withdraw_study(self, number: str, *, day: int) -> None:
        """From `day` on the registry answers 404 for `number`."""
        with self._lock:
            self._studies.setdefault(number, {})[day] = None
            self._holding = None

    def add_alias(self, old: str, present: str) -> None:
        """The registry answers 301 for `old` and sends on to `present`, whose record names it."""
        with self._lock:
            self._aliases[old] = present
            self._holding = None

    def add_page(self, slug: str, html: str, *, day: int = 1) -> None:
        """`html` is what /study/`slug` shows from `day` on."""
        with self._lock:
            self._pages.setdefault(slug, {})[day] = html

    def withdraw_page(self, slug: str, *, day: int) -> None:
        """From `day` on the page answers 404."""
        with self._lock:
            self._pages.setdefault(slug, {})[day] = None

    def _held(self) -> _Holding:
        """What the registry holds today; the lock is ours."""
        if self._holding is None:
            today = {number: _latest(versions, self._day) for number, versions in self._studies.items()}
            self._holding = _Holding(
                studies.Registry(
                    data_timestamp=self._timestamps.get(self._day) or _build(self._day),
                    studies={
                        number: studies.with_aliases(
                            study, [old for old, now in self._aliases.items() if now == number]
                        )
                        for number, study in sorted(today.items())
                        if study is not None
                    },
                    aliases=dict(self._aliases),
                )
            )
        return self._holding

    def _answer_registry(self, asked: Asked) -> Reply:
        with self._lock:
            self._requests.append(asked)
            holding = self._held()
        fault = self.faults.meet(unquote(asked.target))
        if fault is not None:
            return fault.spoil(studies.answer(holding.registry, asked.target))
        question = (asked.target, asked.headers.get("accept-encoding", ""))
        if question not in holding.answers:
            holding.answers[question] = _packed(asked, studies.answer(holding.registry, asked.target))
        return holding.answers[question]

    def _answer_mirror(self, asked: Asked) -> Reply:
        slug = unquote(urlsplit(asked.target).path).removeprefix("/study/")
        with self._lock:
            self._requests.append(asked)
            page = _latest(self._pages.get(slug, {}), self._day)
        if page is None:
            return self._spoilt(asked, _html("<html><body><h1>Page not found</h1></body></html>", status=404))
        return self._spoilt(asked, _html(page))

    def _spoilt(self, asked: Asked, reply: Reply) -> Reply:
        fault = self.faults.meet(unquote(asked.target))
        return _packed(asked, reply) if fault is None else fault.spoil(reply)


def _number(study: JsonObject) -> str:
    identification = studies.text_at(study, ("identificationModule", "nctId"))
    if not identification:
        raise ValueError("a study document names its nctId")
    return identification


def _latest(versions: Mapping[int, T | None], day: int) -> T | None:
    reached = [since for since in versions if since <= day]
    return versions[max(reached)] if reached else None


def _build(day: int) -> str:
    return f"{_FIRST_DAY + timedelta(days=day)}T09:00:05"


def _html(page: str, *, status: int = HTTPStatus.OK) -> Reply:
    return Reply(status=status, headers={"Content-Type": "text/html; charset=utf-8"}, body=page.encode())


def _packed(asked: Asked, reply: Reply) -> Reply:
    if "gzip" not in asked.headers.get("accept-encoding", "") or len(reply.body) < _WORTH_PACKING:
        return reply
    headers = {**reply.headers, "Content-Encoding": "gzip"}
    return replace(reply, headers=headers, body=gzip.compress(reply.body, compresslevel=1, mtime=0))
