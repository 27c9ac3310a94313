"""A study page drawn from a registry's document, in the words and the order of the recorded pages."""

from __future__ import annotations

import re
from typing import Any, Final

from tests.planted.plot import odd
from tests.sources_ctv.skins import LABELS, Content

_MOST_ITEMS: Final = 12
_LONGEST: Final = 600  # characters of a paragraph
_NOTHING: Final = "Not provided"
_GROUPS: Final = "20 participants in 1 patient group"
_STATUS: Final = {
    "RECRUITING": "Enrolling",
    "NOT_YET_RECRUITING": "Not yet enrolling",
    "ACTIVE_NOT_RECRUITING": "Active, not enrolling",
    "COMPLETED": "Completed",
    "TERMINATED": "Terminated",
    "WITHDRAWN": "Withdrawn",
}
_CRITERIA: Final = re.compile(
    r"\s*Inclusion Criteria:\s*(?P<inclusion>(?:\* .+\n+)+)"
    r"\s*Exclusion Criteria:\s*(?P<exclusion>(?:\* .+(?:\n+|\Z))+)",
    re.IGNORECASE,
)
_ESCAPE: Final = re.compile(r"\\(.)")


def content_of_study(study: dict[str, Any]) -> Content | None:
    """What a page would show; None where a section would be empty, or the criteria are not two plain lists.

    A page says "Not provided" where the document has no detailed description or contact: the skins need every section.
    """
    protocol = study["protocolSection"]
    people = protocol["eligibilityModule"]
    criteria = _CRITERIA.fullmatch(people.get("eligibilityCriteria", ""))
    if not criteria or protocol["designModule"].get("studyType") != "INTERVENTIONAL" or odd(people):
        return None
    facts = {**_heads(protocol), **_who(protocol), **_how(protocol)}
    facts["Inclusion criteria"], facts["Exclusion criteria"] = (_items(criteria[n]) for n in ("inclusion", "exclusion"))
    if not all(facts.get(label) and all(facts[label]) for label in LABELS):
        return None
    sponsor = _line(protocol["sponsorCollaboratorsModule"]["leadSponsor"]["name"])
    return Content(_line(protocol["identificationModule"]["briefTitle"]), f"{sponsor} logo", sponsor, facts)


def _line(text: object) -> str:
    """One line of a page: no Markdown escapes, no breaks, not too long."""
    return " ".join(_ESCAPE.sub(r"\1", str(text)).split())[:_LONGEST].strip()


def _items(listed: str) -> list[str]:
    return [_line(each[2:]) for each in listed.splitlines() if each.strip()][:_MOST_ITEMS]


def _words(code: Any) -> str:
    return str(code or "").replace("_", " ").capitalize()


def _heads(protocol: dict[str, Any]) -> dict[str, list[str]]:
    who, how = protocol["identificationModule"], protocol["designModule"]
    phases = [re.sub(r"(\d)", r" \1", phase.replace("_", " ").title()) for phase in how.get("phases", ())]
    treatments = protocol.get("armsInterventionsModule", {}).get("interventions", ())
    status = protocol["statusModule"]["overallStatus"]
    return {
        "Status and phase": [_STATUS.get(status, _words(status)), *(phase for phase in phases if phase != "Na")],
        "Conditions": [_line(each) for each in protocol["conditionsModule"].get("conditions", ())],
        "Treatments": [f"{_words(one.get('type'))}: {_line(one['name'])}" for one in treatments],
        "Study type": ["Interventional"],
        "Funder types": [_words(protocol["sponsorCollaboratorsModule"]["leadSponsor"].get("class"))],
        "Identifiers": [_line(who.get("orgStudyIdInfo", {}).get("id") or "None"), who["nctId"]],
        "About": [_line(protocol["descriptionModule"].get("briefSummary", ""))],
        "Full description": [_line(protocol["descriptionModule"].get("detailedDescription", _NOTHING))],
    }


def _who(protocol: dict[str, Any]) -> dict[str, list[str]]:
    people, planned = protocol["eligibilityModule"], protocol["designModule"].get("enrollmentInfo", {})
    kind = "actual" if planned.get("type") == "ACTUAL" else "estimated"
    low, high = (str(people.get(key, "")).partition(" ")[0] for key in ("minimumAge", "maximumAge"))
    ages = f"{low} to {high} years old" if low and high else f"{low}+ years old" if low else "All ages"
    return {
        "Enrollment": [f"{planned['count']} {kind} patients"] if "count" in planned else [],
        "Sex": [_words(people.get("sex"))],
        "Ages": [ages],
        "Volunteers": ["Accepts Healthy Volunteers" if people.get("healthyVolunteers") else "No Healthy Volunteers"],
    }


def _how(protocol: dict[str, Any]) -> dict[str, list[str]]:
    info = protocol["designModule"].get("designInfo", {})
    masking = info.get("maskingInfo", {}).get("masking")
    arms = protocol.get("armsInterventionsModule", {}).get("armGroups") or [{}]
    places = protocol.get("contactsLocationsModule", {})
    treatments = [_line(each) for each in arms[0].get("interventionNames", ())]
    contacts = [_line(each.get("name", "")) for each in places.get("centralContacts", ())]
    return {
        "Primary purpose": [_words(info.get("primaryPurpose"))],
        "Allocation": ["N/A" if info.get("allocation", "NA") == "NA" else _words(info.get("allocation") or "NA")],
        "Interventional model": [f"{_words(info.get('interventionModel')).title()} Assignment"],
        "Masking": ["None (Open label)" if masking == "NONE" else _words(masking)],
        _GROUPS: [
            *(_line(arms[0].get("label", "")), f"{_words(arms[0].get('type'))} group", "Description:"),
            *(_line(arms[0].get("description", _NOTHING)), "Treatment:", *treatments),
        ],
        "Trial contacts and locations": [str(len(places.get("locations", ()))), "Loading..."],
        "Central trial contact": ["; ".join(contacts) or _NOTHING],
    }
