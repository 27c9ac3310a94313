"""What the registry's answers mean. One request ends in a value: what was asked for, or why it could not be had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from urllib.parse import urljoin, urlsplit

import orjson

from monitor.egress.fetched import Fetched, Fetcher
from monitor.errors import AddressRefused, FetchFailed, HostResting
from monitor.model.reading import Absent, Failed, Merged, Refused, Throttled
from monitor.model.watch import RecordKey
from monitor.sources.ctgov.identity import aliases_of, number_of
from monitor.sources.ctgov.taking import JsonDict
from monitor.sources.references import REGISTRY_SITE, is_number, number_in
from monitor.text.clean import harmless

ACCEPT = "application/json"
OK, BAD_REQUEST, ABSENT, GONE = 200, 400, 404, 410
MOVED = (301, 308)
REFUSING = (401, 403)
RESTING = (429, 503)
SERVER_FAULT = 500
_QUOTED = 200  # characters of an answer that a message repeats
_REMEDY = "Check base_url under [sources.ctgov]: it should be https://clinicaltrials.gov/api/v2."


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why a request brought nothing; it says nothing about the trials asked for."""

    kind: Literal["failed", "refused", "throttled"]
    message: str
    until: datetime | None = None

    def reading(self, key: RecordKey) -> Failed | Refused | Throttled:
        """The same, as what it means for one record."""
        if self.kind == "refused":
            return Refused(key=key, message=self.message, until=self.until)
        if self.kind == "throttled":
            return Throttled(key=key, message=self.message, until=self.until)
        return Failed(key=key, message=self.message)


LookUp: TypeAlias = JsonDict | Absent | Merged | NoAnswer


async def fetch(fetcher: Fetcher, url: str) -> Fetched:
    """Ask for an address. Raises FetchError; also HostResting, with the time, where the host has just refused us."""
    fetched = await fetcher.get(url, accept=ACCEPT)
    if fetched.status in (*REFUSING, *RESTING):
        # Such an answer put the host to rest: this sends nothing, and raises HostResting, which knows until when.
        fetched = await fetcher.get(url, accept=ACCEPT)
    return fetched


async def ask(fetcher: Fetcher, url: str) -> Fetched | NoAnswer:
    """Ask for an address, and hand back the complete answer of any status or the reason why there is none."""
    try:
        return await fetch(fetcher, url)
    except HostResting as resting:
        kind: Literal["refused", "throttled"] = "throttled" if resting.status in RESTING else "refused"
        return NoAnswer(kind, str(resting), resting.until)
    except AddressRefused as refused:
        return NoAnswer("refused", str(refused))
    except FetchFailed as failed:
        return NoAnswer("failed", str(failed))


async def ask_json(fetcher: Fetcher, url: str) -> JsonDict | NoAnswer:
    """Ask for an address that answers with a JSON object."""
    fetched = await ask(fetcher, url)
    return fetched if isinstance(fetched, NoAnswer) else read_json(fetched)


async def look_up(fetcher: Fetcher, url: str, key: RecordKey) -> LookUp:
    """Ask for one study by its number. Only an answer that names the number says that there is no such trial."""
    fetched = await ask(fetcher, url)
    if isinstance(fetched, NoAnswer):
        return fetched
    if fetched.status in (ABSENT, GONE) and _names(fetched, key.source_id):
        return Absent(key=key, message=f"ClinicalTrials.gov says: {_quote(fetched)}")
    if fetched.status in MOVED:
        return await _proven(fetcher, _moved(fetched, url, key), url)
    return read_json(fetched)


def read_json(fetched: Fetched) -> JsonDict | NoAnswer:
    """The JSON object of an answer."""
    if fetched.status != OK:
        return _refusal(fetched)
    try:
        value = orjson.loads(fetched.body)
    except orjson.JSONDecodeError:
        return NoAnswer("failed", _garbled(fetched))
    if not isinstance(value, dict):
        return NoAnswer("failed", "ClinicalTrials.gov answered with data of another kind than was asked for.")
    return value


def _refusal(fetched: Fetched) -> NoAnswer:
    status = fetched.status
    if status in REFUSING:
        return NoAnswer("refused", f"ClinicalTrials.gov refused the request ({status}).")
    if status in RESTING:
        return NoAnswer("throttled", f"ClinicalTrials.gov asked for quiet ({status}).")
    return NoAnswer("failed", _failure(fetched))


def _failure(fetched: Fetched) -> str:
    status = fetched.status
    if status >= SERVER_FAULT:
        return f"ClinicalTrials.gov has a fault of its own ({status})."
    if status == BAD_REQUEST:
        return f"ClinicalTrials.gov calls the request malformed (400): {_quote(fetched)}"
    if status in (ABSENT, GONE):
        return f"There is nothing at the address that was asked ({status}). {_REMEDY}"
    if "location" in fetched.headers:
        return f"ClinicalTrials.gov sends us on to {_target(fetched)}, which is not followed ({status})."
    return f"ClinicalTrials.gov answered {status}, which is no answer to the question."


def _moved(fetched: Fetched, url: str, key: RecordKey) -> Merged | NoAnswer:
    """A lasting redirect to another number of the same registry is a merge; any other is not followed."""
    try:
        target = urlsplit(urljoin(url, fetched.headers.get("location", "")))
    except ValueError:  # a bracket alone is enough for the parser to give up
        return _refusal(fetched)
    number = number_in(target.path)
    hosts = (urlsplit(url).netloc, urlsplit(REGISTRY_SITE).netloc)
    if number is None or not is_number(number) or number == key.source_id or target.netloc not in hosts:
        return _refusal(fetched)
    return Merged(key=key, into=RecordKey(source="ctgov", source_id=number))


async def _proven(fetcher: Fetcher, moved: Merged | NoAnswer, url: str) -> Merged | NoAnswer:
    """The merge, if the record that it leads to names the number that was asked for as an older one of its own."""
    if isinstance(moved, NoAnswer):
        return moved
    old, into = moved.key.source_id, moved.into.source_id
    survivor = await ask_json(fetcher, url.replace(f"/{old}", f"/{into}"))
    if isinstance(survivor, NoAnswer):
        return survivor
    if number_of(survivor) == into and old in aliases_of(survivor):
        return moved
    return NoAnswer("failed", f"ClinicalTrials.gov sends us on to {into}, whose record does not name {old}.")


def _names(fetched: Fetched, number: str) -> bool:
    return not _is_page(fetched) and number.encode() in fetched.body.upper()


def _is_page(fetched: Fetched) -> bool:
    return "html" in fetched.headers.get("content-type", "").lower() or fetched.body.lstrip()[:1] == b"<"


def _garbled(fetched: Fetched) -> str:
    if not fetched.body.strip():
        return "ClinicalTrials.gov sent an empty answer."
    if _is_page(fetched):
        return "ClinicalTrials.gov answered with a web page instead of data."
    return "ClinicalTrials.gov sent data that is cut or garbled."


def _quote(fetched: Fetched) -> str:
    if _is_page(fetched):
        return "(a web page)"
    text = " ".join(harmless(fetched.body[: 4 * _QUOTED].decode("utf-8", "replace")).split())
    return f'"{text[:_QUOTED]}"'


def _target(fetched: Fetched) -> str:
    return harmless(fetched.headers["location"])[:_QUOTED]
