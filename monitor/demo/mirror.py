"""The text that the mirror shows for a record of the registry, in the shape of the recorded study pages.

ClinicalTrials.Veeva takes its pages from ClinicalTrials.gov. The demo has recorded registry records of trials whose
pages were not recorded, and draws their pages from those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from monitor.demo.pages import PAGE_ENDS_AT, TITLE_STANDS_AFTER
from monitor.model.json import Json, JsonObject

_STATUS = {
    "RECRUITING": "Enrolling",
    "NOT_YET_RECRUITING": "Not yet enrolling",
    "ACTIVE_NOT_RECRUITING": "Active, not enrolling",
    "ENROLLING_BY_INVITATION": "Enrolling by invitation",
}
_CRITERIA = re.compile(r"\s*Inclusion Criteria:(?P<inclusion>.*?)Exclusion Criteria:(?P<exclusion>.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)")
_ITEM = re.compile(r"^\* (?P<text>.+)$", re.MULTILINE)


def slug_of(title: str) -> str:
    """The last part of a page's address: the brief title in lower case with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def text_of_study(study: JsonObject) -> str:
    """What the page of an interventional study shows. Its criteria must be two flat lists of bullets."""
    protocol = _at(study, "protocolSection")
    modules = (
        _heading(protocol),
        *_short_facts(protocol),
        ("Details and patient eligibility",),
        *_description(protocol),
        *_eligibility(protocol),
        ("Trial design",),
        *_design(protocol),
        *_contacts(protocol),
        (PAGE_ENDS_AT, "Clinical trials"),
    )
    return "\n\n".join("\n".join(lines) for lines in modules if lines) + "\n"


def _at(value: JsonObject, *path: str) -> JsonObject:
    for step in path:
        inner = value.get(step)
        value = inner if isinstance(inner, Mapping) else {}
    return value


def _text(value: JsonObject, name: str) -> str:
    found = value.get(name)
    return "" if found is None else str(found)


def _list(value: JsonObject, name: str) -> Sequence[Json]:
    found = value.get(name)
    return found if isinstance(found, Sequence) and not isinstance(found, str) else ()


def _objects(value: JsonObject, name: str) -> Iterable[JsonObject]:
    return (item for item in _list(value, name) if isinstance(item, Mapping))


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _heading(protocol: JsonObject) -> tuple[str, ...]:
    title = _text(_at(protocol, "identificationModule"), "briefTitle")
    sponsor = _text(_at(protocol, "sponsorCollaboratorsModule", "leadSponsor"), "name")
    return ("ClinicalTrials.Veeva", TITLE_STANDS_AFTER, title, f"{sponsor} logo", sponsor)


def _short_facts(protocol: JsonObject) -> Iterable[tuple[str, ...]]:
    identification = _at(protocol, "identificationModule")
    design = _at(protocol, "designModule")
    sponsors = _at(protocol, "sponsorCollaboratorsModule")
    status = _text(_at(protocol, "statusModule"), "overallStatus")
    funders = [_at(sponsors, "leadSponsor"), *_objects(sponsors, "collaborators")]
    yield ("Status and phase", _STATUS.get(status, _words(status)), *_phases(design))
    yield ("Conditions", *map(str, _list(_at(protocol, "conditionsModule"), "conditions")))
    yield ("Treatments", *_treatments(protocol))
    yield ("Study type", _words(_text(design, "studyType")))
    yield ("Funder types", *dict.fromkeys(_words(_text(funder, "class")) for funder in funders))
    yield ("Identifiers", _text(identification, "nctId"), _text(_at(identification, "orgStudyIdInfo"), "id"))


def _phases(design: JsonObject) -> Iterable[str]:
    return (re.sub(r"(\d)", r" \1", str(phase).replace("_", " ").title()) for phase in _list(design, "phases"))


def _treatments(protocol: JsonObject) -> Iterable[str]:
    found = _objects(_at(protocol, "armsInterventionsModule"), "interventions")
    return (f"{_words(_text(one, 'type'))}: {_text(one, 'name')}" for one in found)


def _description(protocol: JsonObject) -> Iterable[tuple[str, ...]]:
    description = _at(protocol, "descriptionModule")
    yield ("About", _text(description, "briefSummary"))
    if detailed := _text(description, "detailedDescription"):
        yield ("Full description", detailed)


def _eligibility(protocol: JsonObject) -> Iterable[tuple[str, ...]]:
    eligibility = _at(protocol, "eligibilityModule")
    enrollment = _at(protocol, "designModule", "enrollmentInfo")
    planned = "estimated " if _text(enrollment, "type") == "ESTIMATED" else ""
    criteria = _CRITERIA.fullmatch(_text(eligibility, "eligibilityCriteria"))
    if criteria is None:
        raise ValueError("the criteria are not one list of inclusion and one of exclusion")
    yield ("Enrollment", f"{_text(enrollment, 'count')} {planned}patients")
    yield ("Sex", _words(_text(eligibility, "sex")))
    yield ("Ages", _ages(_text(eligibility, "minimumAge"), _text(eligibility, "maximumAge")))
    yield (
        "Volunteers",
        "Accepts Healthy Volunteers" if eligibility.get("healthyVolunteers") else "No Healthy Volunteers",
    )
    yield ("Inclusion criteria", *_items(criteria["inclusion"]))
    yield ("Exclusion criteria", *_items(criteria["exclusion"]))


def _ages(youngest: str, oldest: str) -> str:
    low, high = youngest.partition(" ")[0], oldest.partition(" ")[0]
    if low and high:
        return f"{low} to {high} years old"
    return f"{low}+ years old" if low else f"Under {high} years old"


def _items(markdown: str) -> Iterable[str]:
    return ("  * " + _ESCAPE.sub(r"\1", item["text"]) for item in _ITEM.finditer(markdown))


def _design(protocol: JsonObject) -> Iterable[tuple[str, ...]]:
    info = _at(protocol, "designModule", "designInfo")
    masking = _text(_at(info, "maskingInfo"), "masking")
    allocation = _text(info, "allocation")
    arms = list(_objects(_at(protocol, "armsInterventionsModule"), "armGroups"))
    count = _text(_at(protocol, "designModule", "enrollmentInfo"), "count")
    groups = "1 patient group" if len(arms) == 1 else f"{len(arms)} patient groups"
    yield ("Primary purpose", _words(_text(info, "primaryPurpose")))
    yield ("Allocation", "N/A" if allocation == "NA" else _words(allocation))
    yield ("Interventional model", f"{_words(_text(info, 'interventionModel')).title()} Assignment")
    yield ("Masking", "None (Open label)" if masking == "NONE" else _words(masking))
    yield (f"{count} participants in {groups}",)
    for arm in arms:
        described = ("Description:", _text(arm, "description"))
        treated = ("Treatment:", *map(str, _list(arm, "interventionNames")))
        yield (_text(arm, "label"), f"{_words(_text(arm, 'type'))} group", *described, *treated)


def _contacts(protocol: JsonObject) -> Iterable[tuple[str, ...]]:
    contacts = _at(protocol, "contactsLocationsModule")
    central = "; ".join(_text(one, "name") for one in _objects(contacts, "centralContacts"))
    yield ("Trial contacts and locations", str(len(_list(contacts, "locations"))), "Loading...")
    if central:
        yield ("Central trial contact", central)
