"""What people are given, and in which groups, by label; what merely follows a new name is silent."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from monitor.diff.align import Aligned, by_identity, by_likeness, equal_ends
from monitor.diff.edits import TextPair, grouped
from monitor.diff.fields import value_change
from monitor.diff.found import Found, kind_of
from monitor.diff.links import Links, link_changes
from monitor.diff.pieces import pieces, pieces_json
from monitor.diff.sameness import as_json, folded, same, spelled, telling, whole
from monitor.model.change import Category, Kind
from monitor.model.json import Json
from monitor.model.record import TrialRecord
from monitor.model.sections import Arm, Intervention

_RENAMED = 60  # of 100: two labels that are one arm
_SIGNIFICANT = 25  # characters from which an equal description shows that an arm is the same

Thing = TypeVar("Thing", Arm, Intervention)


def arm_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """Arms and interventions that came, went, were renamed or described anew, and who gets what."""
    arms = _aligned(telling(before.arms.arms), telling(after.arms.arms), _label, _described_arm)
    given = _aligned(
        telling(before.arms.interventions), telling(after.arms.interventions), _name, _described_intervention
    )
    old, new = Links(before.arms), Links(after.arms)
    for found in _comings("arms", arms, _label):
        yield _with_links(found, "interventions", (old if found.after is None else new).given_to)
    for found in _comings("interventions", given, _name):
        yield _with_links(found, "arms", (old if found.after is None else new).getting)
    yield from _edits("arms", arms.pairs, ("type", "description"), _label)
    yield from _edits("interventions", given.pairs, ("type", "description"), _name)
    for was, now in given.pairs:
        for found in value_change("interventions.other_names", Category.ARMS, was.other_names, now.other_names):
            yield _about(found, now)
    yield from link_changes(old, new, arms, given)


def _label(arm: Arm) -> str:
    return arm.label


def _name(intervention: Intervention) -> str:
    return intervention.name


def _described_arm(arm: Arm) -> str:
    return spelled(arm.description)


def _described_intervention(intervention: Intervention) -> str:
    return spelled(intervention.description)


def _aligned(
    old: Sequence[Thing], new: Sequence[Thing], name: Callable[[Thing], str], described: Callable[[Thing], str]
) -> Aligned[Thing]:
    """By name, then by an equal description, then by a like name."""
    equal = equal_ends(old, new)
    pairs, old, new = list(equal.pairs), equal.removed, equal.added
    keys: tuple[Callable[[Thing], Hashable], ...] = (
        whole,
        lambda t: (folded(name(t)), t.type, described(t)),
        lambda t: (spelled(name(t)), t.type),
        lambda t: spelled(name(t)),
    )
    for key in keys:
        found: Aligned[Thing] = by_identity(old, new, key)
        pairs.extend(found.pairs)
        old, new = found.removed, found.added
    told = [[t for t in side if len(described(t)) >= _SIGNIFICANT] for side in (old, new)]
    alike = by_identity(told[0], told[1], described).pairs
    pairs.extend(alike)
    old = [t for t in old if not any(t is one for one, _ in alike)]
    new = [t for t in new if not any(t is one for _, one in alike)]
    rest: Aligned[Thing] = by_likeness(old, new, lambda t: (folded(name(t)) or "").casefold(), cutoff=_RENAMED)
    pairs.extend(rest.pairs)
    return Aligned(tuple(pairs), rest.removed, rest.added)


def _comings(what: str, found: Aligned[Thing], name: Callable[[Thing], str]) -> Iterator[Found]:
    for gone in found.removed:
        yield _found(f"{what}.removed", what, as_json(gone), None, {"label": name(gone), "type": gone.type})
    for come in found.added:
        yield _found(f"{what}.added", what, None, as_json(come), {"label": name(come), "type": come.type})
    for old, new in found.pairs:
        if not same(name(old), name(new)):
            suffix = ".respelled" if spelled(name(old)) == spelled(name(new)) else ""
            detail = {"label": name(new), "now": as_json(new)}
            yield _found(f"{what}.renamed{suffix}", what, name(old), name(new), detail)


def _with_links(found: Found, name: str, links: Callable[[str], list[Json]]) -> Found:
    """What came or went, with who gets it or what it gets, as both lists say it."""
    if found.kind is Kind.CHANGED:
        return found
    return replace(found, detail={**found.detail, name: links(str(found.detail["label"]))})


def _edits(
    what: str, pairs: Sequence[tuple[Thing, Thing]], fields: Sequence[str], name: Callable[[Thing], str]
) -> Iterator[Found]:
    """Each field that was edited, like edits of several items as one change."""
    for field in fields:
        texts = [TextPair(new, getattr(old, field), getattr(new, field)) for old, new in pairs]
        for group in grouped(texts):
            yield _edit(what, field, group, name)


def _edit(what: str, field: str, group: Sequence[TextPair[Thing]], name: Callable[[Thing], str]) -> Found:
    """`now` in each of the items is the arm or intervention whole, as it is after every edit of it."""
    first = group[0]
    respelled = all(spelled(each.before) == spelled(each.after) for each in group)
    alike = len({(each.before, each.after) for each in group}) == 1
    before: Json = first.before if alike else [each.before for each in group]
    after: Json = first.after if alike else [each.after for each in group]
    detail: dict[str, Json] = {
        "field": field,
        "label": name(first.item),
        "items": [
            {"label": name(each.item), "now": as_json(each.item), "before": each.before, "after": each.after}
            for each in group
        ],
        "pieces": pieces_json(pieces(first.before or "", first.after or "")),
    }
    return _found(f"{what}.{field}" + (".respelled" if respelled else ""), what, before, after, detail)


def _about(found: Found, new: Intervention) -> Found:
    detail = {**found.detail, "label": new.name, "now": as_json(new)}
    return _found(found.event, "interventions", found.before, found.after, detail)


def _found(event: str, what: str, before: Json, after: Json, detail: Mapping[str, Json]) -> Found:
    kind: Kind = kind_of(before, after)
    return Found(
        event=event,
        category=Category.ARMS,
        path=f"arms.{what}",
        kind=kind,
        before=before,
        after=after,
        detail=detail,
    )
