"""Study documents made of the few columns that a table of trials keeps, and what must be told of two of its rows."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Any, TypeAlias

Row: TypeAlias = Mapping[str, Any]

_LISTS = ("Conditions", "Interventions", "PrimaryEndpoints", "Phase")
_TOLD_AT = {
    "BriefTitle": "identification.brief_title",
    "OverallStatus": "status.overall",
    "Phase": "design.phases",
    "Conditions": "conditions.conditions",
    "Interventions": "arms.interventions",
    "EnrollmentCount": "enrollment",
    "EnrollmentType": "enrollment",
    "BriefSummary": "description.brief_summary",
    "LeadSponsor": "sponsor.lead",
    "LeadSponsorClass": "sponsor.lead_class",
    "MinAge": "eligibility.minimum_age",
    "MaxAge": "eligibility.maximum_age",
    "StartDate": "dates.start",
    "PrimaryCompletionDate": "dates.primary_completion",
    "PrimaryCompletionType": "dates.primary_completion",
    "CompletionDate": "dates.completion",
    "PrimaryEndpoints": "outcomes.primary",
    "sites": "locations.sites",
}


def study_of(row: Row) -> dict[str, Any]:
    """A document of API v2 with what the row states, and nothing else."""
    protocol = {
        "identificationModule": _said(nctId=row.get("NCTId"), briefTitle=row.get("BriefTitle")),
        "statusModule": _status(row),
        "sponsorCollaboratorsModule": _said(
            leadSponsor=_said(name=row.get("LeadSponsor"), **{"class": row.get("LeadSponsorClass")})
        ),
        "descriptionModule": _said(briefSummary=row.get("BriefSummary")),
        "conditionsModule": _said(conditions=listed(row.get("Conditions"))),
        "designModule": _said(
            phases=listed(row.get("Phase")),
            enrollmentInfo=_said(count=_number(row.get("EnrollmentCount")), type=row.get("EnrollmentType")),
        ),
        "armsInterventionsModule": _said(interventions=[{"name": name} for name in listed(row.get("Interventions"))]),
        "outcomesModule": _said(primaryOutcomes=[{"measure": text} for text in listed(row.get("PrimaryEndpoints"))]),
        "eligibilityModule": _said(minimumAge=row.get("MinAge"), maximumAge=row.get("MaxAge")),
        "contactsLocationsModule": _said(locations=[_site(site) for site in row.get("sites") or ()]),
    }
    return {"protocolSection": {name: module for name, module in protocol.items() if module}}


def differing(before: Row, after: Row) -> set[str]:
    """The paths at which the columns of two rows differ, sites aside; the order of a list is nothing."""
    return {path for name, path in _TOLD_AT.items() if name != "sites" and _value(name, before) != _value(name, after)}


def plain(text: object) -> str:
    """The text on one line in the registry's own letters."""
    return " ".join(unicodedata.normalize("NFC", str(text or "")).replace("\\", "").split())


def listed(value: str | list[str] | None) -> list[str]:
    """The items of a column that holds several."""
    return value if isinstance(value, list) else [item for item in (value or "").split("|") if item.strip()]


def _value(name: str, row: Row) -> object:
    if name in _LISTS:
        return Counter(map(plain, listed(row.get(name))))
    return _number(row.get(name)) if name == "EnrollmentCount" else plain(row.get(name))


def _said(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _number(value: Any) -> int | None:
    return None if value in (None, "") else int(float(value))


def _status(row: Row) -> dict[str, Any]:
    return _said(
        overallStatus=row.get("OverallStatus"),
        startDateStruct=_said(date=row.get("StartDate")),
        primaryCompletionDateStruct=_said(date=row.get("PrimaryCompletionDate"), type=row.get("PrimaryCompletionType")),
        completionDateStruct=_said(date=row.get("CompletionDate")),
        lastUpdatePostDateStruct=_said(date=row.get("LastUpdatePostDate"), type="ACTUAL"),
    )


def _site(site: Row) -> dict[str, Any]:
    names = ("facility", "city", "state", "zip", "country")
    return _said(status=site.get("SiteStatus"), **{name: site.get(name.capitalize()) for name in names})
