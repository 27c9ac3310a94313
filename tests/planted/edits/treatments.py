"""Arms and interventions, and who gets what: the registry says each link twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.sources.ctgov import words
from tests.planted.plot import Editor, Fact, Plot, odd, reworded, spelled, texts_once

_ARM = {"label": "label", "type": "type", "description": "description", "interventionNames": "interventions"}
_GIVEN = {
    "type": "type",
    "name": "name",
    "description": "description",
    "armGroupLabels": "arm_labels",
    "otherNames": "other_names",
}
_LONG = 60  # characters of a description by which an arm with another name is known


def _arms(plot: Plot) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = plot.module("armsInterventionsModule").setdefault("armGroups", [])
    return listed


def _given(plot: Plot) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = plot.module("armsInterventionsModule").setdefault("interventions", [])
    return listed


def _sound(plot: Plot) -> bool:
    """True if names and links say one thing only."""
    arms, given = _arms(plot), _given(plot)
    if odd([arms, given]) or not texts_once([arm["label"] for arm in arms]):
        return False
    if not texts_once([each["name"] for each in given]) or any(not each.get("type") for each in given):
        return False
    told = {(arm["label"], name) for arm in arms for name in arm.get("interventionNames", [])}
    back = {(label, _full(each)) for each in given for label in each.get("armGroupLabels", [])}
    return told == back


def _full(intervention: dict[str, Any]) -> str:
    """As arms name it: "Drug: Nivolumab"."""
    kind = str(intervention["type"]).replace("_", " ").capitalize()
    kind = {"Dietary supplement": "Dietary Supplement", "Diagnostic test": "Diagnostic Test"}.get(kind, kind)
    kind = {"Combination product": "Combination Product"}.get(kind, kind)
    return f"{kind}: {intervention['name']}"


def _fact(edit: str, path: str, before: Any, after: Any, **rest: Any) -> Fact:
    return Fact(edit=edit, category="arms", path=path, before=before, after=after, **rest)


def _pick(plot: Plot, listed: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    free = [each for each in listed if (name, each[name]) not in plot.taken] if _sound(plot) else []
    return plot.some(free) if free else None


def arm_came_or_went(plot: Plot) -> list[Fact]:
    """An arm with all that it gets."""
    arms = _arms(plot)
    if plot.chance.randrange(2):
        gone = _pick(plot, arms, "label")
        if gone is None or not plot.unlike("arm", gone["label"], gone.get("description", "")):
            return []
        if any(("name", each["name"]) in plot.taken for each in _given(plot)):
            return []
        plot.taken.update(
            ("name", each["name"]) for each in _given(plot) if gone["label"] in each.get("armGroupLabels", [])
        )
        plot.free(("label", gone["label"]))
        arms.remove(gone)
        for each in _given(plot):
            each["armGroupLabels"] = [label for label in each.get("armGroupLabels", []) if label != gone["label"]]
        return [_fact("arm removed", "arms.arms", spelled(gone, _ARM), None)]
    fresh: dict[str, Any] = {"label": plot.sentence(4), "type": "EXPERIMENTAL", "description": plot.sentence(14)}
    if not _sound(plot) or not plot.unlike("arm", fresh["label"], fresh["description"]):
        return []
    settled = [each for each in _given(plot) if ("name", each["name"]) not in plot.taken]
    for each in settled[:2]:
        plot.taken.add(("name", each["name"]))
        each.setdefault("armGroupLabels", []).append(fresh["label"])
    fresh["interventionNames"] = [_full(each) for each in settled[:2]]
    plot.free(("label", fresh["label"]))
    arms.append(fresh)
    return [_fact("arm added", "arms.arms", None, spelled(fresh, _ARM))]


def treatment_came_or_went(plot: Plot) -> list[Fact]:
    """An intervention with the arms that get it."""
    given = _given(plot)
    if plot.chance.randrange(2):
        gone = _pick(plot, given, "name")
        if gone is None or not plot.unlike("given", gone["name"], gone.get("description", "")):
            return []
        if any(("label", arm["label"]) in plot.taken for arm in _arms(plot)):
            return []
        plot.free(("name", gone["name"]))
        given.remove(gone)
        for arm in _arms(plot):
            arm["interventionNames"] = [name for name in arm.get("interventionNames", []) if name != _full(gone)]
        return [_fact("intervention removed", "arms.interventions", spelled(gone, _GIVEN), None)]
    arms = [arm for arm in _arms(plot) if ("label", arm["label"]) not in plot.taken]
    fresh: dict[str, Any] = {"type": "DRUG", "name": plot.sentence(3), "description": plot.sentence(12)}
    if not _sound(plot) or not plot.unlike("given", fresh["name"], fresh["description"]):
        return []
    for arm in arms[:2]:
        plot.taken.add(("label", arm["label"]))
        arm.setdefault("interventionNames", []).append(_full(fresh))
    fresh["armGroupLabels"] = [arm["label"] for arm in arms[:2]]
    plot.free(("name", fresh["name"]))
    given.append(fresh)
    return [_fact("intervention added", "arms.interventions", None, spelled(fresh, _GIVEN))]


def arm_renamed(plot: Plot) -> list[Fact]:
    """An arm that its description shows to be the same; the links follow its name in silence."""
    arms = _arms(plot)
    arm = _pick(plot, arms, "label")
    told = [each.get("description", "") for each in arms]
    if arm is None or len(arm.get("description", "")) < _LONG or told.count(arm["description"]) > 1:
        return []
    if not plot.unlike("arm", arm["label"]):
        return []
    before, arm["label"] = arm["label"], f"{arm['label']} {plot.phrase(2)}"
    plot.free(("label", before), ("label", arm["label"]))
    for each in _given(plot):
        each["armGroupLabels"] = [arm["label"] if old == before else old for old in each.get("armGroupLabels", [])]
    return [_fact("arm renamed", "arms.arms", before, arm["label"])]


def treatment_renamed(plot: Plot) -> list[Fact]:
    """An intervention under a longer name; arms name it so too."""
    each = _pick(plot, _given(plot), "name")
    told = [given.get("description", "") for given in _given(plot)]
    if each is None or len(each.get("description", "")) < _LONG or told.count(each["description"]) > 1:
        return []
    if not plot.unlike("given", each["name"]):
        return []
    before, old = each["name"], _full(each)
    each["name"] = f"{before} {plot.phrase(2)}"
    plot.free(("name", before), ("name", each["name"]))
    for arm in _arms(plot):
        arm["interventionNames"] = [_full(each) if name == old else name for name in arm.get("interventionNames", [])]
    return [_fact("intervention renamed", "arms.interventions", before, each["name"])]


def described(plot: Plot) -> list[Fact]:
    """A description reworded, given, replaced or gone."""
    what, name = plot.some([("arms", "label"), ("interventions", "name")])
    each = _pick(plot, _arms(plot) if what == "arms" else _given(plot), name)
    if each is None:
        return []
    plot.free((name, each[name]))
    before = each.get("description")
    changed = reworded(plot, before or "") if plot.chance.randrange(4) else None
    if changed:
        each["description"], group = changed.text, changed.edit
    elif before and not plot.chance.randrange(3):
        group = ("gone", before)
        del each["description"]
    else:
        each["description"] = plot.sentence(12)
        group = ("all", f"{before}{each['description']}")
    return [_item_edit(what, "description", each[name], (before, each.get("description")), group)]


def _item_edit(what: str, field: str, label: str, sides: tuple[Any, Any], group: tuple[Any, ...]) -> Fact:
    before, after = sides
    items = [{"label": label, "before": before, "after": after}]
    detail, key = {"field": field, "items": items}, (what, field, *group)
    return _fact(f"{what} {field}", f"arms.{what}", before, after, detail=detail, group=key)


def typed(plot: Plot) -> list[Fact]:
    """Another type of an arm; of an intervention, arms then name it anew, in silence."""
    if plot.chance.randrange(2):
        arm = _pick(plot, _arms(plot), "label")
        if arm is None:
            return []
        plot.free(("label", arm["label"]))
        before = arm.get("type")
        arm["type"] = plot.some(sorted(words.ARM_TYPE - {before}))
        return [_item_edit("arms", "type", arm["label"], (before, arm["type"]), (before, arm["type"]))]
    each = _pick(plot, _given(plot), "name")
    if each is None:
        return []
    plot.free(("name", each["name"]))
    before, old = each["type"], _full(each)
    each["type"] = plot.some(sorted(words.INTERVENTION_TYPE - {before}))
    for arm in _arms(plot):
        arm["interventionNames"] = [_full(each) if name == old else name for name in arm.get("interventionNames", [])]
    return [_item_edit("interventions", "type", each["name"], (before, each["type"]), (before, each["type"]))]


def other_names(plot: Plot) -> list[Fact]:
    """A name more or less of an intervention."""
    each = _pick(plot, _given(plot), "name")
    names = each.get("otherNames", []) if each else []
    if each is None or not texts_once(names) or not plot.free(("name", each["name"])):
        return []
    lost = [plot.some(names)] if names and plot.chance.randrange(2) else []
    won = [] if lost else [plot.sentence(2)]
    each["otherNames"] = [name for name in names if name not in lost] + won
    return [_fact("other names", "arms.interventions", lost or None, won or None, detail={"label": each["name"]})]


def linked(plot: Plot) -> list[Fact]:
    """An arm gets an intervention that it did not get, or no longer gets one."""
    arm, each = _pick(plot, _arms(plot), "label"), _pick(plot, _given(plot), "name")
    if arm is None or each is None:
        return []
    plot.free(("label", arm["label"]), ("name", each["name"]))
    names, labels = arm.setdefault("interventionNames", []), each.setdefault("armGroupLabels", [])
    had = _full(each) in names
    if had:
        names.remove(_full(each))
        labels.remove(arm["label"])
    else:
        names.append(_full(each))
        labels.append(arm["label"])
    sides = ([each["name"]], None) if had else (None, [each["name"]])
    return [_fact("link", "arms.arms", sides[0], sides[1], detail={"label": arm["label"]})]


def editors() -> Iterator[tuple[str, Editor]]:
    """Each editor with the category that its edits are told in."""
    for editor in (
        arm_came_or_went,
        treatment_came_or_went,
        arm_renamed,
        treatment_renamed,
        described,
        described,
        typed,
        other_names,
        linked,
    ):
        yield "arms", editor
