"""A tree of posted results with the values that a change tells put in their places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from monitor.diff.leaves import item_names


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
