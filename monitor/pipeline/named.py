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
    persons = {tuple(_told(each)): None for document in documents for each in entries(document)}
    return Named(persons=tuple(dict(each) for each in persons), companies=tuple(_companies(documents)))


def _told(entry: JsonObject) -> Iterator[tuple[str, Json]]:
    for key in _NAMED_BY:
        value = entry.get(key)
        if isinstance(value, str) and value:
            yield key, value


def _companies(documents: Iterable[Json]) -> Iterator[str]:
    """Sponsors that are no person."""
    for document in documents:
        lead = document.get("lead") if isinstance(document, Mapping) else None
        if isinstance(document, Mapping) and isinstance(lead, str) and document.get("lead_class") in _COMPANIES:
            yield lead
