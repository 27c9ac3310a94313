"""Signs of a changed source: a section or field lost, or the same step of a field, without an update."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from monitor.diff.signs import signs_of
from monitor.model.people import Contact, Contacts, Locations, Site
from monitor.model.record import LATER
from monitor.model.sections import (
    Conditions,
    Criterion,
    Dates,
    Design,
    Eligibility,
    Identification,
    Oversight,
    Sharing,
    Sponsor,
    Status,
    StudyDate,
)
from tests.diff.conftest import Make

SITES = tuple(Site(facility=name, city="Rome") for name in "ABC")
ANN = Contact(name="Ann Lee", phone="1")


def keys(before: Any, after: Any, **options: Any) -> set[str]:
    """Losses by path, steps as "path: before > after"."""
    found = signs_of(before, after, **options)
    return {f"{s.path}: {s.before} > {s.after}" if s.step else s.path for s in found}


@pytest.mark.parametrize(
    ("section", "before", "after", "expected"),
    [
        ("oversight", Oversight(has_dmc=True), Oversight(), {"oversight", "oversight.has_dmc"}),
        ("oversight", Oversight(has_dmc=True, us_export=False), Oversight(us_export=False), {"oversight.has_dmc"}),
        ("oversight", Oversight(), Oversight(has_dmc=True), {"oversight.has_dmc: None > true"}),
        ("design", Design(masking="NONE"), Design(masking="DOUBLE"), {"design.masking: NONE > DOUBLE"}),
        ("contacts", Contacts(central=(ANN,)), Contacts(), {"contacts", "contacts.central"}),
        ("contacts", Contacts(central=(ANN, ANN)), Contacts(central=(ANN,)), set()),
        ("conditions", Conditions(conditions=("A", "B")), Conditions(conditions=("C",)), set()),
        ("locations", Locations(count=3, sites=SITES), Locations(count=2, sites=SITES[1:]), set()),
        ("locations", Locations(count=3, sites=SITES), Locations(count=0), {"locations", "locations.sites"}),
        ("sharing", Sharing(plan="NO", url="a"), Sharing(plan="YES"), {"sharing.url", "sharing.plan: NO > YES"}),
        ("sponsor", Sponsor(lead="A  Company"), Sponsor(lead="A Company"), set()),
        ("identification", Identification(acronym="A"), Identification(acronym="B"), {"identification.acronym: A > B"}),
        (
            "eligibility",
            Eligibility(raw="* A\n* B", inclusion=(Criterion(text="A"),)),
            Eligibility(raw="A", inclusion=(Criterion(text="A"),)),
            set(),
        ),
        ("other", {"a.b": {"c": 1}, "x[].y": [1]}, {}, {"other", "other.a", "other.a.b", "other.a.b.c"}),
    ],
)
def test_what_is_a_sign(make: Make, section: str, before: Any, after: Any, expected: set[str]) -> None:
    assert keys(make(**{section: before}), make(**{section: after})) == expected


def test_a_date_of_the_trial_is_a_field_with_fields(make: Make) -> None:
    posted = StudyDate(date="2026-02-01", type="ACTUAL")
    old = make(dates=Dates(last_update_posted=posted, start=StudyDate(date="2026-01-01", type="ESTIMATED")))
    new = make(dates=Dates(last_update_posted=posted, start=StudyDate(date="2026-01-01")))
    assert keys(old, new) == {"dates.start.type"}


@pytest.mark.parametrize(
    ("old", "new", "updated"),
    [
        ("2026-02-01", "2026-02-02", True),
        ("2026-02-02", "2026-02-01", True),
        ("2026-02-01", "2026-02-01", False),
        (None, "2026-02-01", False),
        ("2026-02-01", None, False),
        (None, None, False),
    ],
)
def test_a_new_update_date_ends_all_signs_and_one_that_comes_or_goes_does_not(
    make: Make, old: str | None, new: str | None, updated: Literal[True, False]
) -> None:
    before, after = (Dates(last_update_submitted=StudyDate(date=day)) if day else Dates() for day in (old, new))
    found = signs_of(make(dates=before, design=Design(masking="NONE")), make(dates=after))
    assert ("design" in {sign.path for sign in found}) is not updated


def test_a_status_that_becomes_unknown_takes_its_contacts_along_and_nothing_else(make: Make) -> None:
    old = make(
        status=Status(overall="RECRUITING"), contacts=Contacts(central=(ANN,)), oversight=Oversight(has_dmc=True)
    )
    new = make(status=Status(overall="UNKNOWN", last_known="RECRUITING"))
    assert keys(old, new) == {"oversight", "oversight.has_dmc"}
    assert keys(new, old) >= {"status.overall: UNKNOWN > RECRUITING", "status.last_known"}


@pytest.mark.parametrize(
    ("was", "now", "carried", "expected"),
    [
        ({}, {"arms": "not shown"}, (), {"arms"}),
        ({}, {"arms": LATER}, (), set()),
        ({"arms": LATER}, {"arms": "not shown"}, (), {"arms"}),
        ({"arms": "not shown"}, {"arms": "not shown"}, (), set()),
        ({}, {"arms": "not shown"}, ("arms",), set()),
        ({"arms": "not shown"}, {}, (), set()),
    ],
)
def test_a_section_that_is_no_longer_shown_is_lost_unless_it_is_still_to_come(
    make: Make, was: dict[str, str], now: dict[str, str], carried: tuple[str, ...], expected: set[str]
) -> None:
    assert keys(make(unavailable=was), make(unavailable=now), carried=carried) == expected


def test_long_and_unlike_values_have_keys_of_their_own_and_are_shown_cut(make: Make) -> None:
    texts = ["a " * 200 + end for end in ("x", "y")]
    signs = [signs_of(make(sponsor=Sponsor(lead="A")), make(sponsor=Sponsor(lead=text))) for text in texts]
    (one,), (other,) = signs
    assert (one.before, one.after) == (other.before, other.after)
    assert len(str(one.after)) == 60
    assert one.key != other.key
