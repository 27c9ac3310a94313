"""A record made again from its stored sections: the way back of `canonical.section_bytes`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import orjson

from monitor.model.record import SECTIONS, SourceName, TrialRecord


def record_of(
    sections: Mapping[str, bytes | None],
    *,
    source: SourceName,
    registry_id: str | None,
    url: str,
    unavailable: Mapping[str, str],
) -> TrialRecord:
    """A section that is None or not there is left empty: name it in `unavailable`."""
    kinds = _hints(TrialRecord)
    said = {name: orjson.loads(content) for name in SECTIONS if (content := sections.get(name)) is not None}
    made = {name: _made(kinds[name], value) for name, value in said.items()}
    return TrialRecord(source=source, registry_id=registry_id, url=url, unavailable=unavailable, **made)


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _made(kind: Any, value: Any) -> Any:  # noqa: ANN401 (a type hint, and the JSON it describes)
    """The value that this JSON states, in the type declared for it; what a release no longer knows is left out."""
    if value is None:
        return None
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _made(next(each for each in inner if each is not type(None)), value) if _is_optional(inner) else value
    if origin is tuple:
        return tuple(_made(inner[0], each) for each in value)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(
            **{each.name: _made(hints[each.name], value[each.name]) for each in fields(kind) if each.name in value}
        )
    return value


def _is_optional(inner: tuple[Any, ...]) -> bool:
    return len(inner) == 2 and type(None) in inner  # noqa: PLR2004 (a type and None)
