"""The newer record rebuilt from the older one and the changes between them: they hold all there is to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

import orjson

from monitor.diff.rows import row_key
from monitor.diff.sameness import folded, spelled
from monitor.model.change import Change
from monitor.model.record import TrialRecord
from tests.planted.compared import LISTS, Compared, as_list, as_object, compared, exchange, thing, words_once
from tests.planted.grafted import grafted
from tests.planted.rebuilt_arms import rebuild_arms

_BAGS = tuple(f"{section}.{name}" for section, names in LISTS.items() for name in names)


def rebuilt(before: TrialRecord, changes: Sequence[Change]) -> Compared:
    """What is compared of the newer record. Raises NotEnough where the changes do not fit the older one."""
    form = compared(before)
    for change in changes:
        _apply(form, change, before)
    _outcomes(form, [change for change in changes if change.path.startswith("outcomes")])
    rebuild_arms(form, [change for change in changes if change.path.startswith("arms.")])
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
        for name in {**as_object(change.before), **as_object(change.after)}:
            _set(form, f"sharing.{name}", as_object(change.after).get(name))
    else:
        _plain(form, change)


def _plain(form: Compared, change: Change) -> None:
    path = change.path
    if path in _BAGS or path == "identification.other_id_details":
        exchange(form, path, change.before, change.after)
    elif path in form.bags:
        _words(form, path, change)
        for each in as_list(change.detail.get("details")):
            _number(form, each, change)
    else:
        form.put(path, change.after)


def _set(form: Compared, path: str, value: Any) -> None:
    if path in form.bags:
        form.bag(path, words_once(value or ()))
    else:
        form.put(path, value)


def _words(form: Compared, path: str, change: Change) -> None:
    for word in as_list(change.before):
        form.take(path, folded(str(word)))
    form.bags[path] += [thing(folded(str(word))) for word in as_list(change.after)]


def _number(form: Compared, detail: Any, change: Change) -> None:
    """What is said of a number went with it, or came with it."""
    gone = [folded(str(word)) for word in as_list(change.before)]
    path = "identification.other_id_details"
    if folded(detail.get("id")) in gone:
        form.take(path, detail)
    else:
        form.add(path, detail)


def _status(form: Compared, change: Change) -> None:
    form.put(change.path, change.after)
    form.put("status.last_known", change.detail.get("last_known"))
    form.put("status.why_stopped", as_object(change.detail.get("why_stopped")).get("after"))


def _sponsor(form: Compared, change: Change) -> None:
    name, kind = change.path.partition(".")[2], as_object(change.detail.get("class"))
    if name == "collaborators":
        if change.before is not None:
            form.take(change.path, folded(str(change.before)))
        if change.after is not None:
            form.add(change.path, folded(str(change.after)))
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
        agency = as_object(as_object(change.detail["organization"]).get("after"))
        form.put("sponsor.organization", agency.get("name"))
        form.put("sponsor.organization_class", agency.get("agency_class"))


def _criterion(form: Compared, change: Change) -> None:
    section = str(change.detail["section"])
    if row_key(str(change.before or "")):
        left = str(change.detail.get("from_section") or section)
        form.take(f"eligibility.{left}", row_key(str(change.before)))
    if row_key(str(change.after or "")):
        form.add(f"eligibility.{section}", row_key(str(change.after)))


def _results(form: Compared, change: Change, record: TrialRecord) -> None:
    if change.path == "results":
        told = as_object(change.after)
        for path in [path for path in form.values if path.startswith("results.modules.")]:
            form.put(path, None)
        form.put("results.has_results", told.get("has_results", change.detail.get("has_results")))
        for name, tree in as_object(told.get("modules")).items():
            form.put(f"results.modules.{name}", tree)
    elif "values" in change.detail and change.kind.value == "changed":
        held = getattr(record.results, change.path.split(".")[1])[change.detail["name"]]
        form.put(change.path, grafted(held, change.detail))
    else:
        form.put(change.path, change.after)


def _outcomes(form: Compared, changes: Iterable[Change]) -> None:
    """Each edit names the outcome as it is now; all edits of one undone, it is the outcome as it was."""
    moved: set[tuple[str, bytes]] = set()
    edits: dict[tuple[str, bytes], list[tuple[Any, Any]]] = {}
    for change in changes:
        if "step" in change.detail:
            rank = str(change.detail["rank"])
            if change.before is not None:
                form.take(f"outcomes.{change.detail.get('from_rank', rank)}", change.before)
            if change.after is not None:
                form.add(f"outcomes.{rank}", change.after)
            if "from_rank" in change.detail:
                moved.add((rank, thing(change.after)))
            continue
        for each in as_list(change.detail["outcomes"]):
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
        form.take(path, was)
        form.add(path, now)


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
        told = Counter((orjson.dumps(each["before"]), orjson.dumps(each["after"])) for each in as_list(listed))
        pairs |= told
    for (before, after), times in pairs.items():
        for _ in range(times):
            exchange(form, "locations.sites", orjson.loads(before), orjson.loads(after))
    if pairs:
        form.put("locations.count", len(form.bags["locations.sites"]) or None)
