"""Who is to hear of which changes, and why. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from monitor.model.alert import Recipient
from monitor.model.change import Category, Cause, Change, Severity
from monitor.route.conditions import MEANING, Condition
from monitor.route.matching import NO_GROUND, Ground, look, passes
from monitor.route.rules import Kinds, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """What one recipient is to be told of one update: positions in the sequence of changes, and the rules' reasons."""

    recipient: Recipient
    changes: tuple[int, ...]
    reasons: tuple[str, ...]


def pick_changes(
    changes: Sequence[Change],
    rules: Sequence[Rule],
    recipients: Mapping[str, Sequence[Recipient]],
    ground: Ground = NO_GROUND,
) -> tuple[Pick, ...]:
    """One pick for each recipient whom a rule tells something; `recipients` are by the name of their destination.

    All rules that match count; none is told twice. What the mirror echoes (cause `mirror`) is never picked: its
    readers hear it from the registry.
    """
    told: dict[str, tuple[set[int], dict[str, None]]] = {}
    shelves = _shelves(changes)
    barred = _barred(changes, rules, ground)
    wanted: dict[Kinds, frozenset[int]] = {}  # many rules are about the same kinds
    for n, rule in enumerate(rules):
        kinds = rule.kinds
        if kinds not in wanted:
            wanted[kinds] = _wanted(kinds, shelves)
        matching = wanted[kinds].difference(barred[n]) if n in barred else wanted[kinds]
        for name in rule.to if matching else ():
            picked, reasons = told.get(name) or told.setdefault(name, (set(), {}))
            picked.update(matching)
            reasons[rule.reason] = None
    return tuple(
        Pick(recipient=recipient, changes=tuple(sorted(picked)), reasons=tuple(reasons))
        for name, (picked, reasons) in told.items()
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
    reasons = {pick.recipient: pick.reasons for pick in picks}
    rest = (replace(pick, changes=_without(pick.changes, own.get(pick.recipient, ()))) for pick in picks)
    corrected = (
        Pick(recipient=recipient, changes=changes, reasons=reasons.get(recipient, (HEARD,)))
        for recipient, changes in own.items()
        if changes
    )
    return tuple(pick for pick in rest if pick.changes), tuple(corrected)


def _without(changes: Sequence[int], left_out: Collection[int]) -> tuple[int, ...]:
    return tuple(n for n in changes if n not in left_out)
