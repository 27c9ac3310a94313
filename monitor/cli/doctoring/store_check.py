"""The store, its schedule and its outbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from monitor.cli.doctoring.finding import Finding, fault, warning, well
from monitor.cli.doctoring.rules_check import look_at_rules
from monitor.cli.doctoring.surroundings import look_at_place
from monitor.cli.words import count, listed
from monitor.errors import StoreError, StoreMissing
from monitor.model.alert import AlertState, Recipient
from monitor.model.coverage import Coverage
from monitor.model.version import HostRest, RecordRow, RecordState
from monitor.model.watch import Watch, WatchState
from monitor.settings.values import Settings
from monitor.store import alerts, hosts, passes, records, sqlite, suspects, watches
from monitor.store.address import read_address
from monitor.store.engine import open_store
from monitor.store.transaction import Tx

MOST_NAMED = 5
LATE = 2  # intervals without a pass, or without a look at a trial


def look_at_store(settings: Settings, now: datetime) -> tuple[tuple[Finding, ...], tuple[HostRest, ...]]:
    """What is found, and which hosts are to be left alone."""
    url = settings.store_url.reveal()
    found = list(_place(url))
    try:
        store = open_store(url, migrate=False, say=lambda _line: None)
    except StoreMissing:
        return (*found, warning("store", "There is no store yet.", "The first trial-monitor check makes it.")), ()
    except StoreError as error:
        return (*found, fault("store", str(error), "Until then nothing is checked or sent.")), ()
    try:
        with store.read() as tx:
            return (*found, *_inside(tx, settings, now)), hosts.rests(tx)
    finally:
        store.close()


def _place(url: str) -> Iterator[Finding]:
    path = read_address(url).path
    if path is None:
        return
    yield from look_at_place(path)
    if sqlite.wal_is_sound():
        yield well("SQLite", "This release keeps a write-ahead log soundly.")
    else:
        yield well("SQLite", "This release has a fault in its write-ahead log; a rollback journal is used instead.")


def _inside(tx: Tx, settings: Settings, now: datetime) -> Iterator[Finding]:
    yield well("store", "The store opens and is whole.")
    following = watches.all_watches(tx, (WatchState.ACTIVE,))
    if not following:
        yield warning("watches", "No trial is watched.", "To start: trial-monitor watch add NCT04762485")
    yield judge_schedule(passes.latest(tx), settings.checks_every, now)
    links = watches.links(tx)
    rows = records.by_ids(tx, {record for watch in following for record in links.get(watch.id, ())})
    yield from judge_trials(following, links, rows, settings, now)
    yield from look_at_rules(tx, settings.rules, following, rows)
    yield from judge_outbox(alerts.counts(tx))
    yield from judge_orphans({to: number for to, number in alerts.waiting(tx).items() if not settings.reaches(to)})
    if waiting := suspects.waiting(tx):
        told = f"{count(len(waiting), 'body', 'bodies')} kept aside, compared with nothing."
        yield warning("suspect", told, "Look at them: trial-monitor suspect")


def judge_schedule(latest: Coverage | None, every: timedelta, now: datetime) -> Finding:
    """Whether passes come as often as they should."""
    start = "Start trial-monitor run as a service, or put trial-monitor check into cron."
    if latest is None:
        return warning("schedule", "No pass has been made yet.", start)
    ended = latest.finished_at or latest.started_at
    ago = now - ended
    told = f"The last pass ended {ended:%Y-%m-%d %H:%M} UTC, {span_words(ago)} ago."
    if ago > LATE * every + timedelta(hours=1):
        return fault("schedule", told, f"It should come every {span_words(every)}. {start}")
    return well("schedule", f"{told} {latest.checked} of {latest.due} trials verified.")


def span_words(span: timedelta) -> str:
    """3 hours"""
    minutes = max(int(span.total_seconds() // 60), 0)
    for size, word in ((1440, "day"), (60, "hour")):
        if minutes >= size:
            return count(minutes // size, word)
    return count(minutes, "minute")


def judge_trials(
    following: tuple[Watch, ...],
    links: Mapping[int, tuple[int, ...]],
    rows: Mapping[int, RecordRow],
    settings: Settings,
    now: datetime,
) -> Iterator[Finding]:
    """Trials that nobody has verified for two intervals, and trials that were never found."""
    late: dict[str, None] = {}
    for watch in following:
        for row in (rows[n] for n in links.get(watch.id, ()) if n in rows):
            every = watch.every or settings.sources[row.key.source].every
            since = row.verified_at or watch.created_at
            if row.state is not RecordState.MERGED and now - since > LATE * every + timedelta(hours=1):
                late[watch.label or str(row.key)] = None
    if late:
        names = listed(
            [*list(late)[:MOST_NAMED], *([f"{len(late) - MOST_NAMED} more"] if len(late) > MOST_NAMED else [])]
        )
        told = f"Not verified for two intervals or more: {names}. Quiet about them means nothing."
        yield fault("trials", told, "See why: trial-monitor check")
    elif following:
        yield well("trials", f"{count(len(following), 'watch', 'watches')}, none overdue.")


def judge_outbox(counts: Mapping[AlertState, int]) -> Iterator[Finding]:
    waiting = sum(counts.get(state, 0) for state in (AlertState.PENDING, AlertState.RETRY, AlertState.HELD))
    if dead := counts.get(AlertState.DEAD, 0):
        yield fault("alerts", f"{count(dead, 'alert')} given up.", "Look and decide: trial-monitor alerts")
    if waiting:
        yield warning("alerts", f"{count(waiting, 'alert')} waiting.", "To send them now: trial-monitor deliver")
    if not dead and not waiting:
        yield well("alerts", "No alert waits, none was given up.")


def judge_orphans(waiting: Mapping[Recipient, int]) -> Iterator[Finding]:
    """What waits for those whom the configuration no longer names; it is dropped by nobody but a person."""
    if waiting:
        names = listed(to.address or to.destination for to in waiting)
        told = f"{count(sum(waiting.values()), 'alert')} waiting for {names}, whom the configuration no longer names."
        yield fault("alerts", told, "Put it back into the configuration, or drop them: trial-monitor alerts drop ID")
