"""A made-up trial in three versions, as the registry would give it; read and compared by what reads real ones."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Any, Final

import orjson

from monitor.diff.compare import compare
from monitor.diff.correction import Earlier
from monitor.model.change import Change
from monitor.model.reading import Body
from monitor.model.record import TrialRecord
from monitor.sources import normalise

NUMBER: Final = "NCT00000000"  # the registry gives numbers from 1 on
LABEL: Final = "Sample trial"
SEEN_BEFORE: Final = 2  # days from the change to its correction

_STUDY: Final[Mapping[str, Any]] = {
    "identificationModule": {"nctId": NUMBER, "briefTitle": "A Made-up Trial of a Made-up Medicine in a Rare Cancer"},
    "statusModule": {
        "overallStatus": "RECRUITING",
        "startDateStruct": {"date": "2025-03-03", "type": "ACTUAL"},
        "primaryCompletionDateStruct": {"date": "2026-09-02", "type": "ESTIMATED"},
        "completionDateStruct": {"date": "2027-12-01", "type": "ESTIMATED"},
        "lastUpdatePostDateStruct": {"date": "2026-02-02", "type": "ACTUAL"},
    },
    "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Example Sponsor", "class": "OTHER"}},
    "descriptionModule": {"briefSummary": "A made-up summary."},
    "conditionsModule": {"conditions": ["Rare Cancer"]},
    "designModule": {
        "studyType": "INTERVENTIONAL",
        "phases": ["PHASE2"],
        "enrollmentInfo": {"count": 120, "type": "ESTIMATED"},
    },
    "eligibilityModule": {
        "eligibilityCriteria": (
            "Inclusion Criteria:\n\n* Adults with a rare cancer\n* No more than two earlier treatments\n\n"
            "Exclusion Criteria:\n\n* History of pneumonitis that required corticosteroids\n* Pregnancy"
        ),
        "healthyVolunteers": False,
        "sex": "ALL",
        "minimumAge": "18 Years",
    },
    "contactsLocationsModule": {
        "centralContacts": [{"name": "Jane Example", "role": "CONTACT", "email": "jane@example.org"}],
        "locations": [{"facility": "Example Hospital", "city": "Utrecht", "country": "Netherlands"}],
    },
}


def _edited(study: Mapping[str, Any], edits: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    copy = deepcopy(dict(study))
    for (module, key), value in edits.items():
        copy[module][key] = value
    return copy


_CRITERIA: Final = str(_STUDY["eligibilityModule"]["eligibilityCriteria"])
_CHANGED: Final = _edited(
    _STUDY,
    {
        ("statusModule", "overallStatus"): "SUSPENDED",
        ("statusModule", "whyStopped"): "Slow accrual",
        ("statusModule", "primaryCompletionDateStruct"): {"date": "2027-10-29", "type": "ESTIMATED"},
        ("statusModule", "lastUpdatePostDateStruct"): {"date": "2026-02-19", "type": "ACTUAL"},
        ("designModule", "enrollmentInfo"): {"count": 90, "type": "ESTIMATED"},
        ("eligibilityModule", "eligibilityCriteria"): _CRITERIA.replace(
            "that required corticosteroids", "irrespective of steroid use"
        ),
        ("contactsLocationsModule", "centralContacts"): [],
    },
)
_CORRECTED: Final = _edited(
    _CHANGED,
    {
        ("statusModule", "primaryCompletionDateStruct"): {"date": "2026-09-02", "type": "ESTIMATED"},
        ("statusModule", "lastUpdatePostDateStruct"): {"date": "2026-02-21", "type": "ACTUAL"},
    },
)


@lru_cache(maxsize=1)
def records() -> tuple[TrialRecord, TrialRecord, TrialRecord]:
    """As first seen, changed, and with one change taken back."""
    first, second, third = (_read(study) for study in (_STUDY, _CHANGED, _CORRECTED))
    return first, second, third


def _read(study: Mapping[str, Any]) -> TrialRecord:
    return normalise("ctgov", Body(content=orjson.dumps({"protocolSection": study}), media_type="application/json"))


def changes() -> tuple[Change, ...]:
    """What the second version says otherwise than the first."""
    first, second, _ = records()
    return compare(first, second)


def corrections() -> tuple[Change, ...]:
    """What the third version takes back of that."""
    _, second, third = records()
    told = [Earlier(id=number, days=SEEN_BEFORE, change=change) for number, change in enumerate(changes(), start=1)]
    return compare(second, third, earlier=told)
