"""The points on the map that a study document gives its sites."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import sources
from monitor.model.place import Point
from monitor.model.reading import Body
from monitor.sources.ctgov.points import points_in


def study(*locations: Any) -> bytes:
    return orjson.dumps({"protocolSection": {"contactsLocationsModule": {"locations": locations}}})


def test_points_are_found_under_the_towns_that_the_record_spells() -> None:
    found = points_in(
        study(
            {
                "facility": "A",
                "city": " Paris\u00a0",
                "country": "France",
                "geoPoint": {"lat": 48.85341, "lon": 2.3488},
            },
            {"facility": "B", "city": "Paris", "country": "France", "geoPoint": {"lat": 48.85341, "lon": 2.3488}},
            {"city": "Paris", "state": "Texas", "country": "United States", "geoPoint": {"lat": 33.66, "lon": -95}},
            {"city": "Haerbin", "country": "China"},
        )
    )
    assert found == {
        ("Paris", None, "France"): {Point(48.85341, 2.3488)},
        ("Paris", "Texas", "United States"): {Point(33.66, -95.0)},
    }


def test_two_towns_of_one_name_keep_both_points() -> None:
    town = {"city": "Springfield", "country": "United States"}
    found = points_in(study({**town, "geoPoint": {"lat": 1, "lon": 2}}, {**town, "geoPoint": {"lat": 3, "lon": 4}}))
    assert found == {("Springfield", None, "United States"): {Point(1.0, 2.0), Point(3.0, 4.0)}}


NO_POINTS: tuple[Any, ...] = (
    None,
    [],
    "48, 2",
    {},
    {"lat": 1},
    {"lat": "1", "lon": 2},
    {"lat": True, "lon": 2},
    {"lat": None, "lon": 2},
)
OUTSIDE = ({"lat": 91, "lon": 2}, {"lat": 1, "lon": -180.5})


@pytest.mark.parametrize("point", [*NO_POINTS, *OUTSIDE])
def test_what_is_no_point_is_left_out(point: Any) -> None:
    assert points_in(study({"city": "Paris", "country": "France", "geoPoint": point})) == {}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"3", b"<html>", b"{}", study(), study(3, None), study([])])
def test_a_body_without_sites_has_no_points(body: bytes) -> None:
    assert points_in(body) == {}


def tables(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = ("protocolSection", "contactsLocationsModule", "locations", "geoPoint", "lat", "lon", "city")
    return st.dictionaries(st.sampled_from(keys), inner)


DOCUMENTS = st.recursive(
    st.none() | st.integers(-200, 200) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | tables(inner),
)


@given(DOCUMENTS)
def test_no_document_breaks_the_reading(document: Any) -> None:
    points_in(orjson.dumps(document))


def test_the_record_itself_still_has_no_points() -> None:
    site = {"city": "Paris", "country": "France", "geoPoint": {"lat": 48.85, "lon": 2.35}}
    record = sources.normalise("ctgov", Body(content=study(site), media_type="application/json"), complete=False)
    assert record.other == {}
    assert "48.85" not in str(record)
