"""One pass: read what is due, judge it, store what it means.

Pages come first, for a page may lead to a registry record that is then read in the same pass. A batch of readings is
accepted in one transaction, so that a crash loses at most readings, never an alert of a stored version. What many
records of a source show at once is known when all of it has been read, and only what may be part of that waits for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from monitor.errors import FetchError, HostResting
from monitor.model.change import StoredChange
from monitor.model.coverage import Coverage, Outcome, SourceUse
from monitor.model.reading import DataVersion, Failed, Reading, Refused, Same, Throttled
from monitor.model.record import TrialRecord
from monitor.model.version import RecordRow, RecordState
from monitor.model.watch import RecordKey, Watch
from monitor.pipeline.agenda import Agenda, latest_of, open_agenda
from monitor.pipeline.baseline import load_base
from monitor.pipeline.closing import close_pass
from monitor.pipeline.pages import link_registry_record
from monitor.pipeline.settling import Pass, Surroundings, end_source, settle
from monitor.pipeline.ways import Ways
from monitor.sources.ctgov import client as ctgov
from monitor.store.transaction import Tx

__all__ = ["PassReport", "Surroundings", "run_pass"]

REFUSALS = (401, 403)

Choice: TypeAlias = Callable[[Tx], Iterable[int] | None]
"""Which watches a pass is to check, by id; None for all active ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassReport:
    """`planned` counts new alerts; `unconfirmed` the absences that are no confirmed `gone` yet.

    `paused` are the watches that had left the configuration, where the pass was to see to that.
    """

    coverage: Coverage
    changes: tuple[StoredChange, ...]
    planned: int
    unconfirmed: int
    paused: tuple[Watch, ...] = ()


async def run_pass(
    around: Surroundings, ways: Ways, *, choose: Choice = lambda _tx: None, due_only: bool = False
) -> PassReport:
    """Read every record that the chosen watches lead to, once. `choose` runs in the first transaction of the pass.

    A rehearsal (a Scribe that rehearses) reads and compares as usual and stores nothing.
    """
    started = around.clock()
    scribe = around.scribe
    agenda = await scribe.write(lambda tx: open_agenda(tx, ways, only=choose(tx), due_only=due_only, now=started))
    run = Pass(around=around, ways=ways, agenda=agenda)
    await _read_pages(run)
    await end_source(run, "ctv")
    await _read_registry(run)
    await end_source(run, "ctgov")
    coverage = _coverage(run, started)
    if not scribe.rehearse:
        run.planned += await scribe.write(lambda tx: close_pass(tx, agenda, ways, coverage, now=around.clock()))
    return PassReport(
        coverage=coverage, changes=tuple(run.changes), planned=run.planned, unconfirmed=_unconfirmed(agenda)
    )


async def _read_pages(run: Pass) -> None:
    asked: set[int] = set()
    while rows := [row for row in run.agenda.open("ctv") if row.id not in asked]:  # a page may have moved to another
        for row in rows:
            asked.add(row.id)
            await _read_page(run, row)


async def _read_page(run: Pass, row: RecordRow) -> None:
    from monitor.sources.ctv.client import read_page

    around, agenda = run.around, run.agenda
    base = await around.scribe.read(_loader(agenda, row))
    reading = await read_page(
        around.fetcher,
        run.ways.sources["ctv"].base_url,
        row.key.source_id,
        last=base,
        expected=(base.registry_id if base else None) or row.registry_id,
        also=agenda.numbers_of(row),
    )
    registry = run.ways.sources["ctgov"].base_url
    number = await link_registry_record(around.fetcher, registry, around.scribe, agenda, reading, now=around.clock())
    if number:
        agenda.name_trial(row.id, number)
    await settle(run, [reading], data_timestamp=None)


def _loader(agenda: Agenda, row: RecordRow) -> Callable[[Tx], TrialRecord | None]:
    def load(tx: Tx) -> TrialRecord | None:
        latest = latest_of(tx, agenda, row)
        return load_base(tx, row, latest) if latest else None

    return load


async def _read_registry(run: Pass) -> None:
    base_url = run.ways.sources["ctgov"].base_url
    if not run.agenda.open("ctgov"):
        return
    try:
        run.data = await ctgov.data_version(run.around.fetcher, base_url)
    except HostResting as rest:
        await settle(run, [_resting(row.key, rest) for row in run.agenda.open("ctgov")], data_timestamp=None)
        return
    except FetchError as error:
        keys = [row.key for row in run.agenda.open("ctgov")]
        await settle(run, [Failed(key=key, message=str(error)) for key in keys], data_timestamp=None)
        return
    await _skip_verified(run, run.data)
    asked: set[int] = set()
    while rows := [row for row in run.agenda.open("ctgov") if row.id not in asked]:  # a merged one brings its survivor
        asked |= {row.id for row in rows}
        known = {row.key.source_id: row.raw_hash for row in rows if row.raw_hash and row.state is RecordState.LIVE}
        ids = [row.key.source_id for row in rows]
        async for readings in ctgov.read_studies(run.around.fetcher, base_url, ids, known):
            await settle(run, readings, data_timestamp=run.data.data_timestamp)


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
    await settle(run, done, data_timestamp=data.data_timestamp)


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
