"""Where a site is on the map, which the records that are compared leave out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

TOWN: Final = ("city", "state", "country")
"""The fields of a site that name its town, in the order of a TownName. The registry's points are those of towns."""

TownName: TypeAlias = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees: `latitude` -90 to 90, north positive; `longitude` -180 to 180, east positive."""

    latitude: float
    longitude: float


Points: TypeAlias = Mapping[TownName, frozenset[Point]]
"""The points of towns by the TOWN fields of their sites, as the record spells them; several where two bear one name."""
