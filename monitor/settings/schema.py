"""The JSON Schema of the configuration, for editors that complete and check as one types."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args, get_origin, is_typeddict

from monitor.model.json import Json, JsonObject
from monitor.settings.document import About, Document
from monitor.settings.shape import keys_of

_DIALECT: Final = "http://json-schema.org/draft-07/schema#"  # the newest that editors for TOML understand
_PLAIN: Final = {str: "string", bool: "boolean", float: "number"}
_ONE_OF: Final = ("url", "url_env", "url_file")


def schema() -> JsonObject:
    """The schema as a JSON document, made from the same declaration as the reader."""
    return {"$schema": _DIALECT, "title": "Configuration of trial-monitor", **_of_type(Document)}


def _of_type(kind: Any) -> dict[str, Json]:  # noqa: ANN401 (a type hint of document.py)
    origin, args = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        return _of_table(kind)
    if origin is Literal:
        return {"enum": list(args)}
    if origin is list:
        return {"type": "array", "items": _of_type(args[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _of_type(args[1])}
    return {"type": _PLAIN[kind]}


def _of_table(table: Any) -> dict[str, Json]:  # noqa: ANN401 (any class of document.py)
    keys = keys_of(table)
    found: dict[str, Json] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {**_of_type(key.type), **_about(key.about)} for name, key in keys.items()},
    }
    if required := [name for name, key in keys.items() if key.required]:
        found["required"] = required
    if set(_ONE_OF) <= set(keys):
        found["oneOf"] = [{"required": [name]} for name in _ONE_OF]
    return found


def _about(about: About) -> dict[str, Json]:
    found: dict[str, Json] = {"description": about.text}
    if about.default is not None:
        found["default"] = about.default
    if about.example is not None:
        found["examples"] = [about.example]
    if about.pattern is not None:
        found["pattern"] = about.pattern
    return found
