"""Arms and interventions of the newer record from the older one's: names first, so that links can follow them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import orjson

from monitor.diff.sameness import folded, spelled
from monitor.model.change import Change
from tests.planted.compared import Compared, as_list, exchange, thing, without_links


def rebuild_arms(form: Compared, changes: Sequence[Change]) -> None:
    """Names first, so that what an arm gets can be followed through them."""
    renamed: dict[str, dict[str, str]] = {"arms": {}, "interventions": {}}
    edits: dict[tuple[str, bytes], list[tuple[str, Any]]] = {}
    for change in changes:
        what = change.path.partition(".")[2]
        event = str(change.detail["event"]).removesuffix(".respelled").partition(".")[2]
        if event in ("added", "removed"):
            before, after = (without_links(side) if side else None for side in (change.before, change.after))
            exchange(form, change.path, before, after)
        elif event == "renamed":
            renamed[what][spelled(str(change.before))] = spelled(str(change.after))
            name = "label" if what == "arms" else "name"
            edits.setdefault((what, thing(change.detail["now"])), []).append(
                (name, {"before": change.before, **change.detail})
            )
        elif event == "other_names":
            edits.setdefault((what, thing(change.detail["now"])), []).append(
                ("other_names", {"change": change, **change.detail})
            )
        elif event in ("type", "description"):
            for each in as_list(change.detail["items"]):
                edits.setdefault((what, thing(each["now"])), []).append((event, each))
    for (what, _), told in edits.items():
        _undo_arm(form, f"arms.{what}", told)
    _links(form, changes, renamed)


def _undo_arm(form: Compared, path: str, told: list[tuple[str, Any]]) -> None:
    counts = Counter(field for field, _ in told)
    for n in range(max(counts.values())):
        now = dict(told[0][1]["now"])
        was = deepcopy(now)
        for field in counts:
            edits = [edit for name, edit in told if name == field]
            edit = edits[min(n, len(edits) - 1)]
            was[field] = _names_before(now, edit["change"]) if field == "other_names" else edit["before"]
        form.take(path, without_links(was))
        form.add(path, without_links(now))


def _names_before(now: Mapping[str, Any], change: Change) -> list[str]:
    won = {folded(str(name)) for name in as_list(change.after)}
    return [name for name in now.get("other_names", []) if folded(name) not in won] + list(as_list(change.before))


def _links(form: Compared, changes: Sequence[Change], renamed: Mapping[str, Mapping[str, str]]) -> None:
    links = {(link.get("arm", ""), link["given"]) for link in map(orjson.loads, form.bags["arms.links"])}
    arms, given = renamed["arms"], renamed["interventions"]
    links = {(arms.get(label, label), given.get(name, name)) for label, name in links}
    labels = {spelled(orjson.loads(arm)["label"]) for arm in form.bags["arms.arms"] if b'"label"' in arm}
    names = {spelled(orjson.loads(each)["name"]) for each in form.bags["arms.interventions"] if b'"name"' in each}
    for change in changes:
        label = spelled(str(change.detail.get("label")))
        if change.detail["event"] == "arms.added":
            links |= {(label, spelled(str(name))) for name in as_list(change.detail["interventions"])}
        elif change.detail["event"] == "interventions.added":
            links |= {(spelled(str(arm)), label) for arm in as_list(change.detail["arms"])}
    for change in changes:
        if change.detail["event"] == "arms.interventions":
            label = spelled(str(change.detail["label"]))
            links -= {(label, spelled(str(name))) for name in as_list(change.before)}
            links |= {(label, spelled(str(name))) for name in as_list(change.after)}
    form.bag(
        "arms.links", [{"arm": arm, "given": name} for arm, name in links if arm in labels and name in names - {""}]
    )
