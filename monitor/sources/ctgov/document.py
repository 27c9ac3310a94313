"""The study document in a body: bare, or the one study of a list answer."""

from __future__ import annotations

import orjson

from monitor.errors import NotARecord
from monitor.sources.ctgov.taking import JsonDict

_BOM = b"\xef\xbb\xbf"


def study_in(content: bytes) -> JsonDict:
    """The one study that a body holds. Raises NotARecord if it is no JSON, or holds none or several."""
    try:
        value = orjson.loads(content.removeprefix(_BOM))
    except orjson.JSONDecodeError as error:
        raise NotARecord((f"The body is not complete JSON ({_where(error, content)}).",)) from error
    if isinstance(value, dict) and "protocolSection" not in value and isinstance(value.get("studies"), list):
        value = value["studies"]
    if isinstance(value, list):
        value = _only(value)
    if not isinstance(value, dict):
        raise NotARecord(("The body is not a JSON object.",))
    return value


def _only(studies: list[object]) -> object:
    if len(studies) != 1:
        raise NotARecord((f"The list holds {len(studies)} studies where one is expected.",))
    return studies[0]


def _where(error: orjson.JSONDecodeError, content: bytes) -> str:
    if not content.strip():
        return "it is empty"
    return f"it breaks off or errs at character {error.pos + 1:,}"
