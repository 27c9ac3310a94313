"""Why a rule tells a change, or does not, in sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.model.change import Cause, Change
from monitor.model.watch import Watch
from monitor.route.matching import NO_GROUND, Ground, look, passes, shows
from monitor.route.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What one rule makes of one change. `against` are all reasons why it is not told, `found` what conditions saw."""

    rule: Rule
    against: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def told(self) -> bool:
        return not self.against


def explain(
    rule: Rule, change: Change, watches: Sequence[Watch], names: Sequence[str] = (), ground: Ground = NO_GROUND
) -> Explained:
    """Lay a change against a rule; `watches` lead to its record, `names` are further names of that (NCT numbers)."""
    seen = look(change, ground)
    about = [condition for condition in rule.only if condition.concerns(change)]
    said = {condition: f'"{condition}": {shows(condition, seen)}' for condition in about}
    failed = [condition for condition in about if not passes(condition, change, seen, ground)]
    return Explained(
        rule=rule,
        against=(
            *_of_watches(rule, watches, names),
            *_of_kind(rule, change),
            *(f"Does not pass {said[condition]}." for condition in failed),
        ),
        found=tuple(f"Passes {said[condition]}." for condition in about if condition not in failed),
    )


def _of_watches(rule: Rule, watches: Sequence[Watch], names: Sequence[str]) -> Iterator[str]:
    """Why no watch that leads to the trial is one of the rule's."""
    if any(rule.follows(watch, names) for watch in watches):
        return
    if not watches:
        yield "No active watch leads to this trial."
        return
    tags = sorted({tag for watch in watches for tag in watch.tags})
    tagged = [watch for watch in watches if not rule.tags or rule.tags & watch.tags]
    if not tagged:
        has = f"it has {', '.join(tags)}" if tags else "it has none"
        yield f"The rule is about the tag {' or '.join(sorted(rule.tags))}; {has}."
    else:
        yield f"The rule is about other watches: {', '.join(sorted(rule.watches))}."


def _of_kind(rule: Rule, change: Change) -> Iterator[str]:
    if change.cause is Cause.MIRROR:
        yield "A page says it later than the registry: nobody is told at once."
    if rule.categories and change.category not in rule.categories:
        yield f"The rule is about {', '.join(sorted(rule.categories))}; this is {change.category.value}."
    if not change.severity.at_least(rule.min_severity):
        yield f"The rule tells what is {rule.min_severity.value} or graver; this is {change.severity.value}."
