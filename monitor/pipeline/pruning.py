"""What is no longer to be kept is taken out: persons who asked for it, contacts and bodies of a certain age.

Each step is a short transaction that can be done again, so that a run that died is made up for by the next one. What
is looked for is known by keyed digests that are stored first; what was taken out is noted until the files themselves
hold nothing of it. Versions and their chain stay: a section that went is named there, with its day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from monitor.errors import NotARecord
from monitor.model.privacy import Level, Retention
from monitor.model.reading import Body
from monitor.model.watch import RecordKey
from monitor.pipeline.forgetting import Person, forget
from monitor.sources import normalise
from monitor.sources.guarding import guard_body
from monitor.store import bodies, forgotten, meta, rewriting, sections, superseded
from monitor.store.engine import Store
from monitor.store.transaction import Tx
from monitor.text.entries import cleared
from monitor.text.guard import Guard, dated_mark

T = TypeVar("T")

LAST = "pruned at"
EVERY = timedelta(days=1)
AT_ONCE = 50  # bodies, or versions, of one transaction


class Run(Protocol):
    """Does the work in a transaction of its own, or in one that is given up at the end."""

    def __call__(self, work: Callable[[Tx], T], /) -> T: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How much was taken out: bodies in part and whole, sections, changes of the log, and other rows.

    `person` says who was looked for, where somebody was.
    """

    bodies_reduced: int = 0
    bodies_pruned: int = 0
    sections: int = 0
    changes: int = 0
    rows: int = 0
    person: Person | None = None

    def __add__(self, other: Pruned) -> Pruned:
        return Pruned(
            bodies_reduced=self.bodies_reduced + other.bodies_reduced,
            bodies_pruned=self.bodies_pruned + other.bodies_pruned,
            sections=self.sections + other.sections,
            changes=self.changes + other.changes,
            rows=self.rows + other.rows,
            person=self.person or other.person,
        )

    @property
    def counts(self) -> dict[str, int]:
        return {
            "bodies_reduced": self.bodies_reduced,
            "bodies_pruned": self.bodies_pruned,
            "sections": self.sections,
            "changes": self.changes,
            "rows": self.rows,
        }

    @property
    def something(self) -> bool:
        return any(self.counts.values())


def prune(store: Store, retention: Retention, now: datetime, *, person: str | None = None) -> Pruned:
    """Take out what is not to be kept, then write the files anew if anything was. The run's lock must be held.

    Raises UsageError for a person who cannot be told from others, StoreError otherwise; then what was done stays.
    """

    def run(work: Callable[[Tx], T]) -> T:
        with store.write() as tx:
            return work(tx)

    done = _prune(run, retention, now, person)
    with store.read() as tx:
        unswept = forgotten.is_unswept(tx)
    if unswept:
        store.sweep()
        run(forgotten.mark_swept)
    run(lambda tx: meta.write(tx, LAST, now.isoformat()))
    return done


def rehearse(store: Store, retention: Retention, now: datetime, *, person: str | None = None) -> Pruned:
    """What `prune` would do; nothing is stored."""
    found = Pruned()
    with suppress(_GivenUpError), store.write() as tx:
        found = _prune(lambda work: work(tx), retention, now, person)
        _give_up()
    return found


def _pruned_at(tx: Tx) -> datetime | None:
    """When the last run came to its end."""
    kept = meta.read(tx, LAST)
    return None if kept is None else datetime.fromisoformat(kept)


def prune_daily(store: Store, retention: Retention, now: datetime) -> Pruned | None:
    """As `prune`, where a day has passed since the last time; None before that, and where everything is kept."""
    with store.read() as tx:
        last = _pruned_at(tx)
        wanted = retention != Retention() or bool(forgotten.read_guard(tx).forgotten) or forgotten.is_unswept(tx)
    rested = last is not None and timedelta() <= now - last < EVERY
    return None if rested or not wanted else prune(store, retention, now)


class _GivenUpError(Exception):
    """Ends a transaction of which nothing is to stay."""


def _give_up() -> None:
    raise _GivenUpError


