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
    now = _objects(after)
    beside = {place: several for place, several in now.items() if any(_new_keys(place, each, new) for each in several)}
    was = _objects(before) if beside else {}
    lost = {
        _path(place, key): _path(place, name)
        for place, several in beside.items()
        for key, name in _lost(place, was.get(place, ()), several, new)
        if _path(place, key) not in known_strange
    }
    told = [f'"{key}" is missing beside "{name}", which is no name that is known.' for key, name in lost.items()]
    return told[:_MOST]


def _places(unknown: Collection[str]) -> set[str]:
    return {text.removeprefix(mark) for text in unknown for mark in _MARKS if text.startswith(mark)}


def _path(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _new_keys(place: str, item: Mapping[str, Json], new: Collection[str]) -> list[str]:
    return [key for key in item if _path(place, key) in new]


def _lost(
    place: str, was: Collection[Mapping[str, Json]], now: Collection[Mapping[str, Json]], new: Collection[str]
) -> Iterator[tuple[str, str]]:
    """The keys that fewer objects have than before, and that one with a new key lacks; with that key."""
    had, have = (Counter(key for each in several for key in _said(each)) for several in (was, now))
    fewer = {key for key, count in had.items() if have[key] < count}
    for each in now:
        names = _new_keys(place, each, new)
        for key in sorted(fewer - _said(each)) if names else ():
            yield key, names[0]


def _said(item: Mapping[str, Json]) -> set[str]:
    return {key for key, value in item.items() if value not in (None, "", [], {})}


def _objects(study: Mapping[str, Json]) -> dict[str, list[Mapping[str, Json]]]:
    """The objects of a document by place; those of a list share a place, which ends in []."""
    found: dict[str, list[Mapping[str, Json]]] = {}
    waiting: list[tuple[str, Json]] = [("", dict(study))]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, list):
            waiting += ((f"{place}[]", each) for each in value)
        elif isinstance(value, dict):
            found.setdefault(place, []).append(value)
            waiting += ((_path(place, key), each) for key, each in value.items())
    return found
