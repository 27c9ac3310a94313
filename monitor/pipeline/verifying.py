"""The second line: does what is stored agree with itself?

For each record the chain of its versions is checked, every difference that the present parser and comparer made is
made again from the stored bodies, and each alert that a version was to cause is looked for in the outbox. What an
older release compared cannot be made again; its chain and its alerts are checked all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import TypeAlias

import orjson

from monitor.diff import COMPARER_VERSION
from monitor.diff.compare import compare
from monitor.errors import NotARecord
from monitor.model.change import Change
from monitor.model.version import RecordRow, Version
from monitor.pipeline.accept import followers
from monitor.pipeline.agenda import Agenda, standing_agenda
from monitor.pipeline.baseline import load_base
from monitor.pipeline.ground import ground_of
from monitor.pipeline.guards import level_of
from monitor.pipeline.notices import DISAGREEMENT
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.watching import watches_named
from monitor.pipeline.ways import Desk
from monitor.route.plan import pick_changes, routing_of
from monitor.route.rules import Rule
from monitor.sources import NORMALISER_VERSION
from monitor.store import changes, conditions, forgotten, meta, plans, records, versions
from monitor.store.conditions import Raised
from monitor.store.transaction import Tx
from monitor.store.verify import pruned_parts, verify_chain
from monitor.text.guard import Guard

MARK = "verified"
WHOLE_EVERY = timedelta(days=1)

_LINE = 200  # characters of a change's values in a sentence
_Identity: TypeAlias = tuple[str, str, bytes]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`about` names the record and version; `what` is a sentence."""

    about: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was looked at, and what does not agree.

    `compared` counts pairs of versions that were compared again; `newest` is the row id of the newest version;
    `pruned` counts versions of which something was taken out, the last time at `pruned_at`.
    """

    records: int = 0
    versions: int = 0
    compared: int = 0
    alerts: int = 0
    newest: int = 0
    pruned: int = 0
    pruned_at: datetime | None = None
    disagreements: tuple[Disagreement, ...] = ()

    def __add__(self, other: Verified) -> Verified:
        return Verified(
            records=self.records + other.records,
            versions=self.versions + other.versions,
            compared=self.compared + other.compared,
            alerts=self.alerts + other.alerts,
            newest=max(self.newest, other.newest),
            pruned=self.pruned + other.pruned,
            pruned_at=max(filter(None, (self.pruned_at, other.pruned_at)), default=None),
            disagreements=(*self.disagreements, *other.disagreements),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Witness:
    """All that is stored of what one record's versions caused; mappings are by the later version.

    `pruned` says of which versions something was taken out since, and when last.
    """

    row: RecordRow
    seen: Sequence[Version]
    logged: Mapping[int, Sequence[Change]]
    planned: Mapping[int, plans.Plan]
    expected: Sequence[plans.Expected]
    outbox: Mapping[str, tuple[int, str]]
    pruned: Mapping[int, datetime]

    def about(self, number: int) -> str:
        return f"{self.row.key} version {number}"

    def is_whole(self, number: int) -> bool:
        """True if this version and the one before hold all that the conditions of rules had before them."""
        pair = [version for version in self.seen if version.number in (number - 1, number)]
        untouched = not self.pruned.keys() & {number - 1, number}
        return untouched and all(version.normaliser_version == NORMALISER_VERSION for version in pair)


async def verify_store(scribe: Scribe, desk: Desk, *, since: int | None = None, names: Sequence[str] = ()) -> Verified:
    """Check every record (or those of these watches), each in a short transaction of its own.

    With `since` (see MARK) only records with newer versions are checked, and only those versions compared again.
    """
    agenda, rows, known = await scribe.read(lambda tx: _to_verify(tx, since, names))
    total = Verified(newest=await scribe.read(versions.newest_id))
    unplanned = await scribe.read(plans.unplanned_until)
    for row in rows:
        look = partial(verify_record, row=row, agenda=agenda, desk=desk)
        total += await scribe.read(partial(look, after=known.get(row.id, 1), unplanned=unplanned.get(row.id, 0)))
    return total


def _to_verify(
    tx: Tx, since: int | None, names: Sequence[str]
) -> tuple[Agenda, Sequence[RecordRow], Mapping[int, int]]:
    """The standing watches, the records to check, and the newest version of each that was checked before."""
    agenda, rows = standing_agenda(tx), records.all_rows(tx)
    if names:
        wanted = {record_id for watch in watches_named(tx, names) for record_id in agenda.leads_to.get(watch.id, ())}
        rows = tuple(row for row in rows if row.id in wanted)
    if since is None:
        return agenda, rows, {}
    known = versions.numbers_at(tx, since)
    return agenda, tuple(row for row in rows if (row.latest or 0) > known.get(row.id, 0)), known


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the last noted look at the store went, and when all of it was looked at last."""

    newest: int
    whole_at: datetime


