"""Who is to hear of which changes, and why. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from monitor.model.alert import Recipient
from monitor.model.change import Category, Cause, Change, Severity
from monitor.route.conditions import MEANING, Condition
from monitor.route.matching import NO_GROUND, Ground, look, passes
from monitor.route.rules import Kinds, Rule
from monitor.route.schedule import Hours, Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """What one recipient is to be told of one update: positions in the sequence of changes, and the rules' reasons.

    `schedules` are the digests that may tell it; none where it is told at once. `muted` changes are left out.
    """

    recipient: Recipient
    changes: tuple[int, ...]
    reasons: tuple[str, ...]
    schedules: tuple[Schedule, ...] = ()
    muted: int = 0

    def slot(self, now: datetime) -> tuple[str, datetime] | None:
        """The next of its digests by its schedule, and when that is due; None for at once."""
        slots = ((schedule.after(now), n, str(schedule)) for n, schedule in enumerate(self.schedules))
        found = min(slots, default=None)
        return (found[2], found[0]) if found else None


def pick_changes(
    changes: Sequence[Change],
    rules: Sequence[Rule],
    recipients: Mapping[str, Sequence[Recipient]],
    ground: Ground = NO_GROUND,
) -> tuple[Pick, ...]:
    """One pick for each recipient whom a rule tells something; `recipients` are by the name of their destination.

    All rules that match count; none is told twice. An update is one message: if a rule tells any of it at once, all
    that the recipient hears of it comes at once. What the mirror echoes (cause `mirror`) is never picked: its readers
    hear it from the registry.
    """
    told: dict[str, tuple[set[int], dict[str, None], dict[Schedule | None, None]]] = {}
    shelves = _shelves(changes)
    barred = _barred(changes, rules, ground)
    wanted: dict[Kinds, frozenset[int]] = {}  # many rules are about the same kinds
    for n, rule in enumerate(rules):
        kinds = rule.kinds
        if kinds not in wanted:
            wanted[kinds] = _wanted(kinds, shelves)
        matching = wanted[kinds].difference(barred[n]) if n in barred else wanted[kinds]
        for name in rule.to if matching else ():
            picked, reasons, digests = told.get(name) or told.setdefault(name, (set(), {}, {}))
            picked.update(matching)
            reasons[rule.reason] = None
            digests[rule.digest] = None
    return tuple(
        Pick(
            recipient=recipient,
            changes=tuple(sorted(picked)),
            reasons=tuple(reasons),
            schedules=() if None in digests else tuple(each for each in digests if each),
        )
        for name, (picked, reasons, digests) in told.items()
        for recipient in recipients.get(name, ())
    )


Shelves: TypeAlias = Mapping[tuple[Category, Severity], Sequence[int]]
"""The positions of changes by what rules look at first, so that a rule looks once at all that are alike."""


def _shelves(changes: Sequence[Change]) -> Shelves:
    shelves: defaultdict[tuple[Category, Severity], list[int]] = defaultdict(list)
    for n, change in enumerate(changes):
        if change.cause is not Cause.MIRROR:
            shelves[change.category, change.severity].append(n)
    return shelves


def _wanted(kinds: Kinds, shelves: Shelves) -> frozenset[int]:
    return frozenset().union(*(positions for kind, positions in shelves.items() if kind in kinds))


def _barred(changes: Sequence[Change], rules: Sequence[Rule], ground: Ground) -> Mapping[int, Collection[int]]:
    """What the conditions of each rule (by its position) do not let pass."""
    asked: defaultdict[Category, list[tuple[int, Condition]]] = defaultdict(list)
    for number, rule in enumerate(rules):
        for condition in rule.only:
            asked[condition.category].append((number, condition))
    barred: defaultdict[int, set[int]] = defaultdict(set)
    for n, change in enumerate(changes) if asked else ():  # by change: what is read of one is read once for all rules
        conditions = asked.get(change.category, ())
        seen = look(change, ground) if conditions else None
        for number, condition in conditions:
            if not passes(condition, change, seen, ground):
                barred[number].add(n)
    return barred


def with_stand_ins(
    picks: Sequence[Pick],
    changes: Sequence[Change],
    hours: Mapping[str, Hours],
    recipients: Mapping[str, Sequence[Recipient]],
    now: datetime,
) -> tuple[Pick, ...]:
    """The picks, and those of who hears what is critical at once in the place of a destination that is away."""
    picked = {pick.recipient: pick for pick in picks}
    for pick in picks:
        away = hours[pick.recipient.destination].away_at(now) if pick.recipient.destination in hours else None
        grave = tuple(n for n in pick.changes if changes[n].severity is Severity.CRITICAL)
        if away is None or away.stand_in is None or not grave:
            continue
        why = f"{pick.recipient.destination}{STANDS_IN}{away.last.isoformat()}"
        for recipient in recipients.get(away.stand_in, ()):
            own = picked.get(recipient, Pick(recipient=recipient, changes=(), reasons=()))
            both = tuple(sorted({*own.changes, *grave}))
            picked[recipient] = replace(own, changes=both, reasons=(*own.reasons, why), schedules=())
    return tuple(picked.values())


def addressed(rule: Rule, recipients: Mapping[str, Sequence[Recipient]]) -> tuple[Recipient, ...]:
    """The recipients of the destinations that a rule names."""
    return tuple(recipient for name in rule.to for recipient in recipients.get(name, ()))


def all_addressed(rules: Sequence[Rule], recipients: Mapping[str, Sequence[Recipient]]) -> tuple[Recipient, ...]:
    """The recipients of several rules, each once, in order."""
    return tuple(dict.fromkeys(recipient for rule in rules for recipient in addressed(rule, recipients)))


def routing_of(rules: Sequence[Rule], recipients: Mapping[str, Sequence[Recipient]]) -> str:
    """A name (16 hex digits) for who hears of what by these rules: equal as long as `pick_changes` picks the same."""
    told = [
        [
            sorted(rule.categories),
            rule.min_severity.value,
            [[recipient.destination, recipient.address] for recipient in addressed(rule, recipients)],
            *([MEANING, sorted(map(str, rule.only))] if rule.only else ()),
        ]
        for rule in rules
    ]
    return hashlib.sha256(repr(sorted(map(repr, told))).encode()).hexdigest()[:16]


HEARD = "you were told what this takes back"
STANDS_IN = " is away until "


def split_corrections(
    picks: Sequence[Pick], takes_back: Mapping[int, int], heard: Mapping[Recipient, Collection[int]]
) -> tuple[tuple[Pick, ...], tuple[Pick, ...]]:
    """The picks without what takes something back that their recipient was told of, and those of just that.

    `takes_back` maps positions in the sequence of changes to the change that each takes back, `heard` recipients to
    the changes that they were told. Who heard of one hears that it was taken back, whatever the rules say of that.
    """
    own = {
        recipient: tuple(sorted(n for n, change in takes_back.items() if change in told))
        for recipient, told in heard.items()
    }
    by_rules = {pick.recipient: pick for pick in picks}
    rest = (replace(pick, changes=_without(pick.changes, own.get(pick.recipient, ()))) for pick in picks)
    corrected = (
        replace(by_rules.get(recipient, Pick(recipient=recipient, changes=(), reasons=(HEARD,))), changes=changes)
        for recipient, changes in own.items()
        if changes
    )
    return tuple(pick for pick in rest if pick.changes), tuple(corrected)


def _without(changes: Sequence[int], left_out: Collection[int]) -> tuple[int, ...]:
    return tuple(n for n in changes if n not in left_out)
