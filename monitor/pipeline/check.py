"""One pass: read what is due, judge it, store what it means.

Pages come first, for a page may lead to a registry record that is then read in the same pass. A batch of readings is
accepted in one transaction, so that a crash loses at most readings, never an alert of a stored version.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.egress.fetched import Fetcher
from monitor.errors import FetchError, HostResting
from monitor.model.change import StoredChange
from monitor.model.coverage import Coverage, Outcome, SourceUse
from monitor.model.reading import DataVersion, Failed, Reading, Refused, Same, Sound, Throttled
from monitor.model.record import TrialRecord
from monitor.model.version import RecordRow, RecordState
from monitor.model.watch import RecordKey
from monitor.pipeline.accept import Accepted, accept, rehearse
from monitor.pipeline.agenda import Agenda, open_agenda
from monitor.pipeline.baseline import load_base
from monitor.pipeline.closing import close_pass
from monitor.pipeline.judge import Circumstance, Known, Verdict, judge
from monitor.pipeline.pages import link_registry_record
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.ways import Ways
from monitor.sources import NORMALISER_VERSION
from monitor.sources.ctgov import client as ctgov
from monitor.store.transaction import Tx

REFUSALS = (401, 403)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassReport:
    """`planned` counts new alerts; `unconfirmed` the absences that are no confirmed `gone` yet."""

    coverage: Coverage
    changes: tuple[StoredChange, ...]
    planned: int
    unconfirmed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a pass needs of the outside.

    `chance` gives numbers between 0 and 1; `said` hears how many records are done, and of how many.
    """

    fetcher: Fetcher
    scribe: Scribe
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    requests: Callable[[], dict[str, int]]
    said: Callable[[int, int], None]


@dataclass(slots=True, kw_only=True)
class Pass:
    """A running pass."""

    around: Surroundings
    ways: Ways
    agenda: Agenda
    data: DataVersion | None = None
    changes: list[StoredChange] = field(default_factory=list)
    planned: int = 0


async def run_pass(
    around: Surroundings, ways: Ways, *, only: Iterable[int] | None = None, due_only: bool = False
) -> PassReport:
    """Read every record that the chosen watches lead to, once. `only` holds watch ids; None means all active ones.

    A rehearsal (a Scribe that rehearses) reads and compares as usual and stores nothing.
    """
    started = around.clock()
    scribe = around.scribe
    agenda = await scribe.write(lambda tx: open_agenda(tx, ways, only=only, due_only=due_only, now=started))
    run = Pass(around=around, ways=ways, agenda=agenda)
    await _read_pages(run)
    await _read_registry(run)
    coverage = _coverage(run, started)
    if not scribe.rehearse:
        run.planned += await scribe.write(lambda tx: close_pass(tx, agenda, ways.desk, coverage, now=around.clock()))
    return PassReport(
        coverage=coverage, changes=tuple(run.changes), planned=run.planned, unconfirmed=_unconfirmed(agenda)
    )


async def _read_pages(run: Pass) -> None:
    rows = run.agenda.open("ctv")
    if not rows:
        return
    from monitor.sources.ctv.client import read_page

    around = run.around
    for row in rows:
        base = await around.scribe.read(_loader(run.agenda, row))
        expected = base.registry_id if base else None
        reading = await read_page(
            around.fetcher, run.ways.sources["ctv"].base_url, row.key.source_id, last=base, expected=expected
        )
        registry = run.ways.sources["ctgov"].base_url
        number = await link_registry_record(
            around.fetcher, registry, around.scribe, run.agenda, reading, now=around.clock()
        )
        if number:
            run.agenda.name_trial(row.id, number)
        await _settle(run, [reading], data_timestamp=None)


def _loader(agenda: Agenda, row: RecordRow) -> Callable[[Tx], TrialRecord | None]:
    latest = agenda.latest.get(row.id)
    return lambda tx: load_base(tx, row, latest) if latest else None


async def _read_registry(run: Pass) -> None:
    base_url = run.ways.sources["ctgov"].base_url
    if not run.agenda.open("ctgov"):
        return
    try:
        run.data = await ctgov.data_version(run.around.fetcher, base_url)
    except HostResting as rest:
        await _settle(run, [_resting(row.key, rest) for row in run.agenda.open("ctgov")], data_timestamp=None)
        return
    except FetchError as error:
        keys = [row.key for row in run.agenda.open("ctgov")]
        await _settle(run, [Failed(key=key, message=str(error)) for key in keys], data_timestamp=None)
        return
    await _skip_verified(run, run.data)
    while rows := run.agenda.open("ctgov"):  # a merged record brings its survivor
        known = {row.key.source_id: row.raw_hash for row in rows if row.raw_hash and row.state is RecordState.LIVE}
        ids = [row.key.source_id for row in rows]
        async for readings in ctgov.read_studies(run.around.fetcher, base_url, ids, known):
            await _settle(run, readings, data_timestamp=run.data.data_timestamp)


