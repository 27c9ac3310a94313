"""Which changes a condition lets pass, at its edges."""

from __future__ import annotations

from math import cos, isclose, radians
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.diff.geography import country_key
from monitor.model.change import Category, Change
from monitor.model.place import Point
from monitor.route.conditions import Condition, parse_condition
from monitor.route.matching import EARTH_KM, NO_GROUND, Ground, kilometres, look, passes, shows
from tests.route.changes import change, changes, conditions, criterion, date, enrollment, site, sites

PARIS, LILLE, KEHL = Point(48.85341, 2.3488), Point(50.63391, 3.05512), Point(48.57297, 7.81523)
GROUND = Ground(
    points={
        ("Paris", None, "France"): frozenset({PARIS}),
        ("Lille", None, "France"): frozenset({LILLE}),
        ("Kehl", None, "Germany"): frozenset({KEHL}),
        ("Twice", None, "France"): frozenset({PARIS, KEHL}),
    },
    country=country_key,
)


def pass_(sentence: str, found: Change, ground: Ground = GROUND) -> bool:
    return passes(parse_condition(sentence), found, look(found, ground), ground)


def shown(sentence: str, found: Change) -> str:
    return shows(parse_condition(sentence), look(found, GROUND))


@pytest.mark.parametrize(
    ("old", "new", "percent", "people"),
    [
        (200, 220, True, True),
        (200, 219, False, False),
        (200, 180, True, True),
        (1000, 1020, False, True),
        (104, 114, False, False),  # 9.6 %, which rounds to 10
        (0, 1, True, False),
        (0, 0, False, False),
        (40, 40, False, False),  # a type alone
        (None, 7, True, True),
        (7, None, True, True),
        (True, 7, True, True),
        (40, 7, True, True),
    ],
)
def test_enrollment_is_measured_on_the_old_number(old: Any, new: Any, percent: bool, people: bool) -> None:  # noqa: FBT001 (a table)
    found = enrollment(old, new)
    assert pass_("enrollment changes by at least 10 %", found) is percent
    assert pass_("enrollment changes by at least 20 people", found) is people


def test_a_share_below_one_per_cent_is_exact() -> None:
    assert pass_("enrollment changes by at least 0.1 %", enrollment(1000, 1001))
    assert not pass_("enrollment changes by at least 0.1001 %", enrollment(1000, 1001))


@pytest.mark.parametrize(
    ("days", "slips", "moves"),
    [
        (30, True, True),
        (29, False, False),
        (-30, False, True),
        (-29, False, False),
        (0, False, False),
        (None, True, True),
    ],
)
def test_a_date_slips_when_it_is_later_and_moves_either_way(days: int | None, slips: bool, moves: bool) -> None:  # noqa: FBT001 (a table)
    assert pass_("a date slips at least 30 days", date("completion", days)) is slips
    assert pass_("a date moves at least 30 days", date("completion", days)) is moves


def test_a_condition_on_one_date_leaves_the_others_alone() -> None:
    sentence = "primary completion slips at least 60 days"
    assert not pass_(sentence, date("primary_completion", 59))
    assert pass_(sentence, date("completion", 1))
    assert pass_(sentence, date("start", -1))
    bookkeeping = change(Category.ADMINISTRATIVE, path="dates", detail={"days": 1})
    assert pass_("a date slips at least 30 days", bookkeeping)


def test_a_site_counts_by_its_country_before_or_after() -> None:
    spain, france = site("Madrid", "Spain"), site("Paris", "France")
    assert pass_("sites in france", sites((None, spain), (None, france)))
    assert pass_("sites in FRANCE", sites((france, None)))
    assert pass_("sites in France", sites((france, spain)))
    assert not pass_("sites in France, Germany", sites((spain, spain)))
    assert pass_("sites in France", sites((spain, None), (None, site("x", None))))


def test_a_country_counts_under_each_of_its_names() -> None:
    assert pass_("sites in Korea, Republic of", sites((None, site("Seoul", "South Korea"))))
    assert pass_("sites in South Korea", sites((None, site("Seoul", "Korea, Republic of"))))
    assert pass_("sites in Turkey", sites((None, site("Izmir", "Turkey (Türkiye)"))))
    assert not pass_("sites in Korea, Republic of", sites((None, site("Pyongyang", "North Korea"))))
    assert pass_("sites in south  korea", sites((None, site("Seoul", "South Korea"))), NO_GROUND)


