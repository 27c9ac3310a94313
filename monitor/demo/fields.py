"""The `fields` parameter of the registry's API: the parts of a study that a question asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from monitor.model.json import Json, JsonObject

_PROTOCOL = "protocolSection"
_PIECES = {
    "NCTId": "identificationModule.nctId",
    "NCTIdAlias": "identificationModule.nctIdAliases",
    "BriefTitle": "identificationModule.briefTitle",
    "OfficialTitle": "identificationModule.officialTitle",
    "Acronym": "identificationModule.acronym",
    "OverallStatus": "statusModule.overallStatus",
    "LastUpdatePostDate": "statusModule.lastUpdatePostDateStruct.date",
    "LeadSponsorName": "sponsorCollaboratorsModule.leadSponsor.name",
    "LeadSponsorClass": "sponsorCollaboratorsModule.leadSponsor.class",
    "StudyType": "designModule.studyType",
    "Phase": "designModule.phases",
    "EnrollmentCount": "designModule.enrollmentInfo.count",
}


class UnknownField(Exception):
    """A name that is no piece, module or path of a study."""


def pick(study: JsonObject, fields: str) -> JsonObject:
    """`study` cut down to `fields` (piece names, module names, dotted paths; all of it when none is named)."""
    names = [name for name in re.split(r"[,|]", fields) if name]
    if not names:
        return study
    picked: dict[str, Json] = {}
    for name in names:
        picked = _joined(picked, _cut(study, _path(name)))
    return picked


def _path(name: str) -> tuple[str, ...]:
    if name in _PIECES:
        return (_PROTOCOL, *_PIECES[name].split("."))
    if re.fullmatch(r"[A-Z][A-Za-z]+Module", name):
        return (_PROTOCOL, name[0].lower() + name[1:])
    if re.fullmatch(r"(protocol|results|document|derived|annotation)Section(\.\w+)*|hasResults", name):
        return tuple(name.split("."))
    raise UnknownField(f"Parameter `fields` contains unknown field: {name}")


def _cut(value: JsonObject, path: tuple[str, ...]) -> dict[str, Json]:
    """Just what lies at the end of `path`, in its place; empty where nothing lies there."""
    first, *rest = path
    inner = value.get(first)
    if inner is None:
        return {}
    if not rest:
        return {first: inner}
    return {first: _cut(inner, tuple(rest))} if isinstance(inner, Mapping) else {}


def _joined(left: Mapping[str, Json], right: Mapping[str, Json]) -> dict[str, Json]:
    joined = dict(left)
    for name, value in right.items():
        mine = joined.get(name)
        joined[name] = _joined(mine, value) if isinstance(mine, Mapping) and isinstance(value, Mapping) else value
    return joined
