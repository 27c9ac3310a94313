"""What is done at each door: the product's own ways out, by its own configuration, with nothing of it replaced."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from monitor.deliver.channels import open_channel
from monitor.deliver.destinations import read_destination
from monitor.egress.client import Egress
from monitor.egress.policy import HostPolicy, Limits, Network
from monitor.errors import BadReference, FetchError, SendError, UsageError
from monitor.model.alert import AlertKind
from monitor.model.message import Message, TestMessage
from monitor.model.watch import Reference
from monitor.pipeline.heartbeat import ping
from monitor.settings.reading import load
from monitor.sources.ctgov import client as ctgov
from monitor.sources.ctv.client import read_page
from monitor.sources.references import find_references, parse_reference
from tests.ssrf.cases import HOOK, REGISTRY, SERVERS, Case
from tests.ssrf.servers import SendsOn
from tests.ssrf.witness import Witness, Zone

NOW: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
QUICK: Final = Limits(deadline=5.0, connect=1.0, read=1.0, tries=2, first_wait=0.0, jitter=0.0)
ONE: Final = replace(QUICK, tries=1)
PUBLIC_SITE: Final = "130.14.29.110"
TEST: Final = Message(
    code="7K2M-0412",
    kind=AlertKind.TEST,
    content=TestMessage(destination="team"),
    created_at=NOW,
    timezone=ZoneInfo("UTC"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a case happens in. `folder` is empty and its own."""

    witness: Witness
    zone: Zone
    elsewhere: SendsOn
    proxy: SendsOn
    folder: Path


async def meet(case: Case, around: Around) -> None:
    """Let the product meet the case. Raises nothing but what the product may not raise."""
    around.zone.answers = {
        REGISTRY: [[PUBLIC_SITE]],
        HOOK: [[PUBLIC_SITE]],
        "clinicaltrials.gov": [[PUBLIC_SITE]],
        "ctv.veeva.com": [["2600::1"]],
        "localhost": [["127.0.0.1", "::1"]],
        "inside.example": [["10.1.2.3"]],
    }
    around.witness.begin()
    with suppress(FetchError, SendError, UsageError):
        await DOORS[case.door](case, around)


async def _base_url(case: Case, around: Around, network: Network | None = None) -> None:
    file = around.folder / "monitor.toml"
    file.write_text(
        f"[sources.ctgov]\nbase_url = {json.dumps(case.text)}\ntransport = {json.dumps(case.by)}\n", encoding="utf-8"
    )
    settings = load(file, {})
    async with Egress(settings.policies, network or Network(), clock=lambda: NOW, limits=ONE) as egress:
        await egress.get(f"{settings.sources['ctgov'].base_url}/version", accept="*/*")


async def _url(case: Case, around: Around) -> None:
    del around
    async with Egress([_policy(case.by)], Network(), clock=lambda: NOW, limits=ONE) as egress:
        await egress.get(case.text, accept="*/*")


async def _name(case: Case, around: Around) -> None:
    around.zone.answers[REGISTRY] = _spoken(case.text)
    async with Egress([_policy(case.by)], Network(), clock=lambda: NOW, limits=QUICK) as egress:
        for _ in range(2):
            with suppress(FetchError):
                await egress.get(f"https://{REGISTRY}/api/v2/version", accept="*/*")


async def _redirect(case: Case, around: Around) -> None:
    by, status = case.by.split()
    _send_on(case, around, int(status))
    base = f"{around.elsewhere.url}/api/v2" if by == "ctgov" else around.elsewhere.url
    policy = HostPolicy(source=by, base_url=base, requests_per_second=0, allow_private_addresses=True)
    async with Egress([policy], Network(), clock=lambda: NOW, limits=ONE) as egress:
        if by == "ctgov":
            _ = [each async for each in ctgov.read_studies(egress, base, ["NCT00000009"], {})]
        else:
            await read_page(egress, base, "a-title", last=None, expected=None)


async def _ping(case: Case, around: Around) -> None:
    _send_on(case, around, int(case.by.split()[1]))
    await ping(f"{around.elsewhere.url}/ping/token", Network(), lambda: NOW)


async def _destination(case: Case, around: Around) -> None:
    del around
    await _send(case.text)


async def _destination_name(case: Case, around: Around) -> None:
    around.zone.answers[HOOK] = _spoken(case.text)
    for _ in range(2):
        with suppress(SendError):
            await _send(SERVERS[case.by].format(host=HOOK))


async def _destination_redirect(case: Case, around: Around) -> None:
    by, status = case.by.split()
    _send_on(case, around, int(status))
    host = around.elsewhere.url.removeprefix("http://")
    await _send(SERVERS[by].format(host=host), allow_private=True)


async def _proxied_base_url(case: Case, around: Around) -> None:
    around.witness.begin(around.proxy.place)
    await _base_url(case, around, Network(proxy=around.proxy.url))


async def _proxied_destination(case: Case, around: Around) -> None:
    around.witness.begin(around.proxy.place)
    await _send(case.text, Network(proxy=around.proxy.url))


async def _reference(case: Case, around: Around) -> None:
    if case.by == "import":
        for reference in find_references(case.text):
            await _ask_about(reference, around)
        return
    with suppress(BadReference):
        await _ask_about(parse_reference(case.text), around)


async def _ask_about(reference: Reference, around: Around) -> None:
    """As `watch add` does, with the sources as they are by default."""
    (around.folder / "monitor.toml").write_text("")
    settings = load(around.folder / "monitor.toml", {})
    async with Egress(settings.policies, Network(), clock=lambda: NOW, limits=ONE) as egress:
        if reference.key.source == "ctgov":
            await ctgov.exist(egress, settings.sources["ctgov"].base_url, [reference.key.source_id])
        else:
            base = settings.sources["ctv"].base_url
            await read_page(egress, base, reference.key.source_id, last=None, expected=None)


async def _send(url: str, network: Network | None = None, *, allow_private: bool = False) -> None:
    parsed = read_destination("team", url)
    for address in parsed.recipients:
        way = open_channel(
            parsed, address, network=network or Network(), allow_private=allow_private, clock=lambda: NOW
        )
        await asyncio.to_thread(way.write(TEST))


def _policy(transport: str) -> HostPolicy:
    return HostPolicy(
        source="ctgov",
        base_url=f"https://{REGISTRY}/api/v2",
        requests_per_second=0,
        transport="urllib3" if transport == "urllib3" else "httpx",
    )


def _send_on(case: Case, around: Around, status: int) -> None:
    around.elsewhere.status = status
    around.elsewhere.location = case.text.encode("utf-8", "surrogateescape")
    around.witness.begin(around.elsewhere.place)


def _spoken(text: str) -> list[Sequence[str]]:
    return [[each for each in answer.split(",") if each] for answer in text.split("|")]


DOORS: Final[dict[str, Callable[[Case, Around], Awaitable[None]]]] = {
    "base_url": _base_url,
    "url": _url,
    "name": _name,
    "redirect": _redirect,
    "ping": _ping,
    "destination": _destination,
    "destination name": _destination_name,
    "destination redirect": _destination_redirect,
    "proxied base_url": _proxied_base_url,
    "proxied destination": _proxied_destination,
    "reference": _reference,
}
