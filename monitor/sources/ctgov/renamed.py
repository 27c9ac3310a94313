"""Keys that seem to have lost their names: one that nobody knows, in an object that lacks one which it had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from monitor.model.json import Json

_MARKS = ("key ", "module ")
_MOST = 5  # of one record that are named


def renamed_keys(
    before: Mapping[str, Json], after: Mapping[str, Json], unknown: Collection[str], unknown_before: Collection[str]
) -> list[str]:
    """A sentence for each known key that `before` had and an object of `after` lacks, beside a key that is new.

    `unknown` and `unknown_before` are `TrialRecord.unknown` of the two. A new key alone is the registry's own affair,
    and a key that is gone alone is an edit; both in one object look like one key whose name was damaged, and then
    nothing that it said is gone.
    """
    strange, known_strange = _places(unknown), _places(unknown_before)
    new = strange - known_strange
    parents = {place.rpartition(".")[0] for place in new}
    was, now = _objects(before, parents), _objects(after, parents)
    lost = {
        f"{parent}.{key}".lstrip("."): f"{parent}.{name}".lstrip(".")
        for parent in sorted(parents)
        for key, name in _lost(parent, was.get(parent, ()), now.get(parent, ()), new)
        if f"{parent}.{key}".lstrip(".") not in known_strange
    }
    told = [f'"{key}" is missing beside "{name}", which is no name that is known.' for key, name in lost.items()]
    return told[:_MOST]


def _places(unknown: Collection[str]) -> set[str]:
    return {text.removeprefix(mark) for text in unknown for mark in _MARKS if text.startswith(mark)}


def _lost(
    parent: str, was: Collection[Mapping[str, Json]], now: Collection[Mapping[str, Json]], new: Collection[str]
) -> Iterator[tuple[str, str]]:
    """The keys that fewer objects have than before, and that one with a new key lacks; with that key."""
    had, have = (Counter(key for each in several for key in _said(each)) for several in (was, now))
    fewer = {key for key, count in had.items() if have[key] < count}
    for each in now:
        names = [key for key in each if f"{parent}.{key}".lstrip(".") in new]
        for key in sorted(fewer - _said(each)) if names else ():
            yield key, names[0]


def _said(item: Mapping[str, Json]) -> set[str]:
    return {key for key, value in item.items() if value not in (None, "", [], {})}


def _objects(study: Mapping[str, Json], wanted: Collection[str]) -> dict[str, list[Mapping[str, Json]]]:
    """The objects at each of these places; those of a list share a place, which ends in []."""
    found: dict[str, list[Mapping[str, Json]]] = {}
    waiting: list[tuple[str, Json]] = [("", dict(study))]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, list):
            waiting += ((f"{place}[]", each) for each in value)
        elif isinstance(value, dict):
            if place in wanted:
                found.setdefault(place, []).append(value)
            waiting += ((f"{place}.{key}".lstrip("."), each) for key, each in value.items())
    return found
