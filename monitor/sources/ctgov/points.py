"""The points on the map that a study document gives its sites. The registry computes them; no record holds them."""

from __future__ import annotations

from collections import defaultdict
from operator import attrgetter
from typing import TypeGuard

from monitor.errors import NotARecord
from monitor.model.json import Json
from monitor.model.place import TOWN, Point, Points, TownName
from monitor.sources.ctgov.document import study_in
from monitor.sources.ctgov.listings import site
from monitor.sources.ctgov.taking import Document

_town = attrgetter(*TOWN)
_NORTH, _EAST = 90, 180


def points_in(content: bytes) -> Points:
    """By the town of a site as its record spells it. Sites without a point, or with one that is none, are left out.

    Pure; a body that holds no study document has no points.
    """
    try:
        study = study_in(content)
    except NotARecord:
        return {}
    found: defaultdict[TownName, set[Point]] = defaultdict(set)
    module = Document().item(study, "").item("protocolSection").item("contactsLocationsModule")
    for item in module.items("locations"):
        point = _point(item.left.get("geoPoint"))
        if point:
            found[_town(site(item))].add(point)
    return {name: frozenset(points) for name, points in found.items()}


def _point(value: Json) -> Point | None:
    if not isinstance(value, dict):
        return None
    latitude, longitude = value.get("lat"), value.get("lon")
    if not _is_degree(latitude, _NORTH) or not _is_degree(longitude, _EAST):
        return None
    return Point(float(latitude), float(longitude))


def _is_degree(value: Json, most: int) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and -most <= value <= most
