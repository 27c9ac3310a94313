"""One record fetched for `inspect`: with the configuration's sources, or with the defaults where there is none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.cli import logs
from monitor.cli.context import Context
from monitor.cli.ending import complain
from monitor.clocks import wall_clock
from monitor.egress.client import Egress
from monitor.egress.fetched import Fetcher
from monitor.egress.policy import HostPolicy, Network
from monitor.errors import ConfigFaults, MonitorError, NotARecord, StoreError
from monitor.model.reading import Absent, Failed, Merged, Reading, Refused, Same, Sound, Suspicious, Throttled
from monitor.model.record import TrialRecord
from monitor.model.version import HostRest
from monitor.model.watch import RecordKey, Reference
from monitor.settings import find, load
from monitor.settings.reading import VARIABLE
from monitor.settings.tables import BASE_URLS
from monitor.settings.values import Settings
from monitor.sources.ctgov.client import read_studies
from monitor.sources.ctv.client import read_page
from monitor.store import hosts
from monitor.store.engine import open_store

HOPS = 3  # records merged into one another


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How to get to the sources, and which hosts are to be left alone for now."""

    policies: Sequence[HostPolicy]
    network: Network
    rests: Sequence[HostRest] = ()

    def base_url(self, source: str) -> str:
        return next(policy.base_url for policy in self.policies if policy.source == source)


def fetch_record(reference: Reference, context: Context) -> TrialRecord:
    """The record as the source gives it now. Raises NotARecord, or MonitorError with the source's answer."""
    context.set_up_log()
    return _record(asyncio.run(_fetch(reference.key, _way(context))))


def _way(context: Context) -> Way:
    settings = _settings(context.config, context.environ)
    if settings is None:
        policies = [HostPolicy(source=name, base_url=url) for name, url in BASE_URLS.items()]
        return Way(policies=policies, network=Network())
    logs.hide(settings.secrets)
    return Way(policies=settings.policies, network=settings.network, rests=_rests(settings))


def _settings(config: Path | None, environ: Mapping[str, str]) -> Settings | None:
    """None where there is no configuration, unless one was named."""
    try:
        path = find(config, environ, Path.cwd(), Path.home())
    except ConfigFaults:
        if config is not None or environ.get(VARIABLE) or environ.get(f"{VARIABLE}_FILE"):
            raise
        return None
    return load(path, environ)


def _rests(settings: Settings) -> Sequence[HostRest]:
    """The hosts that asked for quiet; none are known where there is no store to read."""
    try:
        store = open_store(settings.store_url.reveal(), migrate=False, say=complain)
    except StoreError:
        return ()
    try:
        with store.read() as tx:
            return hosts.rests(tx)
    finally:
        store.close()


async def _fetch(key: RecordKey, way: Way) -> Reading:
    async with Egress(way.policies, way.network, clock=wall_clock, rests=way.rests) as egress:
        reading = await read_one(egress, key, way.base_url(key.source))
        for _ in range(HOPS):
            if not isinstance(reading, Merged):
                break
            complain(f"{reading.key} is now part of {reading.into}, which is shown.")
            reading = await read_one(egress, reading.into, way.base_url(reading.into.source))
        return reading


async def read_one(fetcher: Fetcher, key: RecordKey, base_url: str) -> Reading:
    """What the source says of one record now."""
    if key.source == "ctv":
        return await read_page(fetcher, base_url, key.source_id, last=None, expected=None)
    readings = [each async for batch in read_studies(fetcher, base_url, [key.source_id], {}) for each in batch]
    return readings[0]


def _record(reading: Reading) -> TrialRecord:
    match reading:
        case Sound():
            return reading.record
        case Suspicious():
            raise NotARecord([f"{reading.key} did not answer with a complete trial record.", *reading.reasons])
        case Absent() | Refused() | Throttled() | Failed():
            raise MonitorError(reading.message)
        case Merged():
            raise MonitorError(f"{reading.key} is now part of {reading.into}.")
        case Same():
            raise AssertionError("nothing was known that it could be the same as")
