"""One record fetched for `inspect`: with the configuration's sources, or with the defaults where there is none."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from monitor.app import source_policies
from monitor.cli.context import Context
from monitor.cli.ending import complain
from monitor.egress.client import Egress
from monitor.egress.fetched import Fetcher
from monitor.errors import MonitorError, NotARecord
from monitor.model.reading import Absent, Failed, Merged, Reading, Refused, Same, Sound, Suspicious, Throttled
from monitor.model.record import TrialRecord
from monitor.model.watch import RecordKey, Reference
from monitor.settings.values import Settings
from monitor.sources.ctgov.client import read_studies
from monitor.sources.ctv.client import read_page

HOPS = 3  # records merged into one another


def fetch_record(reference: Reference, context: Context) -> TrialRecord:
    """The record as the source gives it now. Raises NotARecord, or MonitorError with the source's answer."""
    settings = context.settings_or_defaults()
    reading = asyncio.run(_fetch(reference.key, settings))
    return _record(reading)


async def _fetch(key: RecordKey, settings: Settings) -> Reading:
    policies, network = source_policies(settings), settings.network
    async with Egress(policies, network, clock=lambda: datetime.now(UTC)) as egress:
        for _ in range(HOPS):
            reading = await read_one(egress, key, settings.sources[key.source].base_url)
            if not isinstance(reading, Merged):
                break
            complain(f"{key} is now part of {reading.into}, which is shown.")
            key = reading.into
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
            raise MonitorError(f"{reading.key}: {reading.message}")
        case Merged():
            raise MonitorError(f"{reading.key} is now part of {reading.into}.")
        case Same():
            raise AssertionError("nothing was known that it could be the same as")
