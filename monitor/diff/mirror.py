"""Does the registry already say what a mirror's page has come to say?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from monitor.diff.rows import flat_rows, row_key
from monitor.diff.sameness import as_json, canonical, fingerprint, same, says_same
from monitor.model.change import Change, Kind
from monitor.model.json import Json
from monitor.model.record import SECTIONS, TrialRecord

_ITEMS = ("eligibility.inclusion", "eligibility.exclusion", "eligibility.other")


def registry_agrees(change: Change, registry: TrialRecord) -> bool:
    """True if the registry's record says of this change's subject what the page says now.

    What came is there, what went is not, a value is the page's new value. Fields that the page does not tell do not
    count, nor do the registry's. What the registry's record cannot answer (an unavailable section) is no agreement.
    """
    section = change.path.partition(".")[0]
    if section not in SECTIONS or section in registry.unavailable:
        return False
    if change.path in _ITEMS:
        return _criteria_agree(change, registry)
    if change.path.startswith("outcomes") and "outcomes" in change.detail:
        return _outcomes_agree(change, registry)
    if change.path == "locations.count":
        return change.after == registry.locations.count
    said = _at(as_json(registry.other) if section == "other" else as_json(getattr(registry, section)), change.path)
    return _agrees(change, said)


def _agrees(change: Change, said: Json) -> bool:
    if change.path == "locations.sites":
        return _items_agree(_pairs(change.detail.get("sites")), said)
    if isinstance(said, list) or isinstance(change.before, list) or isinstance(change.after, list):
        return _list_agrees(change, said if isinstance(said, list) else [])
    return _holds(said, change.after)


def _criteria_agree(change: Change, registry: TrialRecord) -> bool:
    rows = {(row.section, row.key) for row in flat_rows(registry.eligibility)}
    section = str(change.detail.get("section"))
    came = change.after is None or (section, row_key(str(change.after))) in rows
    left = str(change.detail.get("from_section") or section)
    stays = change.before is not None and change.kind is not Kind.MOVED and (left, row_key(str(change.before))) in rows
    return came and not stays


def _outcomes_agree(change: Change, registry: TrialRecord) -> bool:
    """True if every outcome that an edit touched reads so in the registry's record."""
    touched, field = change.detail["outcomes"], str(change.detail["field"])
    return isinstance(touched, list) and all(
        any(
            same(outcome.measure, str(each["measure"])) and same(getattr(outcome, field), each["after"])
            for outcome in getattr(registry.outcomes, str(each["rank"]))
        )
        for each in touched
        if isinstance(each, dict)
    )


def _list_agrees(change: Change, said: Sequence[Json]) -> bool:
    """Items that came are there, items that went are not."""
    old = change.before if isinstance(change.before, list) else [change.before]
    new = change.after if isinstance(change.after, list) else [change.after]
    return _items_agree([*((each, None) for each in old), *((None, each) for each in new)], said)


def _items_agree(pairs: Iterable[tuple[Json, Json]], said: Json) -> bool:
    listed = said if isinstance(said, list) else []
    pairs = list(pairs)
    came = all(any(_holds(each, new) for each in listed) for _, new in pairs if new is not None)
    gone = [old for old, new in pairs if new is None and not any(says_same(old, other) for _, other in pairs)]
    return came and not any(_same_item(each, old) for each in listed for old in gone)


def _pairs(sites: Json) -> list[tuple[Json, Json]]:
    listed = sites if isinstance(sites, list) else []
    return [(each.get("before"), each.get("after")) for each in listed if isinstance(each, Mapping)]


def _same_item(item: Json, old: Json) -> bool:
    return _holds(item, old)


def _holds(said: Json, told: Json) -> bool:
    """True if `said` says everything that `told` does; of mappings, what is not told does not count."""
    if told is None:
        return said in (None, [], {})
    if isinstance(told, Mapping):
        return isinstance(said, Mapping) and all(_holds(said.get(key), value) for key, value in told.items())
    if isinstance(told, str) and isinstance(said, str):
        return same(said, told)
    if isinstance(told, str) and isinstance(said, Mapping):
        return any(isinstance(value, str) and same(value, told) for value in said.values())
    return fingerprint(canonical(said)) == fingerprint(canonical(told))


def _at(section: Json, path: str) -> Json:
    """The value at the path's steps below the section; the section itself for a path of one step."""
    value = section
    for step in path.split(".")[1:]:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
