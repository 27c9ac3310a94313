"""Whom the records behind alerts name, as stored versions say: for channels in which no person may be named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import add

from monitor.model.alert import Alert
from monitor.model.json import Json, JsonObject
from monitor.model.message import Named
from monitor.store import sections
from monitor.store.transaction import Tx
from monitor.text.entries import entries

_NAMED_BY = ("name", "phone", "email")
_INDIVIDUAL = "INDIV"
_COMPANIES = frozenset({"INDUSTRY", "NIH", "FED", "OTHER_GOV", "NETWORK"})
"""The registry's classes of sponsors that are no person; "OTHER" may be one."""


def read_named(tx: Tx, told: Sequence[Alert]) -> Mapping[int, Named]:
    """By alert id: the persons of the versions that it tells of, or of all records where it is about no single one."""
    versions = {alert.id: sections.versions_named(tx, alert.record_id, _numbers(alert)) for alert in told}
    known = {number: _named(tx, number) for number in {each for several in versions.values() for each in several}}
    return {alert_id: reduce(add, (known[each] for each in several), Named()) for alert_id, several in versions.items()}


def _numbers(alert: Alert) -> tuple[int, ...]:
    return tuple(number for number in (alert.from_version, alert.to_version) if number is not None)


def _named(tx: Tx, version_id: int) -> Named:
    documents = list(sections.documents(tx, [version_id]))
    found = [*(each for document in documents for each in entries(document)), *_individuals(documents)]
    persons = {tuple(_told(each)): None for each in found}
    return Named(persons=tuple(dict(each) for each in persons), companies=tuple(_companies(documents)))


def _told(entry: JsonObject) -> Iterator[tuple[str, Json]]:
    for key in _NAMED_BY:
        value = entry.get(key)
        if isinstance(value, str) and value:
            yield key, value


def _sponsors(documents: Iterable[Json]) -> Iterator[tuple[str, Json]]:
    """Name and class of each agency."""
    for document in documents:
        if not isinstance(document, Mapping) or "lead_class" not in document:
            continue
        yield str(document.get("lead") or ""), document["lead_class"]
        for each in (document.get("organization"), *_list(document.get("collaborator_details"))):
            if isinstance(each, Mapping):
                yield str(each.get("name") or ""), each.get("agency_class")


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list | tuple) else ()


def _individuals(documents: Iterable[Json]) -> Iterator[JsonObject]:
    yield from ({"name": name} for name, kind in _sponsors(documents) if kind == _INDIVIDUAL)


def _companies(documents: Iterable[Json]) -> Iterator[str]:
    """Sponsors that are no person."""
    yield from (name for name, kind in _sponsors(documents) if kind in _COMPANIES)
