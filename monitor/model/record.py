"""One trial as one source states it at one moment, in the registry's own words.

Every section is a frozen dataclass whose field names are those of the outer JSON contract. A value is None (or an
empty tuple) where the source says nothing. A section (or a part of one) that the source did not show at all stands
in `TrialRecord.unavailable`, with the reason; it must never be read as empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias

from monitor.model.json import Json
from monitor.model.papers import Documents, References, Results
from monitor.model.people import Contacts, Locations
from monitor.model.sections import (
    Arms,
    Conditions,
    Dates,
    Description,
    Design,
    Eligibility,
    Enrollment,
    Identification,
    Outcomes,
    Oversight,
    Sharing,
    Sponsor,
    Status,
)

SourceName: TypeAlias = Literal["ctgov", "ctv"]

LATER = "loaded later"
"""Why a section is unavailable that the source itself says is still to come: nothing of it was lost."""


PRUNED = "pruned on"
"""How the reason begins why a section is unavailable that was there once, and was taken out of the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRecord:
    """One trial on one source.

    `url` is the public page of the record. `other` maps paths of the source that are not modelled to their values.
    `unavailable` maps section names to the reason why the source did not show them. `unknown` names words and
    modules never met before ("status.overall: PAUSED"), for the operator.
    """

    source: SourceName
    registry_id: str | None
    url: str
    identification: Identification = field(default_factory=Identification)
    status: Status = field(default_factory=Status)
    dates: Dates = field(default_factory=Dates)
    sponsor: Sponsor = field(default_factory=Sponsor)
    design: Design = field(default_factory=Design)
    enrollment: Enrollment = field(default_factory=Enrollment)
    conditions: Conditions = field(default_factory=Conditions)
    arms: Arms = field(default_factory=Arms)
    outcomes: Outcomes = field(default_factory=Outcomes)
    eligibility: Eligibility = field(default_factory=Eligibility)
    contacts: Contacts = field(default_factory=Contacts)
    locations: Locations = field(default_factory=Locations)
    description: Description = field(default_factory=Description)
    documents: Documents = field(default_factory=Documents)
    results: Results = field(default_factory=Results)
    references: References = field(default_factory=References)
    oversight: Oversight = field(default_factory=Oversight)
    sharing: Sharing = field(default_factory=Sharing)
    other: Mapping[str, Json] = field(default_factory=dict)
    unavailable: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


NOT_SECTIONS = ("source", "registry_id", "url", "unavailable", "unknown")
SECTIONS = tuple(f.name for f in fields(TrialRecord) if f.name not in NOT_SECTIONS)