def read_mark(tx: Tx) -> Mark | None:
    """None if nobody has looked yet."""
    kept = meta.read(tx, MARK)
    if kept is None:
        return None
    newest, moment = kept.split(" ")
    return Mark(int(newest), datetime.fromisoformat(moment))


def note(tx: Tx, verified: Verified, now: datetime, last: Mark | None, *, whole: bool) -> None:
    """Keep what does not agree for the operator's next notice; a `whole` look also says what agrees again."""
    found = {f"{DISAGREEMENT}:{each.about}:{each.what}": each for each in verified.disagreements}
    raised = [
        Raised(key=key, kind=DISAGREEMENT, facts={"watch": each.about, "message": each.what})
        for key, each in found.items()
    ]
    conditions.raise_all(tx, raised, now)
    if whole:
        still_open = (each.key for each in conditions.open_conditions(tx) if each.kind == DISAGREEMENT)
        conditions.recover(tx, [key for key in still_open if key not in found], now)
    whole_at = now if whole or last is None else last.whole_at
    meta.write(tx, MARK, f"{verified.newest} {whole_at.isoformat()}")


def verify_record(
    tx: Tx, row: RecordRow, agenda: Agenda, desk: Desk, *, after: int = 1, unplanned: int = 0
) -> Verified:
    """Check one record; of its versions only those after number `after` are compared again.

    Those up to number `unplanned` may lack a plan.
    """
    witness = _Witness(
        row=row,
        seen=versions.list_versions(tx, row.id),
        logged=changes.between(tx, row.id),
        planned=plans.of_record(tx, row.id),
        expected=plans.expected(tx, row.id),
        outbox=plans.planned(tx, row.id),
        pruned={number: max(days.values()) for number, days in pruned_parts(tx, row.id).items()},
    )
    broken = [Disagreement(str(row.key), fault) for fault in verify_chain(tx, row.id)]
    pairs = [] if broken else [pair for pair in pairwise(witness.seen) if _can_be_repeated(pair, witness, after)]
    return Verified(
        records=1,
        versions=len(witness.seen),
        compared=len(pairs),
        alerts=len(witness.outbox),
        pruned=len(witness.pruned),
        pruned_at=max(witness.pruned.values(), default=None),
        disagreements=(
            *broken,
            *(each for old, new in pairs for each in _differences(tx, witness, old, new)),
            *_unplanned(witness, unplanned),
            *_lost_and_surplus(witness),
            *_misrouted(tx, witness, followers(row, agenda, desk)[1], desk),
        ),
    )


def _can_be_repeated(pair: tuple[Version, Version], witness: _Witness, after: int) -> bool:
    old, new = pair
    plan = witness.planned.get(new.number)
    ours = plan is not None and plan.comparer_version == COMPARER_VERSION
    built_of = {new.number, old.number, *new.carried.values(), *old.carried.values()}
    if built_of & witness.pruned.keys():  # what the chain says of them was checked
        return False
    return ours and new.number > after and new.normaliser_version == NORMALISER_VERSION


