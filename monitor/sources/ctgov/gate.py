"""Does a document prove to be the complete record of the trial asked for?"""

from __future__ import annotations

from collections.abc import Mapping

from monitor.errors import NotARecord
from monitor.model.json import Json
from monitor.sources.ctgov.identity import aliases_of, at, number_of

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
NO_PROTOCOL = "The protocol section is missing."
_SHOWN = 20  # characters of a number that is none


def prove(study: Mapping[str, Json], asked: str | None = None, *, complete: bool = True) -> None:
    """Raise NotARecord, with all that is missing, unless this is a complete record, and that of the number `asked`.

    Without `complete` (a person vouches for the body) only the identity is proved.

    A record that lists the number asked for among its aliases is the one asked for. The criteria text itself may be
    missing. Types are not looked at here: the normaliser does that.
    """
    protocol = study.get("protocolSection")
    if not protocol:
        raise NotARecord((NO_PROTOCOL,))
    reasons = _missing(protocol) if complete else []
    number = number_of(study)
    if asked is not None and number not in (None, asked) and asked not in aliases_of(study):
        reasons.append(f"The body is the record of {str(number)[:_SHOWN]}, not of {asked}.")
    if reasons:
        raise NotARecord(reasons)


def _missing(protocol: Json) -> list[str]:
    reasons = [f"The {name} module is missing." for key, name in _MODULES.items() if not at(protocol, key)]
    return reasons + [reason for path, reason in _FIELDS if at(protocol, path[0]) and not _says(at(protocol, *path))]


def _says(value: Json) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value not in (None, [], {})
