"""Where a site is on the map, which the records that are compared leave out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

PLACE: Final = ("facility", "city", "state", "zip", "country")
"""The fields of a site that say where it is, in the order of a PlaceName."""

PlaceName: TypeAlias = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees: `latitude` -90 to 90, north positive; `longitude` -180 to 180, east positive."""

    latitude: float
    longitude: float


Points: TypeAlias = Mapping[PlaceName, frozenset[Point]]
"""The points of sites by their PLACE fields, as the record spells them; several where two sites are named alike."""