def _differences(tx: Tx, witness: _Witness, old: Version, new: Version) -> Iterator[Disagreement]:
    """Changes that the stored bodies show and the log does not have, and the other way round."""
    about = witness.about(new.number)
    guard = replace(forgotten.read_guard(tx), level=level_of(tx, old, new))
    bare, logged = replace(guard, forgotten=frozenset(), tags=frozenset(), sizes=frozenset()), _log(witness, new)
    try:
        again = _compared(tx, witness.row, (old, new), bare)
        if again != logged and guard.forgotten:  # compared after somebody was forgotten, of whom the older one tells
            again = _compared(tx, witness.row, (old, new), guard)
    except NotARecord as error:
        yield Disagreement(about, f"A stored body is no record any more: {error}")
        return
    for missing in (again - logged).elements():
        yield Disagreement(about, f"A change is missing from the log: {_shown(missing)}")
    for surplus in (logged - again).elements():
        yield Disagreement(about, f"The log has a change that the versions do not show: {_shown(surplus)}")


def _compared(tx: Tx, row: RecordRow, pair: tuple[Version, Version], guard: Guard) -> Counter[_Identity]:
    before, after = (load_base(tx, row, version, guard=guard) for version in pair)
    return Counter(map(_identity, compare(before, after)))


def _log(witness: _Witness, new: Version) -> Counter[_Identity]:
    return Counter(map(_identity, witness.logged.get(new.number, ())))


def _identity(change: Change) -> _Identity:
    """What a change is, whoever caused it and however grave it was thought to be."""
    values = orjson.dumps([change.before, change.after], option=orjson.OPT_SORT_KEYS)
    return change.path, change.kind.value, values


def _shown(identity: _Identity) -> str:
    path, kind, values = identity
    text = values.decode()
    return f"{path} {kind} {text if len(text) <= _LINE else text[:_LINE] + '…'}"


def _unplanned(witness: _Witness, until: int) -> Iterator[Disagreement]:
    """Versions without a word of what they were to cause, though the release that stored them kept that with each."""
    for new in witness.seen[1:]:
        if new.number > until and new.number not in witness.planned:
            yield Disagreement(witness.about(new.number), "What it was to cause was not stored with it.")


def _lost_and_surplus(witness: _Witness) -> Iterator[Disagreement]:
    """Alerts that were to be and are not in the outbox, and those that are and were not to be."""
    for each in witness.expected:
        if each.key not in witness.outbox:
            to = each.recipient.address or each.recipient.destination
            yield Disagreement(witness.about(each.to_version), f"The alert to {to} is missing from the outbox.")
    known = {each.key for each in witness.expected}
    for key, (to_version, code) in witness.outbox.items():
        if key not in known and to_version in witness.planned:
            yield Disagreement(witness.about(to_version), f"Alert {code} was not to be.")


def _misrouted(tx: Tx, witness: _Witness, rules: Sequence[Rule], desk: Desk) -> Iterator[Disagreement]:
    """Versions that told others than the rules say, where the rules are still those of then."""
    routing = routing_of(rules, desk.recipients)
    for number, plan in witness.planned.items():
        if plan.routing != routing or (any(rule.only for rule in rules) and not witness.is_whole(number)):
            continue
        logged = witness.logged.get(number, ())
        ground = ground_of(tx, witness.row, rules, logged, number - 1, number)
        wanted = {pick.recipient for pick in pick_changes(logged, rules, desk.recipients, ground)}
        had = {each.recipient for each in witness.expected if each.to_version == number and not each.late}
        for recipient in sorted(wanted ^ had, key=str):
            to = recipient.address or recipient.destination
            what = (
                "was to hear of it by the rules, and no alert was planned"
                if recipient in wanted
                else ("was not to hear of it by the rules, and an alert was planned")
            )
            yield Disagreement(witness.about(number), f"{to} {what}.")
