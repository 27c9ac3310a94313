"""Corrections: what goes back to a value that stood shortly before was taken back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.diff.found import Found
from monitor.diff.sameness import says_same
from monitor.model.change import Change, Kind
from monitor.model.json import Json, JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A change of the same record, seen `days` before; `id` is its name in the change log."""

    id: int
    days: int
    change: Change


def taken_back(found: Found, earlier: Sequence[Earlier]) -> Earlier | None:
    """The change that `found` takes back, of those seen within the set time (latest first); None if it takes none back.

    That is the latest one, if following the changes of the same thing backwards leads to the value that stands now.
    """
    if found.kind is Kind.MOVED:
        return None
    target = _values(found.path, found.after, found.detail, "after")
    stands, last = _values(found.path, found.before, found.detail, "before"), None
    for each in earlier:
        change = each.change
        if change.path != found.path or change.kind is Kind.MOVED:
            continue
        was = _values(change.path, change.before, change.detail, "before")
        became = _values(change.path, change.after, change.detail, "after")
        if not says_same(became, stands) or (stands in (None, []) and not says_same(was, target)):
            continue  # about something else: of what came and went, only the value says what it was
        last, stands = last or each, was
        if says_same(was, target):
            return last
    return None


def _values(path: str, value: Json, detail: JsonObject, side: str) -> Json:
    """The value of one side; of sites all that each of them says, for its lines leave the contacts out."""
    sites = detail.get("sites")
    if path != "locations.sites" or not isinstance(sites, list):
        return value
    return [site.get(side) for site in sites if isinstance(site, dict) and site.get(side) is not None]
