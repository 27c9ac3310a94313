"""The product's own way from the bytes of an answer to a judgement: client, gate, normaliser, comparer, verdict.

No socket and no store: the answer is handed over by a fetcher that has it, and what a store would keep is kept here.
"""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from monitor.egress.fetched import Fetched
from monitor.model.reading import Body, Reading, Sound
from monitor.model.record import TrialRecord
from monitor.model.version import RecordRow, RecordState, Version
from monitor.model.watch import RecordKey
from monitor.pipeline.baseline import carry
from monitor.pipeline.judge import Circumstance, Known, Verdict, judge
from monitor.sources import NORMALISER_VERSION, normalise
from monitor.sources.ctgov.client import read_studies
from monitor.sources.ctv.client import read_page
from monitor.text.canonical import content_hash
from tests.fuzz.case import Asked

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
BASE_URL = "https://site.example/api"
T = TypeVar("T")


@dataclass(slots=True)
class Answers:
    """A fetcher that has the answers: by the end of an address, else the one under ""."""

    by_end: Mapping[str, bytes]
    media_type: str

    async def get(self, url: str, *, accept: str) -> Fetched:
        body = next((body for end, body in self.by_end.items() if end and url.endswith(end)), None)
        headers = {"content-type": self.media_type} if accept else {}
        found = self.by_end[""] if body is None else body
        return Fetched(status=200, headers=headers, body=found, url=url, fetched_at=NOON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A record as the store holds it: its row, the latest version, and what each version's own body says."""

    row: RecordRow
    known: Known
    said: Mapping[int, TrialRecord]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    reading: Reading
    verdict: Verdict

    @property
    def moved(self) -> bool:
        return self.verdict.version is not None

    @property
    def compared(self) -> bool:
        return isinstance(self.reading, Sound) and self.verdict.suspect is None

    @property
    def read(self) -> TrialRecord | None:
        """What the body says, where it was read at all."""
        return self.reading.record if isinstance(self.reading, Sound) else None


def first_seen(asked: Asked, body: Body) -> Baseline:
    """The baseline that a sound body makes."""
    key = RecordKey(source=asked.source, source_id=asked.source_id)
    record = normalise(key, body)
    version = Version(
        record_id=1, number=1, observed_at=NOON - timedelta(days=1), posted=None, content_hash=content_hash(record),
        normaliser_version=NORMALISER_VERSION, body_digest="", chain_hash="", previous_hash=None,
    )  # fmt: skip
    row = RecordRow(
        id=1, key=key, state=RecordState.LIVE, registry_id=asked.number, title=record.identification.brief_title,
        sponsor=record.sponsor.lead, overall_status=record.status.overall, latest=1, raw_hash=None,
        data_timestamp=None, open_reason=None, verified_at=NOON - timedelta(days=1),
        checked_at=NOON - timedelta(days=1), next_due=NOON,
    )  # fmt: skip
    return Baseline(row=row, known=Known(version=version, base=record, body=body), said={1: record})


def judged(asked: Asked, base: Baseline, content: bytes, media_type: str, *, now: datetime = NOON) -> Judged:
    """What the product makes of an answer with this body."""
    fetcher = Answers(_answers(asked, content), media_type)
    reading = _of_registry(asked, fetcher) if asked.source == "ctgov" else _of_page(asked, base, fetcher)
    at = Circumstance(now=now, every=timedelta(hours=6), chance=0.5, data_timestamp="2026-11-01T09:00:00")
    known = base.known if isinstance(reading, Sound) else None
    return Judged(reading=reading, verdict=judge(base.row, reading, known, at))


def after(base: Baseline, done: Judged) -> Baseline:
    """The baseline that a judgement leaves: the older one with the record's new row, or the version that it made."""
    made, latest = done.verdict.version, base.known.version
    if made is None:
        return replace(base, row=replace(done.verdict.row, latest=latest.number))
    number = latest.number + 1
    said = {**base.said, number: normalise(base.row.key, made.body, complete=False)}
    record = carry(said[number], {section: said[older] for section, older in made.carried.items()})
    version = replace(latest, number=number, content_hash=made.content_hash, carried=made.carried)
    row = replace(done.verdict.row, latest=number)
    return Baseline(row=row, known=Known(version=version, base=record, body=made.body), said=said)


def _answers(asked: Asked, content: bytes) -> Mapping[str, bytes]:
    """A registry gives a study in a list, and by itself where the list left it out."""
    if asked.source == "ctv":
        return {"": content}
    return {"": b'{"studies":[' + content + b"]}", f"studies/{asked.source_id}": content}


def _of_registry(asked: Asked, fetcher: Answers) -> Reading:
    async def only() -> Reading:
        (reading,) = await anext(read_studies(fetcher, BASE_URL, [asked.source_id], {}))
        return reading

    return _now(only())


def _of_page(asked: Asked, base: Baseline, fetcher: Answers) -> Reading:
    return _now(read_page(fetcher, BASE_URL, asked.source_id, last=base.known.base, expected=asked.number))


def _now(step: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives that waits for nothing."""
    try:
        step.send(None)
    except StopIteration as done:
        value: T = done.value
        return value
    raise AssertionError("something waited where nothing is to be waited for")
