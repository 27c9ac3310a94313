"""Who is to hear of which changes, and why. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.model.alert import Recipient
from monitor.model.change import Cause, Change
from monitor.route.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """What one recipient is to be told of one update: positions in the sequence of changes, and the rules' reasons."""

    recipient: Recipient
    changes: tuple[int, ...]
    reasons: tuple[str, ...]


def pick_changes(
    changes: Sequence[Change], rules: Sequence[Rule], recipients: Mapping[str, Sequence[Recipient]]
) -> tuple[Pick, ...]:
    """One pick for each recipient whom a rule tells something. All rules that match count; none is told twice.

    What the mirror echoes (cause `mirror`) is never picked: its readers hear it from the registry.
    """
    told: dict[Recipient, tuple[set[int], dict[str, None]]] = {}
    for rule in rules:
        matching = {n for n, change in enumerate(changes) if change.cause is not Cause.MIRROR and rule.tells(change)}
        for recipient in addressed(rule, recipients) if matching else ():
            picked, reasons = told.setdefault(recipient, (set(), {}))
            picked |= matching
            reasons[rule.reason()] = None
    return tuple(
        Pick(recipient=recipient, changes=tuple(sorted(picked)), reasons=tuple(reasons))
        for recipient, (picked, reasons) in told.items()
    )


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
        ]
        for rule in rules
    ]
    return hashlib.sha256(repr(sorted(map(repr, told))).encode()).hexdigest()[:16]
