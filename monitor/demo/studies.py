"""What the recorded ClinicalTrials.gov answers to a request: a pure function of the studies of a day."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

import orjson

from monitor.demo.fields import UnknownField, pick
from monitor.demo.loopback import Reply
from monitor.model.json import JsonObject

API = "/api/v2"
PAGE_SIZE = 10
LARGEST_PAGE = 1000
_ID = re.compile(r"NCT(?!0{8})\d{8}", re.IGNORECASE)
_LIST_PARAMETERS = frozenset(
    {"filter.ids", "query.titles", "query.spons", "query.lead", "query.term", "fields", "pageSize", "pageToken"}
    | {"countTotal", "format", "markupFormat", "sort"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """All that the registry holds on one day: `studies` by NCT number, `aliases` from old numbers to present ones."""

    data_timestamp: str
    studies: Mapping[str, JsonObject]
    aliases: Mapping[str, str] = field(default_factory=dict)
    api_version: str = "2.0.5"


class _Refusal(Exception):
    """A question that the registry answers with 400 and the reason in plain text."""


def answer(registry: Registry, target: str) -> Reply:
    """The answer to GET `target` ("/api/v2/studies?filter.ids=...")."""
    split = urlsplit(target)
    parameters = {name: values[-1] for name, values in parse_qs(split.query, keep_blank_values=True).items()}
    try:
        if split.path == f"{API}/version":
            return _json({"apiVersion": registry.api_version, "dataTimestamp": registry.data_timestamp})
        if split.path == f"{API}/studies":
            return _json(_listing(registry, parameters))
        if split.path.startswith(f"{API}/studies/"):
            return _single(registry, unquote(split.path.removeprefix(f"{API}/studies/")), parameters)
    except (_Refusal, UnknownField) as refusal:
        return _plain(400, str(refusal))
    return Reply(status=404, headers={"Content-Type": "text/html"}, body=b"<html><body>Not Found</body></html>")


def _json(value: object) -> Reply:
    return Reply(headers={"Content-Type": "application/json"}, body=orjson.dumps(value))


def _plain(status: int, text: str) -> Reply:
    return Reply(status=status, headers={"Content-Type": "text/plain; charset=utf-8"}, body=text.encode())


def _single(registry: Registry, asked: str, parameters: Mapping[str, str]) -> Reply:
    if not _ID.fullmatch(asked):
        raise _Refusal(f"Parameter `nctId` has incorrect format: {asked}")
    number = asked.upper()
    if number in registry.aliases:
        location = f"{API}/studies/{registry.aliases[number]}"
        return Reply(status=301, headers={"Location": location, "Content-Type": "text/plain"})
    if number not in registry.studies:
        return _plain(404, f"NCT number {number} not found")
    return _json(pick(registry.studies[number], parameters.get("fields", "")))


def _listing(registry: Registry, parameters: Mapping[str, str]) -> dict[str, object]:
    if unknown := sorted(set(parameters) - _LIST_PARAMETERS):
        raise _Refusal(f"Unknown query parameter: {unknown[0]}")
    asked = _wanted(parameters)
    within = registry.studies if asked is None else {n: s for n, s in registry.studies.items() if n in asked}
    found = [study for study in within.values() if _fits(study, parameters)]
    size = _page_size(parameters.get("pageSize"))
    start = _page_start(parameters.get("pageToken"), registry.data_timestamp)
    page: dict[str, object] = {
        "studies": [pick(study, parameters.get("fields", "")) for study in found[start : start + size]]
    }
    if start + size < len(found):
        page["nextPageToken"] = _token(start + size, registry.data_timestamp)
    if parameters.get("countTotal") == "true":
        page["totalCount"] = len(found)
    return page


def _wanted(parameters: Mapping[str, str]) -> frozenset[str] | None:
    """The numbers asked for by `filter.ids`; one malformed number spoils the whole question."""
    if "filter.ids" not in parameters:
        return None
    numbers = [number.strip() for number in re.split(r"[,|]", parameters["filter.ids"])]
    if bad := [number for number in numbers if not _ID.fullmatch(number)]:
        raise _Refusal(f"Parameter `filter.ids` has incorrect format: {bad[0]}")
    return frozenset(number.upper() for number in numbers)


def _fits(study: JsonObject, parameters: Mapping[str, str]) -> bool:
    return all(_says(study, name, parameters[name]) for name in _SEARCHED if parameters.get(name))


_SEARCHED: Mapping[str, Sequence[tuple[str, ...]]] = {
    "query.titles": (
        ("identificationModule", "briefTitle"),
        ("identificationModule", "officialTitle"),
        ("identificationModule", "acronym"),
    ),
    "query.lead": (("sponsorCollaboratorsModule", "leadSponsor", "name"),),
    "query.spons": (("sponsorCollaboratorsModule", "leadSponsor", "name"),),
    "query.term": (("identificationModule", "briefTitle"), ("identificationModule", "nctId")),
}


def _says(study: JsonObject, name: str, query: str) -> bool:
    """True if one of the searched fields holds every word of `query`. Brackets outside quotation marks are syntax."""
    bare = re.sub(r'AREA\[\w+\]|"[^"]*"', " ", query)
    if re.search(r"[\[\]()]", bare):
        raise _Refusal(f"Parameter `{name}` has incorrect format: {query}")
    words = _words(re.sub(r"AREA\[\w+\]", " ", query))
    return any(words <= _words(text_at(study, path)) for path in _SEARCHED[name])


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def text_at(study: JsonObject, path: tuple[str, ...]) -> str:
    """The text at `path` below protocolSection; empty where there is none."""
    value: object = study.get("protocolSection")
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""


def with_aliases(study: JsonObject, older: Sequence[str]) -> JsonObject:
    """The study as the registry shows it once these older numbers were merged into it."""
    protocol = study.get("protocolSection")
    identification = protocol.get("identificationModule") if isinstance(protocol, Mapping) else None
    if not older or not isinstance(protocol, Mapping) or not isinstance(identification, Mapping):
        return study
    merged = {**protocol, "identificationModule": {**identification, "nctIdAliases": list(older)}}
    return {**study, "protocolSection": merged}


def _page_size(text: str | None) -> int:
    if text is None:
        return PAGE_SIZE
    if not text.isdecimal():
        raise _Refusal(f"Parameter `pageSize` has incorrect format: {text}")
    return min(int(text) or PAGE_SIZE, LARGEST_PAGE)


def _token(start: int, build: str) -> str:
    return base64.urlsafe_b64encode(f"{build}|{start}".encode()).decode()


def _page_start(token: str | None, build: str) -> int:
    """A page token dies with the build that it was made from."""
    if not token:
        return 0
    try:
        made_from, _, start = base64.urlsafe_b64decode(token.encode()).decode().rpartition("|")
    except ValueError as error:
        raise _Refusal("Parameter `pageToken` has incorrect format") from error
    if made_from != build or not start.isdecimal():
        raise _Refusal("Parameter `pageToken` has incorrect format")
    return int(start)
