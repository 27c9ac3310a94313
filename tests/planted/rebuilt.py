"""The newer record rebuilt from the older one and the changes between them: they hold all there is to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

import orjson

from monitor.diff.leaves import item_names
from monitor.diff.rows import row_key
from monitor.diff.sameness import as_json, folded, spelled
from monitor.model.change import Change
from monitor.model.record import TrialRecord
from tests.planted.compared import LISTS, Compared, compared, thing, without_links

_BAGS = tuple(f"{section}.{name}" for section, names in LISTS.items() for name in names)


class NotEnough(AssertionError):
    """A change speaks of something that the older record does not have."""


def rebuilt(before: TrialRecord, changes: Sequence[Change]) -> Compared:
    """What is compared of the newer record. Raises NotEnough where the changes do not fit the older one."""
    form = compared(before)
    for change in changes:
        _apply(form, change, before)
    _outcomes(form, [change for change in changes if change.path.startswith("outcomes")])
    _arms(form, [change for change in changes if change.path.startswith("arms.")])
    _sites(form, changes)
    return form


def _apply(form: Compared, change: Change, record: TrialRecord) -> None:
    path, section = change.path, change.path.partition(".")[0]
    if section in ("outcomes", "arms", "locations") or path == "dates":
        return
    if section == "sponsor":
        _sponsor(form, change)
    elif section == "results":
        _results(form, change, record)
    elif path == "status.overall":
        _status(form, change)
    elif path.startswith("eligibility.") and "number" in change.detail:
        _criterion(form, change)
    elif path == "sharing":
        for name in {**_object(change.before), **_object(change.after)}:
            _set(form, f"sharing.{name}", _object(change.after).get(name))
    else:
        _plain(form, change)


def _plain(form: Compared, change: Change) -> None:
    path = change.path
    if path in _BAGS or path == "identification.other_id_details":
        _exchange(form, path, change.before, change.after)
    elif path in form.bags:
        _words(form, path, change)
        for each in _list(change.detail.get("details")):
            _number(form, each, change)
    else:
        form.put(path, change.after)


def _set(form: Compared, path: str, value: Any) -> None:
    if path in form.bags:
        form.bag(path, filter(None, map(folded, value or ())))
    else:
        form.put(path, value)


def _exchange(form: Compared, path: str, before: Any, after: Any) -> None:
    """One thing for another in a bag; a number of which nothing is said is no thing."""
    bare = [path.endswith("other_id_details") and set(side or ()) <= {"id"} for side in (before, after)]
    if before is not None and not bare[0]:
        _take(form, path, before)
    if after is not None and not bare[1]:
        _put(form, path, after)


def _put(form: Compared, path: str, value: Any) -> None:
    form.bags.setdefault(path, []).append(thing(value))


def _take(form: Compared, path: str, value: Any) -> None:
    held = form.bags.setdefault(path, [])
    if thing(value) not in held:
        raise NotEnough(f"{path} does not hold {value!r}")
    held.remove(thing(value))


def _words(form: Compared, path: str, change: Change) -> None:
    for word in _list(change.before):
        _take(form, path, folded(str(word)))
    form.bags[path] += [thing(folded(str(word))) for word in _list(change.after)]


def _number(form: Compared, detail: Any, change: Change) -> None:
    """What is said of a number went with it, or came with it."""
    gone = [folded(str(word)) for word in _list(change.before)]
    path = "identification.other_id_details"
    if folded(detail.get("id")) in gone:
        _take(form, path, detail)
    else:
        _put(form, path, detail)


def _status(form: Compared, change: Change) -> None:
    form.put(change.path, change.after)
    form.put("status.last_known", change.detail.get("last_known"))
    form.put("status.why_stopped", _object(change.detail.get("why_stopped")).get("after"))


def _sponsor(form: Compared, change: Change) -> None:
    name, kind = change.path.partition(".")[2], _object(change.detail.get("class"))
    if name == "collaborators":
        if change.before is not None:
            _take(form, change.path, folded(str(change.before)))
        if change.after is not None:
            _put(form, change.path, folded(str(change.after)))
        if kind or change.after is None:
            label = spelled(str(change.after or change.before))
            form.put(f"sponsor.collaborator_class.{label}", kind.get("after"))
    elif name == "collaborator_class":
        form.put(f"{change.path}.{spelled(str(change.detail['name']))}", change.after)
    else:
        form.put(change.path, change.after)
        if kind:
            form.put(f"{change.path}_class", kind["after"])
    if "organization" in change.detail:
        agency = _object(_object(change.detail["organization"]).get("after"))
        form.put("sponsor.organization", agency.get("name"))
        form.put("sponsor.organization_class", agency.get("agency_class"))


def _criterion(form: Compared, change: Change) -> None:
    section = str(change.detail["section"])
    if row_key(str(change.before or "")):
        left = str(change.detail.get("from_section") or section)
        _take(form, f"eligibility.{left}", row_key(str(change.before)))
    if row_key(str(change.after or "")):
        _put(form, f"eligibility.{section}", row_key(str(change.after)))


def _results(form: Compared, change: Change, record: TrialRecord) -> None:
    if change.path == "results":
        told = _object(change.after)
        for path in [path for path in form.values if path.startswith("results.modules.")]:
            form.put(path, None)
        form.put("results.has_results", told.get("has_results", change.detail.get("has_results")))
        for name, tree in _object(told.get("modules")).items():
            form.put(f"results.modules.{name}", tree)
    elif "values" in change.detail and change.kind.value == "changed":
        held = getattr(record.results, change.path.split(".")[1])[change.detail["name"]]
        form.put(change.path, grafted(held, change.detail))
    else:
        form.put(change.path, change.after)


def grafted(tree: Any, detail: Mapping[str, Any]) -> Any:
    """A tree with the values put in their places."""
    keyed = _keyed(orjson.loads(orjson.dumps(tree)))
    for place, leaf in zip(detail["places"], detail["values"], strict=True):
        if not place:
            return leaf["after"]
        holder = keyed
        for step in place[:-1]:
            holder = holder[step]
        if leaf["after"] is None:
            del holder[place[-1]]
        else:
            holder[place[-1]] = _keyed(leaf["after"])
    return _unkeyed(keyed)


class _Keyed(dict[str, Any]):
    """A list as a mapping from the names of its items."""


def _keyed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _keyed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return _Keyed(zip(item_names(value), map(_keyed, value), strict=True))
    return value


def _unkeyed(value: Any) -> Any:
    if isinstance(value, _Keyed):
        return [_unkeyed(inner) for inner in value.values()]
    return {key: _unkeyed(inner) for key, inner in value.items()} if isinstance(value, dict) else value


def _outcomes(form: Compared, changes: Iterable[Change]) -> None:
    """Each edit names the outcome as it is now; all edits of one undone, it is the outcome as it was."""
    moved: set[tuple[str, bytes]] = set()
    edits: dict[tuple[str, bytes], list[tuple[Any, Any]]] = {}
    for change in changes:
        if "step" in change.detail:
            rank = str(change.detail["rank"])
            if change.before is not None:
                _take(form, f"outcomes.{change.detail.get('from_rank', rank)}", change.before)
            if change.after is not None:
                _put(form, f"outcomes.{rank}", change.after)
            if "from_rank" in change.detail:
                moved.add((rank, thing(change.after)))
            continue
        for each in _list(change.detail["outcomes"]):
            edits.setdefault((each["rank"], thing(each["now"])), []).append((change.detail["field"], each))
    for (rank, now), told in edits.items():
        if (rank, now) not in moved:
            _undo(form, f"outcomes.{rank}", told)


def _undo(form: Compared, path: str, told: list[tuple[Any, Any]]) -> None:
    """As many outcomes as had the same edit: those that are alike now and were alike before."""
    counts = Counter(field for field, _ in told)
    for n in range(max(counts.values())):
        now = dict(told[0][1]["now"])
        was = deepcopy(now)
        for field in counts:
            each = [edit for name, edit in told if name == field]
            was[field] = each[min(n, len(each) - 1)]["before"]
        _take(form, path, was)
        _put(form, path, now)


def _arms(form: Compared, changes: Sequence[Change]) -> None:
    """Names first, so that what an arm gets can be followed through them."""
    renamed: dict[str, dict[str, str]] = {"arms": {}, "interventions": {}}
    edits: dict[tuple[str, bytes], list[tuple[str, Any]]] = {}
    for change in changes:
        what = change.path.partition(".")[2]
        event = str(change.detail["event"]).removesuffix(".respelled").partition(".")[2]
        if event in ("added", "removed"):
            before, after = (without_links(side) if side else None for side in (change.before, change.after))
            _exchange(form, change.path, before, after)
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
            for each in _list(change.detail["items"]):
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
        _take(form, path, without_links(was))
        _put(form, path, without_links(now))


def _names_before(now: Mapping[str, Any], change: Change) -> list[str]:
    won = {folded(str(name)) for name in _list(change.after)}
    return [name for name in now.get("other_names", []) if folded(name) not in won] + list(_list(change.before))


def _links(form: Compared, changes: Sequence[Change], renamed: Mapping[str, Mapping[str, str]]) -> None:
    links = {(link.get("arm", ""), link["given"]) for link in map(orjson.loads, form.bags["arms.links"])}
    arms, given = renamed["arms"], renamed["interventions"]
    links = {(arms.get(label, label), given.get(name, name)) for label, name in links}
    labels = {spelled(orjson.loads(arm)["label"]) for arm in form.bags["arms.arms"] if b'"label"' in arm}
    names = {spelled(orjson.loads(each)["name"]) for each in form.bags["arms.interventions"] if b'"name"' in each}
    for change in changes:
        label = spelled(str(change.detail.get("label")))
        if change.detail["event"] == "arms.added":
            links |= {(label, spelled(str(name))) for name in _list(change.detail["interventions"])}
        elif change.detail["event"] == "interventions.added":
            links |= {(spelled(str(arm)), label) for arm in _list(change.detail["arms"])}
    for change in changes:
        if change.detail["event"] == "arms.interventions":
            label = spelled(str(change.detail["label"]))
            links -= {(label, spelled(str(name))) for name in _list(change.before)}
            links |= {(label, spelled(str(name))) for name in _list(change.after)}
    form.bag(
        "arms.links", [{"arm": arm, "given": name} for arm, name in links if arm in labels and name in names - {""}]
    )


def _sites(form: Compared, changes: Sequence[Change]) -> None:
    """A site named in several events is one site: its pair counts as often as one event lists it.

    Where sites are listed their number is theirs.
    """
    for change in changes:
        if change.path == "locations.count":
            form.put(change.path, change.after or None)
    pairs: Counter[tuple[bytes, bytes]] = Counter()
    for change in changes:
        listed = change.detail.get("sites") if change.path in ("locations.sites", "status.overall") else None
        told = Counter((orjson.dumps(each["before"]), orjson.dumps(each["after"])) for each in _list(listed))
        pairs |= told
    for (before, after), times in pairs.items():
        for _ in range(times):
            _exchange(form, "locations.sites", orjson.loads(before), orjson.loads(after))
    if pairs:
        form.put("locations.count", len(form.bags["locations.sites"]) or None)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else []


__all__ = ["NotEnough", "as_json", "compared", "grafted", "rebuilt"]
