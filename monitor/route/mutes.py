"""What is muted takes out of what rules pick. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from monitor.model.alert import Recipient
from monitor.model.change import Change
from monitor.model.mute import Mute, MuteKind
from monitor.model.watch import Watch
from monitor.route.matching import Ground
from monitor.route.plan import Pick, pick_changes
from monitor.route.rules import Rule, rules_for


class Desk(Protocol):
    """The rules, and the recipients of each destination."""

    @property
    def rules(self) -> Sequence[Rule]: ...

    @property
    def recipients(self) -> Mapping[str, Sequence[Recipient]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What is muted now, and what it may be about: the `watches` that lead to a record, further `names` of it.

    `ground` is where the sites of the update are.
    """

    mutes: Sequence[Mute]
    watches: Sequence[Watch]
    names: Sequence[str]
    ground: Ground

    def is_about(self, kind: MuteKind, names: Sequence[str]) -> bool:
        return any(mute.is_about(kind, names) for mute in self.mutes)


def split_muted(
    picks: Sequence[Pick], changes: Sequence[Change], silence: Silence, desk: Desk
) -> tuple[tuple[Pick, ...], tuple[Pick, ...]]:
    """The picks without what is muted, and those of which all is: their recipients hear only how much that was.

    A trial that is followed by two watches, one of them muted, is told for the other one.
    """
    if not silence.mutes:
        return tuple(picks), ()
    names = silence.names
    awake = [each for each in silence.watches if not silence.is_about(MuteKind.WATCH, (*each.names, *names))]
    heard = {name: who for name, who in desk.recipients.items() if not silence.is_about(MuteKind.DESTINATION, [name])}
    loud = [n for n, each in enumerate(changes) if not silence.is_about(MuteKind.CATEGORY, [each.category.value])]
    found = pick_changes([changes[n] for n in loud], rules_for(desk.rules, awake, names), heard, silence.ground)
    still = {pick.recipient: replace(pick, changes=tuple(loud[n] for n in pick.changes)) for pick in found}
    told: list[Pick] = []
    muted: list[Pick] = []
    for pick in picks:
        by_rules = still.get(pick.recipient)
        left = tuple(n for n in pick.changes if by_rules and n in by_rules.changes)
        if by_rules and left:  # when it is told is for the rules to say that tell what is left
            told.append(replace(by_rules, changes=left, muted=len(pick.changes) - len(left)))
        else:
            muted.append(pick)
    return tuple(told), tuple(muted)
