"""Asks for one study page, and says what the answer means. Every answer ends in a Reading."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote, unquote, urljoin, urlsplit

from monitor.egress.fetched import Fetched, Fetcher
from monitor.errors import AddressRefused, FetchFailed, HostResting, NotARecord
from monitor.model.reading import Absent, Body, Failed, Merged, Reading, Refused, Sound, Suspicious, Throttled
from monitor.model.record import TrialRecord
from monitor.model.watch import RecordKey
from monitor.sources.careful import read_carefully
from monitor.sources.ctv.gate import doubts_of
from monitor.sources.ctv.page import read_page as read_record
from monitor.sources.references import page_url
from monitor.text.canonical import content_hash
from monitor.text.clean import harmless

ACCEPT = "text/html,application/xhtml+xml"
SITE = "ClinicalTrials.Veeva"
_OK = 200
_REDIRECTS = range(300, 400)
_LASTING = (301, 308)
_ABSENT = (404, 410)
_REFUSING = (401, 403, 451)
_RESTING = (429, 503)
_SERVER_FAULT = 500
_HOPS = 3  # spellings of one address (http, a slash at the end, capital letters) that are followed
_QUOTED = 200
_LONGEST_REST = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a page is to prove itself by; see `read_page`."""

    last: TrialRecord | None
    expected: str | None
    also: Collection[str]


async def read_page(
    fetcher: Fetcher,
    base_url: str,
    slug: str,
    *,
    last: TrialRecord | None,
    expected: str | None,
    also: Collection[str] = (),
) -> Reading:
    """Read the study page `slug` of the site at `base_url`.

    `last` is the record as last seen on this page, `expected` the NCT number known for it, `also` the numbers that
    the registry merged with it: a page that proves to be none of these is suspicious. A page that moved for good to
    another address is a merge if what stands there proves to be the same trial. Raises nothing that a site can cause.
    """
    proof = Proof(last=last, expected=expected, also=also)
    key = RecordKey(source="ctv", source_id=slug)
    url = f"{base_url.rstrip('/')}/study/{quote(slug)}"
    for _ in range(_HOPS):
        fetched = await _ask(fetcher, url, key)
        if not isinstance(fetched, Fetched):
            return fetched
        if fetched.status not in _REDIRECTS:
            return _reading(key, fetched, proof)
        target = _target(url, fetched)
        if target is None:
            return Failed(key=key, message=f"{SITE} sends us on to what is no address.")
        if not _is_same_page(target, url, slug):
            moved = _sent_on(key, target, url, lasting=fetched.status in _LASTING)
            return await _proven(fetcher, target, moved, proof) if isinstance(moved, Merged) else moved
        url = target
    return Failed(key=key, message=f"{SITE} sends the address in circles.")


async def _proven(fetcher: Fetcher, target: str, moved: Merged, proof: Proof) -> Reading:
    """The move, if the page that it leads to is complete and of the same trial; else what that page amounts to."""
    fetched = await _ask(fetcher, target, moved.key)
    if not isinstance(fetched, Fetched):
        return fetched
    reading = _reading(moved.key, fetched, proof)
    return moved if isinstance(reading, Sound) else reading


async def _ask(fetcher: Fetcher, url: str, key: RecordKey) -> Fetched | Failed | Refused | Throttled:
    try:
        return await fetcher.get(url, accept=ACCEPT)
    except HostResting as resting:
        if resting.status in _RESTING:
            return Throttled(key=key, message=str(resting), until=resting.until)
        return Refused(key=key, message=str(resting), until=resting.until)
    except AddressRefused as refused:
        return Refused(key=key, message=str(refused))
    except FetchFailed as failed:
        return Failed(key=key, message=str(failed))


def _reading(key: RecordKey, fetched: Fetched, proof: Proof) -> Reading:
    status = fetched.status
    if status == _OK:
        return _judge(key, fetched, proof)
    if status in _ABSENT:
        return Absent(key=key, message=f"{SITE} says that there is no such page ({status}).")
    if status in _REFUSING:
        return Refused(key=key, message=f"{SITE} refused the request ({status}).")
    if status in _RESTING:
        return Throttled(key=key, message=f"{SITE} asked for quiet ({status}).", until=_retry_after(fetched))
    if status >= _SERVER_FAULT:
        return Failed(key=key, message=f"{SITE} has a fault of its own ({status}).")
    return Failed(key=key, message=f"{SITE} answered {status}, which is no answer to the question.")


def _judge(key: RecordKey, fetched: Fetched, proof: Proof) -> Reading:
    body = Body(content=fetched.body, media_type=fetched.headers.get("content-type", "text/html"))
    if not body.content.strip():
        return Failed(key=key, message=f"{SITE} sent an empty answer.")
    try:
        record = read_carefully(key, lambda: read_record(body, url=page_url(key.source_id)))
    except NotARecord as fault:
        return Suspicious(key=key, body=body, reasons=fault.reasons)
    doubts = doubts_of(record, last=proof.last, expected=proof.expected, also=proof.also)
    if doubts:
        return Suspicious(key=key, body=body, reasons=doubts)
    return Sound(key=key, body=body, raw_hash=content_hash(record), record=record)


def _target(url: str, fetched: Fetched) -> str | None:
    """Where a redirect leads, None where that is no address: a bracket alone is enough for the parser to give up."""
    try:
        target = urljoin(url, fetched.headers.get("location", ""))
        urlsplit(target)
    except ValueError:
        return None
    return target


def _slug_of(url: str) -> str | None:
    """The slug of a study page's address; None for any other address."""
    parts = unquote(urlsplit(url).path).strip("/").split("/")
    return parts[-1] if len(parts) > 1 and parts[-2].casefold() == "study" and parts[-1] else None


def _is_same_page(target: str, url: str, slug: str) -> bool:
    same_host = urlsplit(target).hostname == urlsplit(url).hostname
    return same_host and target != url and (_slug_of(target) or "").casefold() == unquote(slug).casefold()


def _sent_on(key: RecordKey, target: str, url: str, *, lasting: bool) -> Reading:
    """A lasting redirect to another study page is a move; any other redirect says nothing about the trial."""
    slug = _slug_of(target)
    same_host = urlsplit(target).hostname == urlsplit(url).hostname
    if lasting and slug and same_host and slug.casefold() != key.source_id.casefold():
        return Merged(key=key, into=RecordKey(source="ctv", source_id=slug))
    shown = harmless(target)[:_QUOTED]
    return Failed(key=key, message=f"{SITE} sends us on to {shown}, which is not followed.")


def _retry_after(fetched: Fetched) -> datetime | None:
    """When the site may be asked again, by its Retry-After (seconds or a date)."""
    stated = fetched.headers.get("retry-after", "").strip()
    if stated.isascii() and stated.isdigit():
        return fetched.fetched_at + min(timedelta(seconds=min(int(stated[:9]), 10**8)), _LONGEST_REST)
    try:
        until = parsedate_to_datetime(stated)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(until.astimezone(UTC), fetched.fetched_at + _LONGEST_REST)