def _resting(key: RecordKey, rest: HostResting) -> Reading:
    if rest.status in REFUSALS:
        return Refused(key=key, message=str(rest), until=rest.until)
    return Throttled(key=key, message=str(rest), until=rest.until)


async def _skip_verified(run: Pass, data: DataVersion) -> None:
    """A record last read in this very build of the registry, with nothing open about it, is verified already."""
    done = [
        Same(key=row.key)
        for row in run.agenda.open("ctgov")
        if row.data_timestamp == data.data_timestamp and row.open_reason is None and row.state is RecordState.LIVE
    ]
    await _settle(run, done, data_timestamp=data.data_timestamp)


async def _settle(run: Pass, readings: Sequence[Reading], *, data_timestamp: str | None) -> None:
    """Judge a batch and accept it; the agenda and the report follow."""
    if not readings:
        return
    around, agenda = run.around, run.agenda
    now = around.clock()

    def work(tx: Tx) -> tuple[list[Accepted], int]:
        verdicts = [_judge(tx, run, reading, now, data_timestamp) for reading in readings]
        if around.scribe.rehearse:
            return rehearse(verdicts, agenda, run.ways.desk)
        return accept(tx, verdicts, agenda, run.ways.desk, now=now)

    done, planned = await around.scribe.write(work)
    run.planned += planned
    for accepted in done:
        _report(run, accepted)
    around.said(len(agenda.results), len(agenda.results) + len(agenda.todo))


def _judge(tx: Tx, run: Pass, reading: Reading, now: datetime, data_timestamp: str | None) -> Verdict:
    row = run.agenda.row_of(reading.key)
    at = Circumstance(
        now=now,
        every=run.agenda.every(row, run.ways),
        chance=run.around.chance(),
        data_timestamp=data_timestamp,
        mirror=run.agenda.is_mirror(row),
    )
    return judge(row, reading, _known(tx, run.agenda, row, reading), at)


def _known(tx: Tx, agenda: Agenda, row: RecordRow, reading: Reading) -> Known | None:
    """What the reading is to be compared with, if the two can differ at all."""
    latest = agenda.latest.get(row.id)
    if latest is None or not isinstance(reading, Sound):
        return None
    # The raw hash of a page is that of its content; one of the registry's documents was compared when it was read.
    same = reading.raw_hash == latest.content_hash and latest.normaliser_version == NORMALISER_VERSION
    if same and not row.losses:
        return None
    return Known(version=latest, base=load_base(tx, row, latest))


def _report(run: Pass, accepted: Accepted) -> None:
    verdict, agenda = accepted.verdict, run.agenda
    agenda.settle(accepted.row, verdict.outcome, verdict.problem)
    if accepted.version:
        agenda.latest[accepted.row.id] = accepted.version
    if verdict.record and verdict.record.unknown:
        agenda.unknown[accepted.row.id] = verdict.record.unknown
    run.changes += _found(accepted, agenda)


def _found(accepted: Accepted, agenda: Agenda) -> list[StoredChange]:
    """The changes of one record as the log holds them; of a rehearsal they have no id (0)."""
    row, verdict, before = accepted.row, accepted.verdict, accepted.from_version or 0
    if verdict.version is None:
        return []
    ids = accepted.change_ids or (0,) * len(verdict.changes)
    labels = [watch.label for watch in agenda.watches_of(row.id) if watch.label]
    return [
        StoredChange(
            id=number,
            observed_at=verdict.version.observed_at,
            record_id=row.id,
            source=row.key.source,
            source_id=row.key.source_id,
            registry_id=row.registry_id,
            watch=agenda.name(row.id),
            label=labels[0] if labels else None,
            title=row.title,
            sponsor=row.sponsor,
            posted=verdict.version.posted,
            from_version=before,
            to_version=before + 1,
            change=change,
        )
        for number, change in zip(ids, verdict.changes, strict=True)
    ]


def _coverage(run: Pass, started: datetime) -> Coverage:
    agenda = run.agenda
    outcomes = [agenda.worst(watch) for watch in agenda.watches.values()]
    requests = run.around.requests()
    timestamps = {"ctgov": run.data.data_timestamp if run.data else None}
    return Coverage(
        started_at=started,
        finished_at=run.around.clock(),
        outcomes=Counter(outcome for outcome in outcomes if outcome),
        sources={
            name: SourceUse(data_timestamp=timestamps.get(name), requests=requests.get(name, 0))
            for name in run.ways.sources
        },
        problems=agenda.problems(),
    )


def _unconfirmed(agenda: Agenda) -> int:
    return sum(
        outcome is Outcome.GONE
        and agenda.rows[n].state not in (RecordState.GONE, RecordState.MERGED)
        and not agenda.is_unmatched(n)
        for n, (outcome, _) in agenda.results.items()
    )
