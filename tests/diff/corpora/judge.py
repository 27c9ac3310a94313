"""What must be told of two documents of API v2, computed from the documents alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from monitor.model.change import Change, change_json
from tests.diff.corpora.columns import plain

CATEGORIES = {
    "identificationModule": "identifiers",
    "identificationModule.organization": "sponsor",
    "statusModule.overallStatus": "status",
    "statusModule.lastKnownStatus": "status",
    "statusModule.whyStopped": "status",
    "statusModule.startDateStruct": "dates",
    "statusModule.primaryCompletionDateStruct": "dates",
    "statusModule.completionDateStruct": "dates",
    "statusModule.expandedAccessInfo": "administrative",
    "statusModule": "bookkeeping",
    "sponsorCollaboratorsModule": "sponsor",
    "oversightModule": "oversight",
    "descriptionModule": "description",
    "conditionsModule": "conditions",
    "designModule": "design",
    "designModule.enrollmentInfo": "enrollment",
    "armsInterventionsModule": "arms",
    "outcomesModule": "outcomes",
    "eligibilityModule": "criteria",
    "contactsLocationsModule": "contacts",
    "contactsLocationsModule.locations": "locations",
    "referencesModule": "references",
    "ipdSharingStatementModule": "sharing",
    "largeDocumentModule": "documents",
}
RECRUITING = ("RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE")
UNTOLD = ("eligibilityModule", "statusModule")  # criteria are cut into items; dates of the record are its own affair

Study: TypeAlias = dict[str, Any]


def said_of(value: Any, name: str = "") -> Any:
    """A value without what says nothing: white space, marks of a list, the order of its items."""
    if isinstance(value, dict):
        return {key: said_of(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted((said_of(inner) for inner in value), key=json.dumps)
    return re.findall(r"\w+", value) if name == "eligibilityCriteria" else plain(value)


def lost_with_the_trial(before: Study, after: Study) -> bool:
    """True if the trial stopped recruiting: what its sites state of it goes without a word."""
    statuses = [study["protocolSection"]["statusModule"].get("overallStatus") for study in (before, after)]
    return statuses[0] != statuses[1] and statuses[1] not in RECRUITING


def leaves(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    elif value is not None and not isinstance(value, bool):
        yield plain(value)


def categories(before: Study, after: Study) -> set[str]:
    """The categories in which the documents differ; the record's own dates count where nothing else does."""
    found = set()
    parts = [_modules(before), _modules(after)]
    if lost_with_the_trial(before, after):
        for study in parts:
            study["contactsLocationsModule"] = _without_states(study.get("contactsLocationsModule", {}))
    for module in {*parts[0], *parts[1]}:
        old, new = (said_of(part.get(module, {})) for part in parts)
        for name in {*old, *new}:
            if old.get(name) != new.get(name):
                found.add(CATEGORIES.get(f"{module}.{name}") or CATEGORIES[module])
    moved = found - {"bookkeeping"}
    return moved or ({"administrative"} if found else set())


def _modules(study: Study) -> Study:
    documents: Study = study.get("documentSection", {})
    protocol: Study = study["protocolSection"]
    return protocol | documents


def _without_states(module: Study) -> Study:
    stated = ("status", "contacts")
    sites = [{key: site[key] for key in site if key not in stated} for site in module.get("locations", ())]
    return module | {"locations": sites}


def texts(study: Study) -> set[str]:
    """Every text of a document that is told as it stands."""
    told = (module for name, module in _modules(study).items() if name not in UNTOLD)
    return {leaf for module in told for leaf in leaves(module)}


def shown(changes: Iterable[Change], side: str) -> set[str]:
    """Every text that changes show of one side, and what they list beside: sites, and texts that were edited alike."""
    lists = ("sites", "items", "outcomes", "now", "id")
    return {
        leaf
        for change in changes
        for value in (change_json(change)[side], *(change.detail.get(name) for name in lists))
        for leaf in leaves(value)
    }
