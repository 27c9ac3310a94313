"""Every planted edit told by exactly one change, with exact old and new value, and nothing else told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from monitor.model.change import Change
from tests.planted.plot import Fact
from tests.planted.said import said, stamp

_SAME_EVENT = {"sites.added": "sites.opened", "sites.many_closed": "sites.closed"}


def due(facts: Iterable[Fact]) -> list[Fact]:
    """The facts as they are due: what belongs to one change put together, bookkeeping only where nothing else is."""
    groups: defaultdict[Hashable, list[Fact]] = defaultdict(list)
    for n, fact in enumerate(facts):
        groups[fact.group if fact.group is not None else n].append(fact)
    merged = [_merged(group) for group in groups.values()]
    news = [fact for fact in merged if fact.edit != "bookkeeping"]
    return news or merged


def _merged(group: Sequence[Fact]) -> Fact:
    first = group[0]
    if len(group) == 1:
        return first
    sides = [_joined([getattr(f, side) for f in group], joined=first.joined) for side in ("before", "after")]
    paths = {fact.path for fact in group}
    path = first.path if len(paths) == 1 else first.path.partition(".")[0]
    detail = {
        key: [each for fact in group for each in fact.detail[key]] if isinstance(value, list) else value
        for key, value in first.detail.items()
    }
    return replace(first, before=sides[0], after=sides[1], path=path, detail=detail)


def _joined(values: Sequence[Any], *, joined: bool) -> Any:
    """Lists one after another; single texts as one where they are the same."""
    if joined:
        return [each for value in values for each in value or ()] or None
    return values[0] if all(said(value) == said(values[0]) for value in values) else list(values)


def faults(facts: Iterable[Fact], changes: Sequence[Change]) -> list[str]:
    """What was not told as planted, and what was told and not planted; nothing where all is well."""
    waiting = list(changes)
    missed = []
    for fact in due(facts):
        found = next((change for change in waiting if _tells(change, fact)), None)
        if found is None:
            missed.append(
                f"not told: {fact.edit} {fact.path} {fact.kind} {fact.before!r} -> {fact.after!r} {fact.detail}"
            )
        else:
            waiting.remove(found)
    return missed + [f"told: {c.path} {c.kind} {c.before!r} -> {c.after!r} {dict(c.detail)}" for c in waiting]


def _tells(change: Change, fact: Fact) -> bool:
    if (change.category.value, change.path, change.kind.value) != (fact.category, fact.path, fact.kind):
        return False
    event = str(change.detail.get("event"))
    if fact.event and _SAME_EVENT.get(event, event) != fact.event:
        return False
    sides: list[tuple[Any, Any]] = [(change.before, fact.before), (change.after, fact.after)]
    if "values" in fact.detail:
        sides = [
            (list((told or {}).values()), _only(fact, side)) for side, (told, _) in zip(_SIDES, sides, strict=True)
        ]
    return all(stamp(said(told)) == stamp(said(wanted)) for told, wanted in sides) and _details(change, fact)


_SIDES = ("before", "after")


def _values(told: Any) -> list[Any]:
    return list(told.values()) if isinstance(told, dict) else []


def _only(fact: Fact, side: str) -> list[Any]:
    """Of posted results the values that differ are told, and no others."""
    return [each[side] for each in fact.detail["values"] if each[side] is not None]


def _details(change: Change, fact: Fact) -> bool:
    return all(_held(change.detail.get(key), value) for key, value in fact.detail.items())


def _held(told: Any, wanted: Any) -> bool:
    """Of objects in a list only what is wanted of them is looked at."""
    if isinstance(wanted, list) and isinstance(told, list) and wanted and isinstance(wanted[0], dict):
        keys = wanted[0].keys()
        told = [{key: each.get(key) for key in keys} for each in told if isinstance(each, dict)]
    return stamp(said(told)) == stamp(said(wanted))
