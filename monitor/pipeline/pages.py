"""From a study page to the registry's record of the same trial: by its number, else by its exact title and sponsor."""

from __future__ import annotations

from datetime import datetime

from monitor.egress.fetched import Fetcher
from monitor.errors import FetchError
from monitor.model.reading import Reading, Sound
from monitor.model.record import TrialRecord
from monitor.model.version import RecordRow
from monitor.model.watch import RecordKey, Watch
from monitor.pipeline.agenda import Agenda
from monitor.pipeline.scribe import Scribe
from monitor.sources.ctgov.client import find_by_title
from monitor.store import records, watches
from monitor.store.transaction import Tx


async def link_registry_record(
    fetcher: Fetcher, base_url: str, scribe: Scribe, agenda: Agenda, reading: Reading, *, now: datetime
) -> str | None:
    """Let the page's watches lead to the registry's record too, if it can be told which one; its number.

    A watch that follows the page alone gets nothing. Where the registry cannot be asked now, that is noted as a
    problem of this pass, and the next pass tries again.
    """
    row = agenda.row_of(reading.key)
    waiting = [
        watch for watch in agenda.watches_of(row.id) if watch.source == "both" and agenda.registry_row(watch) is None
    ]
    if not waiting or not isinstance(reading, Sound):
        return reading.record.registry_id if isinstance(reading, Sound) else None
    try:
        number = await _number_of(fetcher, base_url, reading.record, row)
    except FetchError as error:
        agenda.note(row.id, f"The registry could not be asked which trial this page is: {error}")
        return None
    if number is None:
        return None
    key = RecordKey(source="ctgov", source_id=number)
    found = await scribe.write(lambda tx: _link(tx, key, waiting, now))
    for watch in waiting:
        agenda.follow(watch, found)
    return number


async def _number_of(fetcher: Fetcher, base_url: str, page: TrialRecord, row: RecordRow) -> str | None:
    known = page.registry_id or row.registry_id
    title = page.identification.brief_title
    if known or not title or not page.sponsor.lead:
        return known
    return await find_by_title(fetcher, base_url, title, page.sponsor.lead)


def _link(tx: Tx, key: RecordKey, waiting: list[Watch], now: datetime) -> RecordRow:
    found = records.ensure(tx, [key], now)[key]
    for watch in waiting:
        watches.link(tx, watch.id, found.id)
    return found
