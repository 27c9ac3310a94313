"""What one pass has to do: the watches, the records they lead to, and where each of those stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.model.coverage import Outcome, Problem
from monitor.model.message import TrialHeader
from monitor.model.record import SourceName
from monitor.model.version import RecordRow, RecordState, Version
from monitor.model.watch import RecordKey, Watch, WatchState
from monitor.pipeline.bursts import Burst
from monitor.pipeline.schedule import is_due, is_nearly_due, shortest
from monitor.pipeline.ways import Ways
from monitor.store import records, versions, watches
from monitor.store.transaction import Tx

UNRESOLVED = "unresolved"
"""The kind of a problem with finding the registry's record of a page; the page itself was read."""

BADNESS = {outcome: rank for rank, outcome in enumerate(Outcome)}


@dataclass(slots=True, kw_only=True)
class Agenda:
    """Grows while a pass runs: a page may lead to a registry record, a merged record to its survivor.

    `leads_to` holds the record ids of each watch, `led_by` the watch ids of each record. `todo` are the records still
    to be read; `results` says how each one read came out, with the problem if there was one. `latest` holds the latest
    versions as far as they were needed (ask `latest_of`), `headers` those of the records first seen in this pass,
    `bursts` what many records showed at once.
    """

    watches: dict[int, Watch]
    rows: dict[int, RecordRow] = field(default_factory=dict)
    latest: dict[int, Version] = field(default_factory=dict)
    leads_to: dict[int, list[int]] = field(default_factory=dict)
    led_by: dict[int, list[int]] = field(default_factory=dict)
    ids: dict[RecordKey, int] = field(default_factory=dict)
    todo: set[int] = field(default_factory=set)
    results: dict[int, tuple[Outcome, str | None]] = field(default_factory=dict)
    notes: list[tuple[int, str]] = field(default_factory=list)
    unknown: dict[int, tuple[str, ...]] = field(default_factory=dict)
    headers: dict[int, TrialHeader] = field(default_factory=dict)
    bursts: tuple[Burst, ...] = ()

    def watches_of(self, record_id: int) -> tuple[Watch, ...]:
        """The active watches that lead to a record."""
        return tuple(self.watches[watch] for watch in self.led_by.get(record_id, ()))

    def row_of(self, key: RecordKey) -> RecordRow:
        """The record of a reading."""
        return self.rows[self.ids[key]]

    def open(self, source: SourceName) -> list[RecordRow]:
        """The records of one source still to be read in this pass."""
        return [self.rows[n] for n in sorted(self.todo) if self.rows[n].key.source == source]

    def registry_row(self, watch: Watch) -> RecordRow | None:
        """The registry's record that a watch leads to, if there is one."""
        linked = [self.rows[n] for n in self.leads_to.get(watch.id, ()) if n in self.rows]
        return next((row for row in linked if row.key.source == "ctgov" and row.state is not RecordState.MERGED), None)

    def numbers_of(self, page: RecordRow) -> frozenset[str]:
        """The numbers that the registry has for the trial of a page: several where it merged them."""
        led = {n for watch in self.watches_of(page.id) for n in self.leads_to[watch.id]}
        rows = [self.rows[n] for n in led if n in self.rows]
        merged = any(row.state is RecordState.MERGED for row in rows if row.key.source == "ctgov")
        return frozenset(row.key.source_id for row in rows if merged and row.key.source == "ctgov")

    def is_mirror(self, row: RecordRow) -> bool:
        """True for a page whose watches all hear of the same trial from the registry, which has shown it to us."""
        watching = self.watches_of(row.id) if row.key.source == "ctv" else ()
        return bool(watching) and all(watch.source == "both" and self._hears(watch) for watch in watching)

    def _hears(self, watch: Watch) -> bool:
        registry = self.registry_row(watch)
        return registry is not None and registry.latest is not None and registry.state is RecordState.LIVE

    def every(self, row: RecordRow, ways: Ways) -> timedelta:
        """How often a record is read: as its most eager watch asks."""
        intervals = (ways.every(watch, row.key.source) for watch in self.watches_of(row.id))
        return shortest(intervals, ways.sources[row.key.source].every)

    def name(self, record_id: int) -> str:
        """The label of the first watch that leads to a record, else the record's own reference."""
        labels = (watch.label for watch in self.watches_of(record_id) if watch.label)
        return next(labels, str(self.rows[record_id].key))

    def add(self, row: RecordRow) -> None:
        """A record joins, as it stands in the store."""
        self.rows[row.id] = row
        self.ids[row.key] = row.id

    def connect(self, watch_id: int, record_id: int) -> None:
        """A watch leads to a record."""
        self.leads_to.setdefault(watch_id, []).append(record_id)
        self.led_by.setdefault(record_id, []).append(watch_id)

    def follow(self, watch: Watch, row: RecordRow) -> None:
        """A watch leads to one record more; it is read in this pass too."""
        if row.id not in self.rows:
            self.add(row)
        if row.id not in self.leads_to.get(watch.id, ()):
            self.connect(watch.id, row.id)
        if row.id not in self.results:
            self.todo.add(row.id)

    def name_trial(self, record_id: int, number: str) -> None:
        """A page that shows no number was found to be this trial's."""
        self.rows[record_id] = replace(self.rows[record_id], registry_id=number)

    def settle(self, row: RecordRow, outcome: Outcome, problem: str | None) -> None:
        """A record was read; this is how it stands now."""
        self.rows[row.id] = row
        self.results[row.id] = (outcome, problem)
        self.todo.discard(row.id)

    def note(self, record_id: int, message: str) -> None:
        """Something went wrong around a record that was read all the same."""
        self.notes.append((record_id, message))

    def worst(self, watch: Watch) -> Outcome | None:
        """A watch counts once, by the worst outcome of its records; None if none of them was to be read."""
        outcomes = [
            self.results[n][0] for n in self.leads_to.get(watch.id, ()) if n in self.results and self._counts(n)
        ]
        return max(outcomes, key=BADNESS.__getitem__, default=None)

    def _counts(self, record_id: int) -> bool:
        return self.rows[record_id].state is not RecordState.MERGED and not self.is_unmatched(record_id)

    def is_unmatched(self, record_id: int) -> bool:
        """True for a number that only a page names and that the registry denies: the page is then watched alone."""
        row = self.rows[record_id]
        outcome = self.results[record_id][0] if record_id in self.results else None
        return (
            outcome is Outcome.GONE
            and row.latest is None
            and all(watch.reference.key != row.key for watch in self.watches_of(record_id))
        )

    def problems(self) -> tuple[Problem, ...]:
        """One line for each record that could not be verified, under the name its reader knows."""
        unread = [(n, outcome.value, message) for n, (outcome, message) in sorted(self.results.items()) if message]
        unread = [(n, UNRESOLVED if self.is_unmatched(n) else kind, message) for n, kind, message in unread]
        noted = [(n, UNRESOLVED, message) for n, message in self.notes]
        return tuple(Problem(watch=self.name(n), kind=kind, message=message) for n, kind, message in unread + noted)


