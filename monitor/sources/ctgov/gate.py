"""Does a document prove to be the complete record of the trial asked for?"""

from __future__ import annotations

from collections.abc import Mapping

from monitor.errors import NotARecord
from monitor.model.json import Json

_MODULES = {
    "identificationModule": "identification",
    "statusModule": "status",
    "sponsorCollaboratorsModule": "sponsor",
    "descriptionModule": "description",
    "conditionsModule": "conditions",
    "designModule": "design",
    "eligibilityModule": "eligibility",
}
_FIELDS = (
    (("identificationModule", "nctId"), "The NCT number is missing."),
    (("identificationModule", "briefTitle"), "The brief title is missing."),
    (("statusModule", "overallStatus"), "The overall status is missing."),
    (("sponsorCollaboratorsModule", "leadSponsor", "name"), "The lead sponsor is missing."),
    (("designModule", "studyType"), "The study type is missing."),
)


def prove(study: Mapping[str, Json], asked: str | None = None) -> None:
    """Raise NotARecord, with all that is missing, unless this is a complete record, and that of the number `asked`.

    A record that lists the number asked for among its aliases is the one asked for.
    """
    protocol = study.get("protocolSection")
    if not isinstance(protocol, Mapping) or not protocol:
        raise NotARecord(("The protocol section is missing.",))
    reasons = [f"The {name} module is missing." for key, name in _MODULES.items() if not protocol.get(key)]
    reasons += [reason for path, reason in _FIELDS if protocol.get(path[0]) and not _said(protocol, path)]
    other = _another_trial(protocol, asked)
    if other:
        reasons.append(other)
    if reasons:
        raise NotARecord(reasons)


def number_of(study: Json) -> str | None:
    """The NCT number that a document claims as its own."""
    value = _at(study, ("protocolSection", "identificationModule", "nctId"))
    return value if isinstance(value, str) else None


def aliases_of(study: Json) -> tuple[str, ...]:
    """The older numbers that a document claims."""
    value = _at(study, ("protocolSection", "identificationModule", "nctIdAliases"))
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _said(protocol: Mapping[str, Json], path: tuple[str, ...]) -> bool:
    value = _at(protocol, path)
    return bool(value.strip()) if isinstance(value, str) else value not in (None, [], {})


def _at(value: Json, path: tuple[str, ...]) -> Json:
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def _another_trial(protocol: Mapping[str, Json], asked: str | None) -> str | None:
    study: Json = {"protocolSection": protocol}
    number = number_of(study)
    if asked is None or number is None or number == asked or asked in aliases_of(study):
        return None
    return f"The body is the record of {number[:20]}, not of {asked}."
