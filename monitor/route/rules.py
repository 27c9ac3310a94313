"""Which changes of which watches go to which destinations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.model.change import Category, Change, Severity
from monitor.model.watch import Watch
from monitor.route.schedule import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An empty set means "all". `watches` holds labels, references or NCT numbers, compared without case.

    `digest` is when it is told, None at once; with `even_when_quiet` the digest comes also when nothing changed.
    """

    name: str
    tags: frozenset[str] = frozenset()
    watches: frozenset[str] = frozenset()
    categories: frozenset[Category] = frozenset()
    min_severity: Severity = Severity.MINOR
    to: tuple[str, ...] = ()
    digest: Schedule | None = None
    even_when_quiet: bool = False

    def follows(self, watch: Watch, names: Iterable[str] = ()) -> bool:
        """True if the rule is about this watch; `names` are further names of its records (NCT numbers)."""
        if self.tags and not self.tags & watch.tags:
            return False
        known = {name.casefold() for name in (watch.label, watch.reference.text, *names) if name}
        return not self.watches or bool(known & {name.casefold() for name in self.watches})

    def tells(self, change: Change) -> bool:
        """True if the rule wants this change to be told."""
        return change.severity.at_least(self.min_severity) and (
            not self.categories or change.category in self.categories
        )

    def reason(self) -> str:
        """Why a reader gets a message by this rule, as a sentence."""
        kinds = ", ".join(sorted(category.value for category in self.categories))
        grave = _FLOORS[self.min_severity]
        what = f"{grave} {kinds} changes" if self.categories else f"every {grave} change".replace("  ", " ")
        who = "of tag " + ", ".join(sorted(self.tags)) if self.tags else "of the watched trials"
        when = f" ({self.digest})" if self.digest else ""
        return f'the rule "{self.name}" sends {what.strip()} {who} to {", ".join(self.to)}{when}'


_FLOORS = {
    Severity.CRITICAL: "critical",
    Severity.MAJOR: "major or critical",
    Severity.MINOR: "",  # the default: all but bookkeeping
    Severity.ADMINISTRATIVE: "",
}


def rules_for(rules: Sequence[Rule], watches: Sequence[Watch], names: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules that follow at least one of the watches that lead to a record."""
    known = tuple(names)
    return tuple(rule for rule in rules if any(rule.follows(watch, known) for watch in watches))
