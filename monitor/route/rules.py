"""Which changes of which watches go to which destinations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

from monitor.model.change import Category, Change, Severity
from monitor.model.watch import Watch
from monitor.route.conditions import Condition
from monitor.route.matching import NO_GROUND, Ground, look, passes
from monitor.route.schedule import Schedule

Kinds: TypeAlias = frozenset[tuple[Category, Severity]]


@lru_cache(maxsize=1024)
def _kinds(categories: frozenset[Category], floor: Severity) -> Kinds:
    """One object for all rules that are about the same."""
    grave = [severity for severity in Severity if severity.at_least(floor)]
    return frozenset((category, severity) for category in categories or Category for severity in grave)


@dataclass(frozen=True, kw_only=True)  # without slots: what is made of its fields is made once and kept
class Rule:
    """An empty set means "all". `watches` holds labels, references or NCT numbers, compared without case.

    Each condition of `only` narrows the changes that it is about; all of them must hold.
    `digest` is when it is told, None at once; with `even_when_quiet` the digest comes also when nothing changed.
    """

    name: str
    tags: frozenset[str] = frozenset()
    watches: frozenset[str] = frozenset()
    categories: frozenset[Category] = frozenset()
    min_severity: Severity = Severity.MINOR
    to: tuple[str, ...] = ()
    only: tuple[Condition, ...] = ()
    digest: Schedule | None = None
    even_when_quiet: bool = False

    def follows(self, watch: Watch, names: Iterable[str] = ()) -> bool:
        """True if the rule is about this watch; `names` are further names of its records (NCT numbers)."""
        if self.tags and not self.tags & watch.tags:
            return False
        if not self.watches:
            return True
        return any(name.casefold() in self._watches for name in (*watch.names, *names))

    @cached_property
    def _watches(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in self.watches)

    def tells(self, change: Change, ground: Ground = NO_GROUND) -> bool:
        """True if the rule wants this change to be told."""
        if (change.category, change.severity) not in self.kinds:
            return False
        seen = look(change, ground) if self.only else None
        return all(passes(condition, change, seen, ground) for condition in self.only)

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of change that the rule tells, conditions aside."""
        return _kinds(self.categories, self.min_severity)

    @cached_property
    def reason(self) -> str:
        """Why a reader gets a message by this rule, as a sentence."""
        kinds = ", ".join(sorted(category.value for category in self.categories))
        grave = _FLOORS[self.min_severity]
        what = f"{grave} {kinds} changes" if self.categories else f"every {grave} change".replace("  ", " ")
        who = "of tag " + ", ".join(sorted(self.tags)) if self.tags else "of the watched trials"
        only = f" (only: {'; '.join(map(str, self.only))})" if self.only else ""
        when = f" ({self.digest})" if self.digest else ""
        return f'the rule "{self.name}" sends {what.strip()} {who}{only} to {", ".join(self.to)}{when}'


_FLOORS = {
    Severity.CRITICAL: "critical",
    Severity.MAJOR: "major or critical",
    Severity.MINOR: "",  # the default: all but bookkeeping
    Severity.ADMINISTRATIVE: "",
}


def rules_for(rules: Sequence[Rule], watches: Sequence[Watch], names: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules that follow at least one of the watches that lead to a record."""
    known = tuple(names)
    following: dict[int, Rule] = {}
    for watch in watches:
        following |= {n: rule for n, rule in enumerate(rules) if n not in following and rule.follows(watch, known)}
    return tuple(following[n] for n in sorted(following))