def _prune(run: Run, retention: Retention, now: datetime, person: str | None) -> Pruned:
    found = run(partial(_begin, retention=retention, person=person, now=now))
    guard = run(forgotten.read_guard)
    done = Pruned(person=found)
    if not guard.idle:
        everything = run(superseded.all_versions)
        keys = run(superseded.bodies_of)
        done += _clear(run, _Sweep(guard=guard, now=now, keys=keys, before=None), list(keys), everything)
    if retention.keep_contacts is not None:
        before = now - retention.keep_contacts
        old = run(partial(superseded.replaced, before=before))
        digests = [*(each.body_digest for each in old), *run(partial(superseded.decided, before=before))]
        keys = run(superseded.bodies_of)
        sweep = _Sweep(guard=guard.at(Level.DROPPED), now=now, keys=keys, before=before)
        done += _clear(run, sweep, digests, [each.version_id for each in old])
    if retention.keep_bodies is not None:
        before = now - retention.keep_bodies
        done += run(partial(_noted, partial(_prune_bodies, before=before, now=now)))
    return done


def _begin(tx: Tx, *, retention: Retention, person: str | None, now: datetime) -> Person | None:
    if retention.keep_contacts is not None:
        forgotten.make_key(tx)
    forgotten.adopt_level(tx, retention.contacts)
    return forget(tx, person, now) if person else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sweep:
    """One going over of the store: with what guard, and for changes only those seen `before`."""

    guard: Guard
    now: datetime
    keys: Mapping[str, RecordKey]
    before: datetime | None

    def reduce(self, tx: Tx, digests: Collection[str]) -> Pruned:
        reduced = 0
        for digest in digests:
            body = bodies.read_body(tx, digest)
            left = _left_of(self.keys[digest], body, self.guard)
            if left.content != body.content:
                bodies.reduce_body(tx, left, self.now)
                reduced += 1
        return Pruned(bodies_reduced=reduced)

    def prune_sections(self, tx: Tx, versions: Collection[int]) -> Pruned:
        clear = partial(cleared, guard=self.guard)
        return Pruned(sections=sections.prune_unclear(tx, versions, clear, self.now))

    def rewrite(self, tx: Tx, name: str, start: int) -> Pruned:
        clear = partial(cleared, guard=replace(self.guard, mark=dated_mark(self.now.date())))
        number = rewriting.rewrite(tx, name, start, clear, before=self.before)
        return Pruned(changes=number) if name == "changes" else Pruned(rows=number)


def _clear(run: Run, sweep: _Sweep, digests: Collection[str], versions: Collection[int]) -> Pruned:
    """Bring these bodies and versions, and the texts made of them, to what the guard keeps."""
    done = Pruned()
    for part in _parts([digest for digest in digests if digest in sweep.keys]):
        done += run(partial(_noted, partial(sweep.reduce, digests=part)))
    for rows in _parts(versions):
        done += run(partial(_noted, partial(sweep.prune_sections, versions=rows)))
    for name in rewriting.TEXTS if sweep.before is None else ("changes",):
        for start in range(0, run(partial(rewriting.newest, name=name)) + 1, rewriting.AT_ONCE):
            done += run(partial(_noted, partial(sweep.rewrite, name=name, start=start)))
    return done


def _parts(several: Collection[T]) -> Iterator[list[T]]:
    found = list(several)
    return (found[start : start + AT_ONCE] for start in range(0, len(found), AT_ONCE))


def _noted(work: Callable[[Tx], Pruned], tx: Tx) -> Pruned:
    """The work; what it took out is noted as still standing in the free parts of the files."""
    done = work(tx)
    if done.something:
        forgotten.mark_unswept(tx)
    return done


def _left_of(key: RecordKey, body: Body, guard: Guard) -> Body:
    try:
        record = normalise(key, body, complete=False)
    except NotARecord:  # kept aside
        record = None
    return guard_body(key, body, record, guard)


def _prune_bodies(tx: Tx, *, before: datetime, now: datetime) -> Pruned:
    old = [each.body_digest for each in superseded.replaced(tx, before)]
    return Pruned(bodies_pruned=bodies.prune_bodies(tx, [*old, *superseded.decided(tx, before)], now))
