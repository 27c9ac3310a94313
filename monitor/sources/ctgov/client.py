"""Asking ClinicalTrials.gov (API v2): batches by number, compared with what was asked, the odd ones one by one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

import orjson

from monitor.egress.fetched import Fetcher
from monitor.errors import FetchFailed, NotARecord
from monitor.model.reading import Absent, Body, DataVersion, Failed, Merged, Reading, Same, Sound, Suspicious
from monitor.model.watch import RecordKey
from monitor.sources.careful import read_carefully
from monitor.sources.ctgov.answers import ACCEPT, NoAnswer, fetch, look_up, read_json
from monitor.sources.ctgov.identity import aliases_of, number_of
from monitor.sources.ctgov.lists import batches, endpoint, list_studies
from monitor.sources.ctgov.patience import Patience
from monitor.sources.ctgov.raw import raw_hash
from monitor.sources.ctgov.record import normalise
from monitor.sources.ctgov.taking import JsonDict
from monitor.sources.ctgov.titles import find_by_title
from monitor.sources.references import is_number

__all__ = ["data_version", "exist", "find_by_title", "read_studies"]

MOST_STRAYS = 10
"""So many trials that a list left out, and that are there all the same, show that the list is no answer."""

_NUMBERS_ONLY = "NCTId,NCTIdAlias"
_LEFT_OUT = NoAnswer(
    "failed", "ClinicalTrials.gov left trials out of its list that it has; the rest was not asked for."
)


async def data_version(fetcher: Fetcher, base_url: str) -> DataVersion:
    """The registry's build. Raises FetchError where it cannot be had: that says nothing about any trial."""
    answer = read_json(await fetch(fetcher, endpoint(base_url, "version")))
    if isinstance(answer, NoAnswer):
        raise FetchFailed(answer.message)
    timestamp, api = answer.get("dataTimestamp"), answer.get("apiVersion")
    if not isinstance(timestamp, str) or not timestamp.strip():
        raise FetchFailed("ClinicalTrials.gov does not say of when its data are.")
    return DataVersion(api_version=api if isinstance(api, str) else None, data_timestamp=timestamp.strip())


async def read_studies(
    fetcher: Fetcher, base_url: str, ids: Sequence[str], known: Mapping[str, str]
) -> AsyncIterator[tuple[Reading, ...]]:
    """One reading for each id, a tuple for each batch of 100; never raises for what the registry does.

    `known` maps an id to the `raw_hash` of its last sound check: a study that still hashes so is Same, and is not
    normalised. What a batch left out is asked for by itself.
    """
    patient = Patience(fetcher)
    for batch in batches(ids):
        yield await _read_batch(patient, base_url, batch, known)


async def exist(fetcher: Fetcher, base_url: str, ids: Sequence[str]) -> Mapping[str, bool | None]:
    """Whether the registry has a trial under each id; None where it could not be asked."""
    found: dict[str, bool | None] = {}
    patient = Patience(fetcher)
    for batch in batches(ids):
        listed = await list_studies(patient, base_url, batch, _NUMBERS_ONLY)
        for number in batch:
            found[number] = number in listed.studies or await _exists(patient, base_url, number, listed.trouble)
    return found


async def _read_batch(
    fetcher: Fetcher, base_url: str, batch: Sequence[str], known: Mapping[str, str]
) -> tuple[Reading, ...]:
    listed = await list_studies(fetcher, base_url, batch)
    readings: list[Reading] = []
    strays = 0
    for number in batch:
        study = listed.studies.get(number)
        if study is not None:
            readings.append(_reading(number, study, known))
            continue
        trouble = listed.trouble or (_LEFT_OUT if strays >= MOST_STRAYS else None)
        reading = await _read_one(fetcher, base_url, number, known, trouble)
        strays += isinstance(reading, Sound | Same | Suspicious)
        readings.append(reading)
    return tuple(readings)


async def _read_one(
    fetcher: Fetcher, base_url: str, number: str, known: Mapping[str, str], trouble: NoAnswer | None
) -> Reading:
    """Look for one study that a list left out, unless the list had a trouble that holds for this one too."""
    key = _key(number)
    if not is_number(number):
        return Failed(key=key, message=f"{number} is no NCT number.")
    answer = trouble or await look_up(fetcher, endpoint(base_url, f"studies/{number}"), key)
    if isinstance(answer, NoAnswer):
        return answer.reading(key)
    return answer if isinstance(answer, Absent | Merged) else _reading(number, answer, known)


async def _exists(fetcher: Fetcher, base_url: str, number: str, trouble: NoAnswer | None) -> bool | None:
    if not is_number(number):
        return False
    url = endpoint(base_url, f"studies/{number}?fields={_NUMBERS_ONLY}")
    answer = trouble or await look_up(fetcher, url, _key(number))
    if isinstance(answer, NoAnswer):
        return None
    if isinstance(answer, Absent):
        return False
    return isinstance(answer, Merged) or number in (number_of(answer), *aliases_of(answer)) or None


def _reading(number: str, study: JsonDict, known: Mapping[str, str]) -> Reading:
    key, own = _key(number), number_of(study)
    if own and own != number and is_number(own) and number in aliases_of(study):
        return Merged(key=key, into=_key(own))
    try:
        hashed = raw_hash(study)
        if known.get(number) == hashed:
            return Same(key=key)
        body = Body(content=orjson.dumps(study), media_type=ACCEPT)
    except orjson.JSONEncodeError:
        return Failed(key=key, message="ClinicalTrials.gov sent a record nested more deeply than any record is.")
    try:
        record = read_carefully(key, lambda: normalise(study, asked=number))
    except NotARecord as fault:
        return Suspicious(key=key, body=body, reasons=fault.reasons)
    return Sound(key=key, body=body, raw_hash=hashed, record=record)


def _key(number: str) -> RecordKey:
    return RecordKey(source="ctgov", source_id=number)
