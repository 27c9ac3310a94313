"""The document as it came: which parts of it move with every build of the registry, and the hash of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import orjson

from monitor.model.json import Json


def raw_hash(study: Mapping[str, Json]) -> str:
    """The sha256 (hex) of the document without its volatile parts: two equal ones say the same.

    Left out: derivedSection, locations[].geoPoint and stdAges, which move with the registry's builds and state
    nothing of their own. Nothing is copied but the objects on the way to these.
    """
    kept = {key: value for key, value in study.items() if key != "derivedSection"}
    protocol = kept.get("protocolSection")
    if isinstance(protocol, dict):
        kept["protocolSection"] = _steady_protocol(protocol)
    return sha256(orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _steady_protocol(protocol: Mapping[str, Json]) -> Mapping[str, Json]:
    steady = dict(protocol)
    places = steady.get("contactsLocationsModule")
    if isinstance(places, dict) and isinstance(places.get("locations"), list):
        steady["contactsLocationsModule"] = {**places, "locations": _without_points(places["locations"])}
    ages = steady.get("eligibilityModule")
    if isinstance(ages, dict) and "stdAges" in ages:
        steady["eligibilityModule"] = {key: value for key, value in ages.items() if key != "stdAges"}
    return steady


def _without_points(locations: Json) -> Json:
    if not isinstance(locations, list):
        return locations
    return [
        {key: value for key, value in site.items() if key != "geoPoint"} if isinstance(site, dict) else site
        for site in locations
    ]
