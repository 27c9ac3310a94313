"""The documents, results and references of a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.model.json import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    label: str | None = None
    type: str | None = None
    has_protocol: bool | None = None
    has_sap: bool | None = None
    has_icf: bool | None = None
    date: str | None = None
    upload_date: str | None = None
    filename: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    documents: tuple[Document, ...] = ()
    no_sap: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """`modules` holds the posted results by the registry's module names, with cleaned text; `annotations` likewise."""

    has_results: bool | None = None
    modules: Mapping[str, Json] = field(default_factory=dict)
    annotations: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    pmid: str | None = None
    type: str | None = None
    citation: str | None = None
    retractions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    label: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedData:
    id: str | None = None
    type: str | None = None
    url: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """Citations given by the sponsor, or found by the registry itself (type DERIVED)."""

    references: tuple[Reference, ...] = ()
    see_also: tuple[Link, ...] = ()
    shared_data: tuple[SharedData, ...] = ()
