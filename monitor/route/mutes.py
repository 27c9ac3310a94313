"""What is muted takes out of what rules pick. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from monitor.model.alert import Recipient
from monitor.model.change import Change
from monitor.model.mute import Mute, MuteKind
from monitor.model.watch import Watch
from monitor.route.plan import Pick, pick_changes
from monitor.route.rules import Rule, rules_for


class Desk(Protocol):
    """The rules, and the recipients of each destination."""

    @property
    def rules(self) -> Sequence[Rule]: ...

    @property
    def recipients(self) -> Mapping[str, Sequence[Recipient]]: ...


def split_muted(  # noqa: PLR0917 (the update, what is muted, and who follows it)
    picks: Sequence[Pick],
    changes: Sequence[Change],
    mutes: Sequence[Mute],
    desk: Desk,
    watches: Sequence[Watch],
    names: Sequence[str],
) -> tuple[tuple[Pick, ...], tuple[Pick, ...]]:
    """The picks without what is muted, and those of which all is: their recipients hear only how much that was.

    `watches` lead to the record, which has these further `names`. A trial that is followed by two watches, one of them
    muted, is told for the other one.
    """
    if not mutes:
        return tuple(picks), ()
    awake = [watch for watch in watches if not _is_muted(mutes, MuteKind.WATCH, _names_of(watch, names))]
    heard = {name: who for name, who in desk.recipients.items() if not _is_muted(mutes, MuteKind.DESTINATION, [name])}
    loud = [n for n, each in enumerate(changes) if not _is_muted(mutes, MuteKind.CATEGORY, [each.category.value])]
    found = pick_changes([changes[n] for n in loud], rules_for(desk.rules, awake, names), heard)
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


def _names_of(watch: Watch, names: Sequence[str]) -> list[str]:
    return [name for name in (watch.label, watch.reference.text, *names) if name]


def _is_muted(mutes: Sequence[Mute], kind: MuteKind, names: Sequence[str]) -> bool:
    return any(mute.is_about(kind, names) for mute in mutes)