def open_agenda(tx: Tx, ways: Ways, *, only: Iterable[int] | None, due_only: bool, now: datetime) -> Agenda:
    """All active watches (or those of `only`), with records made for new ones; with `due_only` just what is due."""
    active = watches.all_watches(tx, states=(WatchState.ACTIVE,))
    agenda = Agenda(watches={watch.id: watch for watch in active})
    links = dict(watches.links(tx))
    links |= _link_new(tx, [watch for watch in active if watch.id not in links], now)
    wanted = [(watch, record_id) for watch, linked in links.items() if watch in agenda.watches for record_id in linked]
    for row in records.by_ids(tx, {record_id for _, record_id in wanted}).values():
        agenda.add(row)
    for watch_id, record_id in wanted:
        agenda.connect(watch_id, record_id)
    _follow_merged(tx, agenda, now)
    chosen = set(agenda.watches if only is None else only)
    candidates = {record_id for watch_id in chosen for record_id in agenda.leads_to.get(watch_id, ())}
    agenda.todo = {n for n in candidates if agenda.rows[n].state is not RecordState.MERGED}
    if due_only:
        agenda.todo = _due(agenda, ways, now)
    agenda.latest = dict(versions.latest(tx, [n for n in agenda.todo if agenda.rows[n].latest is not None]))
    return agenda


def standing_agenda(tx: Tx) -> Agenda:
    """The active watches and the records that they lead to, as they stand; nothing is made, nothing is to be read."""
    agenda = Agenda(watches={watch.id: watch for watch in watches.all_watches(tx, states=(WatchState.ACTIVE,))})
    for row in records.all_rows(tx):
        agenda.add(row)
    agenda.todo.clear()
    for watch_id, linked in watches.links(tx).items():
        for record_id in linked if watch_id in agenda.watches else ():
            agenda.connect(watch_id, record_id)
    return agenda


def latest_of(tx: Tx, agenda: Agenda, row: RecordRow) -> Version | None:
    """The latest version of a record, whenever it joined the agenda."""
    if row.id not in agenda.latest and row.latest is not None:
        agenda.latest |= versions.latest(tx, [row.id])
    return agenda.latest.get(row.id)


def _follow_merged(tx: Tx, agenda: Agenda, now: datetime) -> None:
    """A watch that leads to a merged record leads to the surviving one too, though it was added or resumed later."""
    waiting = [row for row in agenda.rows.values() if row.state is RecordState.MERGED]
    while waiting:
        row = waiting.pop()
        survivor = _survivor(tx, agenda, row, now)
        if survivor is None:
            continue
        behind = [watch for watch in agenda.watches_of(row.id) if survivor.id not in agenda.leads_to[watch.id]]
        for watch in behind:
            watches.link(tx, watch.id, survivor.id)
            agenda.connect(watch.id, survivor.id)
        if behind and survivor.state is RecordState.MERGED:
            waiting.append(survivor)


def _survivor(tx: Tx, agenda: Agenda, row: RecordRow, now: datetime) -> RecordRow | None:
    if row.merged_into is None:
        return None
    key = RecordKey(source=row.key.source, source_id=row.merged_into)
    if key not in agenda.ids:
        agenda.add(records.ensure(tx, [key], now)[key])
    return agenda.row_of(key)


def _link_new(tx: Tx, bare: Sequence[Watch], now: datetime) -> dict[int, tuple[int, ...]]:
    if not bare:
        return {}
    rows = records.ensure(tx, [watch.reference.key for watch in bare], now)
    for watch in bare:
        watches.link(tx, watch.id, rows[watch.reference.key].id)
    return {watch.id: (rows[watch.reference.key].id,) for watch in bare}


def _due(agenda: Agenda, ways: Ways, now: datetime) -> set[int]:
    """Of the records to be read those that are due and, of the same source, those that nearly are.

    Together they take fewer requests, and what a source changes for many at once shows only in a pass over many.
    """
    open_rows = [(agenda.rows[n], agenda.every(agenda.rows[n], ways)) for n in agenda.todo]
    due = [row for row, every in open_rows if is_due(row.next_due, every, now=now, failing=row.failures > 0)]
    asked = {row.key.source for row in due}
    near = (row for row, every in open_rows if is_nearly_due(row.next_due, every, now=now, failing=row.failures > 0))
    return {row.id for row in near if row.key.source in asked}