def test_a_site_counts_by_its_distance() -> None:
    near = "sites within 205 km of 48.8566, 2.3522"
    lille, kehl, paris = site("Lille", "France"), site("Kehl", "Germany"), site("Paris", "France")
    assert pass_(near, sites((None, lille)))  # 204 km
    assert not pass_("sites within 200 km of 48.8566, 2.3522", sites((None, lille)))
    assert pass_("sites within 127 miles of 48.8566, 2.3522", sites((None, lille)))
    assert not pass_("sites within 126 miles of 48.8566, 2.3522", sites((None, lille)))
    assert not pass_(near, sites((kehl, kehl)))
    assert pass_(near, sites((paris, kehl)))
    assert pass_(near, sites((kehl, kehl), (None, paris)))
    assert pass_(near, sites((None, site("Twice", "France"))))


def test_a_site_whose_place_is_unknown_passes_and_is_counted() -> None:
    near = "sites within 10 km of 0, 0"
    found = sites((site("Kehl", "Germany"), None), (None, site("Nowhere", "Germany")))
    assert pass_(near, found)
    assert shown(near, found) == "the place of 1 of 2 sites is not known"
    assert pass_(near, sites((None, site("Kehl", "Germany"))), NO_GROUND)
    assert pass_(near, change(Category.LOCATIONS, path="locations.count", before=3, after=4))


def test_criteria_mention_whole_words_whatever_stands_between_them() -> None:
    sentence = "criteria mention pneumonitis, CAR-T, é-test"
    for text in ("Prior PNEUMONITIS.", "CAR T-cell therapy", "anti-CD19 car‑t", "an E\u0301 test", "(CAR-T)"):
        assert pass_(sentence, criterion(None, text)), text
        assert pass_(sentence, criterion(text, None)), text
    for text in ("pneumonitides", "CAR-Ts", "scar t", "CART", "car", "", "t car"):
        assert not pass_(sentence, criterion(text, text)), text
    assert pass_(sentence, change(Category.OUTCOMES, after="no such word"))
    assert pass_(sentence, change(Category.CRITERIA, before=None, after={"a": ["x", {"b": "pneumonitis"}]}))
    assert not pass_(sentence, change(Category.CRITERIA, before="18 Years", after=None))


def test_what_a_condition_saw_is_said() -> None:
    assert shown("enrollment changes by at least 50 %", enrollment(300, 420)) == "changed by 120 people, 40.0 %"
    assert shown("enrollment changes by at least 50 %", enrollment(0, 42)) == "changed by 42 people"
    assert shown("a date slips at least 9 days", date("start", -3)) == "moved 3 days earlier"
    assert shown("a date slips at least 9 days", date("start", 1)) == "moved 1 day later"
    assert shown("a date slips at least 9 days", date("start", 0)) == "kept its day"
    assert shown("a date slips at least 9 days", date("start", None)) == "there is nothing to measure"
    assert shown("sites in Spain", sites((None, site("Kehl", "Germany")))) == "lists sites in Germany"
    told = shown("sites within 9 km of 48.8566, 2.3522", sites((None, site("Lille", "France"))))
    assert told == "lists sites of which the nearest is 204.0 km away"
    assert shown("criteria mention x, y", criterion("y", None)) == "mentions y"
    assert shown("criteria mention x", criterion("y", None)) == "mentions none of that"


@given(conditions, changes)
def test_what_a_condition_is_not_about_passes_and_nothing_breaks_it(condition: Condition, found: Change) -> None:
    seen = look(found, GROUND)
    assert passes(condition, found, seen, GROUND) or condition.concerns(found)
    assert passes(condition, found, None, GROUND)
    assert shows(condition, seen)


@given(st.integers(1, 500), st.integers(0, 500), st.integers(1, 200))
def test_what_passes_a_limit_passes_a_lower_one(old: int, new: int, least: int) -> None:
    found = enrollment(old, new)
    higher, lower = (f"enrollment changes by at least {n} %" for n in (least + 1, least))
    assert pass_(lower, found) or not pass_(higher, found)


DEGREES = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@given(DEGREES, DEGREES, DEGREES)
def test_distances_are_those_of_a_ball(one: Point, other: Point, third: Point) -> None:
    way = kilometres(one, other)
    assert 0 <= way <= EARTH_KM * 3.1416
    assert isclose(way, kilometres(other, one), abs_tol=1e-6)
    assert way <= kilometres(one, third) + kilometres(third, other) + 1e-3
    assert kilometres(one, one) == 0


@given(st.floats(-89, 89), st.floats(-179, 179))
def test_a_degree_is_as_long_as_it_is(latitude: float, longitude: float) -> None:
    here, degree = Point(latitude, longitude), radians(1) * EARTH_KM
    assert isclose(kilometres(here, Point(latitude + 1, longitude)), degree, rel_tol=1e-6)
    east = kilometres(here, Point(latitude, longitude + 1))
    assert isclose(east, degree * cos(radians(latitude)), rel_tol=1e-4)
