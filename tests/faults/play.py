"""From a request to the answer that the script has for it, true or spoilt. No sockets; counts requests, else pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import orjson

from monitor.demo import studies
from tests.faults.bodies import BODIES, MISSING, OF_ONE_RECORD, Sight, member
from tests.faults.script import Act, Ask, Fault, Host, Script, falls
from tests.faults.truth import Truth

TRUE = Act()
_STUDY = "/study/"
_STUDIES = f"{studies.API}/studies/"
_ABSENT = (404, 410)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked: `numbers` are the trials of the script that the answer is about."""

    host: Host
    target: str
    ask: Ask
    numbers: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Answer:
    """What is to be sent, and how (`act`). `seen` says which version of each trial a client sees; None: no true one."""

    status: int
    headers: dict[str, str]
    body: bytes
    act: Act = TRUE
    faults: list[str] = field(default_factory=list)
    seen: dict[str, int | None] = field(default_factory=dict)


class Play:
    """The script in course. Requests are counted for each fault by itself, so that faults do not disturb each other.

    `counts` holds how many each fault (by its place in the script) has met.
    """

    def __init__(self, script: Script) -> None:
        self._script = script
        self._truth = Truth(script)
        self.counts: Counter[int] = Counter()
        self._numbers = [trial.number for trial in script.trials]

    def read(self, host: Host, target: str) -> Request:
        """What a request line asks for."""
        split = urlsplit(target)
        path, query = unquote(split.path), parse_qs(split.query)
        if host == "ctv":
            trial = self._truth.by_slug(path.removeprefix(_STUDY).strip("/"))
            return Request(host=host, target=target, ask="page", numbers=(trial.number,) if trial else ())
        if path.startswith(_STUDIES):
            return Request(host=host, target=target, ask="study", numbers=(path.removeprefix(_STUDIES),))
        if "filter.ids" in query:
            numbers = tuple(re.findall(r"NCT\d{8}", query["filter.ids"][0]))
            return Request(host=host, target=target, ask="list", numbers=numbers)
        return Request(host=host, target=target, ask="version" if path.endswith("/version") else "other", numbers=())

    def answer(self, request: Request, day: int, now: datetime) -> Answer:
        """The answer to `request` on `day`; `now` is what dates in headers are reckoned from."""
        whole, members = self._meet(request, day)
        answer = self._true(request, day)
        for fault in members:
            self._spoil_member(answer, request, fault, day)
        if whole is not None:
            self._spoil(answer, request, whole, day, now)
        return answer

    def _meet(self, request: Request, day: int) -> tuple[Fault | None, list[Fault]]:
        """The first fault that concerns the answer as a whole, and all that concern members of its list."""
        whole: Fault | None = None
        members = []
        for n, fault in enumerate(self._script.faults):
            where = fault.where
            if not _fits(request, fault) or not falls(1, day, 1, None, where.days):
                continue
            self.counts[n] += 1
            if not falls(self.counts[n], day, where.first, where.last, where.days):
                continue
            if request.ask == "list" and _is_of_members(fault):
                members.append(fault)
            elif fault.act.body != MISSING:
                whole = whole or fault
        return whole, members

    def _true(self, request: Request, day: int) -> Answer:
        known = [number for number in request.numbers if number in self._truth.numbers]
        seen: dict[str, int | None] = {number: self._truth.trial(number).at(day) for number in known}
        if request.ask == "page":
            followed = {number: version for number, version in seen.items() if self._truth.trial(number).lag is None}
            return self._true_page(known, day, followed)  # of a trial at both, the registry alone is told of
        held = self._truth.registry(day, self._numbers if request.ask == "other" else known)
        reply = studies.answer(held, request.target)
        return Answer(status=reply.status, headers=dict(reply.headers), body=reply.body, seen=seen)

    def _true_page(self, known: Sequence[str], day: int, seen: dict[str, int | None]) -> Answer:
        headers = {"Content-Type": "text/html; charset=utf-8"}
        trial = self._truth.trial(known[0]) if known else None
        version = trial.versions[trial.on_page(day)] if trial else None
        if trial is None or version is None or version.state == "gone":
            return Answer(status=404, headers=headers, body=b"<html><body>Page not found</body></html>", seen=seen)
        if version.into:
            headers["Location"] = f"{_STUDY}{self._truth.trial(version.into).slug}"
            return Answer(status=301, headers=headers, body=b"", seen=seen)
        return Answer(status=200, headers=headers, body=self._truth.page(trial, day).encode(), seen=seen)

    def _sight(self, request: Request, number: str | None, true: bytes, day: int) -> Sight:
        page = request.ask == "page"
        if number is None or number not in self._truth.numbers:
            return Sight(true=true, page=page, number=number or "")
        now = self._truth.trial(number).at(day)
        return Sight(
            true=true,
            page=page,
            number=number,
            record=self._truth.document(number, day),
            other=self._other(request, number, day),
            older=self._truth.document(number, day, version=max(now - 1, 0)),
        )

    def _other(self, request: Request, number: str, day: int) -> Any:
        """A record that was not asked for; in a list that of a stranger, for a neighbour's may be in it by right."""
        document = self._truth.document(self._another(number), day)
        if request.ask == "list":
            document["protocolSection"]["identificationModule"]["nctId"] = f"NCT8{number[4:]}"
        return document

    def _another(self, number: str) -> str:
        """The next trial that is followed in the same way."""
        same = [t.number for t in self._script.trials if (t.slug is None) is (self._truth.trial(number).slug is None)]
        return same[(same.index(number) + 1) % len(same)]

    def _spoil_member(self, answer: Answer, request: Request, fault: Fault, day: int) -> None:
        """Change the trials of a list that the fault is about."""
        listed = orjson.loads(answer.body)
        there = {_number_of(study) for study in listed["studies"]}
        about = there & ({fault.where.trial} if fault.where.trial else set(request.numbers))
        instead = [self._instead(study, about, request, fault, day) for study in listed["studies"]]
        listed["studies"] = [each for some in instead for each in some]
        answer.body = orjson.dumps(listed)
        answer.faults.append(fault.name)
        answer.seen |= {number: self._shown(fault.act.body, number, day) for number in about & answer.seen.keys()}

    def _instead(self, study: Any, about: set[str], request: Request, fault: Fault, day: int) -> list[Any]:
        number = _number_of(study)
        if number not in about:
            return [study]
        if fault.act.body in (None, MISSING):
            return []
        return [member(str(fault.act.body), self._sight(request, number, orjson.dumps(study), day))]

    def _spoil(self, answer: Answer, request: Request, fault: Fault, day: int, now: datetime) -> None:
        act = answer.act = fault.act
        answer.faults.append(fault.name)
        number = request.numbers[0] if len(request.numbers) == 1 else None
        if act.redirect:
            answer.status, answer.body = 302 if act.redirect in ("loop", "login", "other host") else 301, b""
            answer.headers["Location"] = self._location(request, number, act)
        answer.status = act.status or answer.status
        if act.body is not None:
            answer.body = BODIES[act.body](self._sight(request, number, answer.body, day))
            if answer.body.lstrip()[:1] == b"<":
                answer.headers["Content-Type"] = "text/html; charset=utf-8"
            elif answer.status in _ABSENT:
                answer.headers["Content-Type"] = "text/plain; charset=utf-8"
        answer.headers.update({name: _header(value, now) for name, value in act.headers.items()})
        if act.spoils:
            answer.seen = {number: self._shown(act.body, number, day) for number in answer.seen}

    def _shown(self, body: str | None, number: str, day: int) -> int | None:
        """The version that a spoilt answer shows: an older one is a true one, of another day."""
        return max(self._truth.trial(number).at(day) - 1, 0) if body == "older" else None

    def _location(self, request: Request, number: str | None, act: Act) -> str:
        if act.redirect == "login":
            return "/login?next=" + request.target
        if act.redirect == "other host":
            return "https://elsewhere.example.org" + request.target
        if act.redirect == "other trial" and number is not None and number in self._truth.numbers:
            other = self._truth.trial(self._another(number))
            return f"{_STUDY}{other.slug}" if request.host == "ctv" else f"{_STUDIES}{other.number}"
        return request.target[:-1] if request.target.endswith("/") else request.target + "/"


def _number_of(study: Any) -> str:
    """Under which number it stands in a list; "" where an earlier fault left no study."""
    return str(study["protocolSection"]["identificationModule"]["nctId"]) if isinstance(study, dict) else ""


def _fits(request: Request, fault: Fault) -> bool:
    where = fault.where
    return (
        where.host in (None, request.host)
        and where.ask in (None, request.ask)
        and (where.trial is None or where.trial in request.numbers)
    )


def _is_of_members(fault: Fault) -> bool:
    body = fault.act.body
    if body is None:
        return False
    return body == MISSING or body in OF_ONE_RECORD or (fault.where.trial is not None and fault.act.status is None)


def _header(value: str, now: datetime) -> str:
    """A header as it is said; "date+120" is the HTTP date in two minutes."""
    ahead = re.fullmatch(r"date([+-]\d{1,9})", value)
    return format_datetime(now + timedelta(seconds=int(ahead[1])), usegmt=True) if ahead else value
