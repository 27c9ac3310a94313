"""Every case of the sweep: at which door, with what, on whose account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Final

from tests.ssrf.notations import hosts
from tests.ssrf.ranges import ALL, PUBLIC, sample
from tests.ssrf.tricks import schemes, urls

REGISTRY: Final = "registry.example"  # stands for the source that is configured; leads to a public address
HOOK: Final = "hook.example"  # stands for the server of a destination
EVIL: Final = ("127.0.0.1", "169.254.169.254", "[::1]", "2130706433", "inside.example")
TRANSPORTS: Final = ("httpx", "urllib3")
SERVERS: Final = {
    "json": "json://{host}/x",
    "jsons": "jsons://user:password@{host}/x",
    "xml": "xml://{host}/x",
    "form": "form://{host}/x",
    "ntfy": "ntfy://{host}/topic",
    "gotify": "gotify://{host}/tokentokentoken",
    "matrix": "matrix://user:password@{host}/!room:example.org",
    "mmost": "mmost://{host}/3ccdd113474722377935511fc85d3dd4",
    "rocket": "rocket://user:password@{host}/#channel",
    "signal": "signal://{host}/+15551234567/+15551234568",
    "nctalk": "nctalk://user:password@{host}/room",
    "synology": "synology://{host}/tokentokentoken",
    "goalert": "goalert://tokentokentoken@{host}",
    "workflow": "workflows://{host}/workflow-id/signature",
    "mailto": "mailto://user:password@{host}?to=a@example.org&from=m@example.org",
    "mailtos": "mailtos://user:password@{host}?to=a@example.org&from=m@example.org&mode=ssl",
    "smtp=": "mailtos://user:password@example.org?smtp={host}&to=a@example.org&from=m@example.org",
}
"""Destinations whose URL names the server."""
SLOW: Final = {"matrix": 16}  # waits half a second before each request: every 16th case is met by it
SENDING_ON: Final = tuple(name for name in SERVERS if name not in ("jsons", "workflow", "mailto", "mailtos", "smtp="))
STATUSES: Final = (301, 302, 303, 307, 308, 300, 305)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`by` is the transport, source or scheme that meets it; `how` names the trick; `text` is what it gets.

    At the doors of names, `text` holds what the resolver answers: first answer | second, each of addresses with commas.
    """

    door: str
    by: str
    how: str
    text: str

    @property
    def shape(self) -> str:
        return f"{self.door} {self.by}: {self.text}"


def every_case() -> Iterator[Case]:
    """All cases, always in the same order."""
    yield from _sources()
    yield from _redirects()
    yield from _destinations()
    yield from _proxied()
    yield from _references()


def _sources() -> Iterator[Case]:
    for by in TRANSPORTS:
        for how, host in hosts():
            yield Case(door="base_url", by=by, how=how, text=f"https://{host}/api/v2")
            yield Case(door="url", by=by, how=how, text=f"https://{host}/api/v2/version")
        for how, answers in _answers():
            yield Case(door="name", by=by, how=how, text=answers)
    for evil in EVIL:
        for how, url in (*urls(REGISTRY, evil, "/api/v2/version"), *schemes()):
            yield Case(door="url", by="httpx", how=how, text=url)
            yield Case(door="base_url", by="httpx", how=how, text=url)


def _redirects() -> Iterator[Case]:
    status = cycle(STATUSES)
    paths = {"ctgov": "/api/v2/studies/NCT00000001", "ctv": "/study/a-new-title"}
    for by, path in paths.items():
        for how, host in hosts():
            yield Case(door="redirect", by=f"{by} {next(status)}", how=how, text=f"http://{host}{path}")
        for evil in EVIL:
            for how, url in (*urls("127.0.0.1", evil, path), *schemes()):
                yield Case(door="redirect", by=f"{by} {next(status)}", how=how, text=url)
    for how, host in hosts():
        yield Case(door="ping", by=f"ping {next(status)}", how=how, text=f"http://{host}/ping")


def _destinations() -> Iterator[Case]:
    status, sending_on = cycle(STATUSES), cycle(SENDING_ON)
    for by, form in SERVERS.items():
        for how, host in islice(hosts(), None, None, SLOW.get(by, 1)):
            yield Case(door="destination", by=by, how=how, text=form.format(host=host))
        for evil in EVIL:
            for how, url in urls(HOOK, evil, ""):
                yield Case(door="destination", by=by, how=how, text=form.format(host=url.removeprefix("https://")))
        for how, answers in islice(_answers(), None, None, SLOW.get(by, 1)):
            yield Case(door="destination name", by=by, how=how, text=answers)
    for how, host in (*hosts(), *hosts()):
        by = next(sending_on)
        yield Case(door="destination redirect", by=f"{by} {next(status)}", how=how, text=f"http://{host}/x")
    for how, url in schemes():
        yield Case(door="destination", by="any", how=how, text=url)


def _proxied() -> Iterator[Case]:
    for how, host in hosts():
        for by in TRANSPORTS:
            yield Case(door="proxied base_url", by=by, how=how, text=f"https://{host}/api/v2")
        for by in ("json", "ntfy", "mmost"):
            yield Case(door="proxied destination", by=by, how=how, text=SERVERS[by].format(host=host))


def _references() -> Iterator[Case]:
    ways = (("clinicaltrials.gov", "/study/NCT04762485"), ("ctv.veeva.com", "/study/cd5-car-t-therapy"))
    for good, path in ways:
        for evil in EVIL:
            for how, url in urls(good, evil, path):
                yield Case(door="reference", by="watch add", how=how, text=url)
                yield Case(door="reference", by="import", how=how, text=f"see {url} please")
        for how, host in hosts():
            yield Case(door="reference", by="watch add", how=how, text=f"https://{host}{path}")
            yield Case(door="reference", by="import", how=how, text=f"https://{host}{path}")
    for how, url in schemes():
        yield Case(door="reference", by="watch add", how=how, text=url)


def _answers() -> Iterator[tuple[str, str]]:
    """What a resolver may say: inside alone, beside public addresses, and at the second question only."""
    public = cycle(PUBLIC)
    for network in ALL:
        inside = str(sample(network, "answer"))
        for each in (inside, *(f"::ffff:{inside}", f"64:ff9b::{inside}") * (":" not in inside)):
            yield f"{network} alone", each
            yield f"{network} last", f"{next(public)},{each}"
            yield f"{network} first", f"{each},{next(public)}"
            yield f"{network} later", f"{next(public)}|{each}"
            yield f"{network} then back", f"{each}|{next(public)}"
    for text in ("localhost", "0x7f.1", "127.1", "fe80::1%lo", "2130706433", "", "inside.example", "8.8.8.8%lo"):
        yield "no address", text
