"""Asking for many studies at once, and sorting what comes back by what was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from monitor.egress.fetched import Fetcher
from monitor.model.json import Json
from monitor.sources.ctgov.answers import NoAnswer, ask_json
from monitor.sources.ctgov.identity import aliases_of, number_of
from monitor.sources.ctgov.taking import JsonDict
from monitor.sources.references import is_number

BATCH = 100
"""Ids in one request. The registry takes more, but then one fault costs more too."""

NO_LIST = NoAnswer("failed", "ClinicalTrials.gov answered without the list of studies that was asked for.")


@dataclass(slots=True)
class Listed:
    """The studies by the number that they were asked for under, and why the rest could not be had, if so."""

    studies: dict[str, JsonDict] = field(default_factory=dict)
    trouble: NoAnswer | None = None


def batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """The ids, each once, in portions for one request."""
    once = tuple(dict.fromkeys(ids))
    return (once[start : start + BATCH] for start in range(0, len(once), BATCH))


def endpoint(base_url: str, rest: str) -> str:
    """An address below the registry's."""
    return f"{base_url.rstrip('/')}/{rest}"


async def list_studies(fetcher: Fetcher, base_url: str, batch: Sequence[str], fields: str | None = None) -> Listed:
    """Ask for a batch by `filter.ids`; what is no NCT number is not asked for, as it would spoil the whole answer.

    One request, unless the registry cuts the list: then page after page, until one brings nothing new.
    """
    listed, wanted = Listed(), [number for number in batch if is_number(number)]
    first = endpoint(base_url, f"studies?filter.ids={','.join(wanted)}&pageSize={BATCH}")
    first += f"&fields={fields}" if fields else ""
    url = first if wanted else None
    while url:
        token = await _take_page(fetcher, url, wanted, listed)
        url = f"{first}&pageToken={quote(token, safe='')}" if token else None
    return listed


async def _take_page(fetcher: Fetcher, url: str, wanted: Sequence[str], listed: Listed) -> str | None:
    """Add what a page brings to `listed`; the token of the next page, if there is a reason to ask for it."""
    answer = await ask_json(fetcher, url)
    studies = answer if isinstance(answer, NoAnswer) else answer.get("studies")
    if isinstance(answer, NoAnswer) or not isinstance(studies, list):
        listed.trouble = answer if isinstance(answer, NoAnswer) else NO_LIST
        return None
    before = len(listed.studies)
    for study in studies:
        _take_study(study, wanted, listed)
    token = answer.get("nextPageToken")
    return token if isinstance(token, str) and len(listed.studies) > before else None


def _take_study(study: Json, wanted: Sequence[str], listed: Listed) -> None:
    """Keep a study under its own number or, if only an older number of it was asked for, under that one."""
    if not isinstance(study, dict):
        return
    own = number_of(study)
    for number in {own, *aliases_of(study)}.intersection(wanted):
        held = listed.studies.get(str(number))
        if held is None or (number == own != number_of(held)):
            listed.studies[str(number)] = study
