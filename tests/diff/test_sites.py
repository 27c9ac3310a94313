"""Where the trial runs: by identity, one change for each kind of event."""

from __future__ import annotations

from typing import Any

from monitor.diff.compare import compare
from monitor.model.change import Cause, Change, Severity
from monitor.model.people import Contact, Locations, Site
from monitor.model.sections import Status
from tests.diff.conftest import Make, Told, detail_of

OPEN = Status(overall="RECRUITING")
ANN = Contact(name="Ann Lee", role="CONTACT", phone="555-1", email="ann@example.org")
ROME = Site(facility="Policlinico", city="Rome", zip="00161", country="Italy", status="RECRUITING", contacts=(ANN,))


def sites(*listed: Site) -> Locations:
    return Locations(count=len(listed), sites=listed)


def site(**fields: Any) -> Site:
    return Site(**({"facility": "Clinic", "city": "Lyon", "zip": "69000", "country": "France"} | fields))


def test_a_facility_spelled_anew_neither_opens_nor_closes(told: Told) -> None:
    before = sites(ROME, site(facility='Hă"Pital Foch', city="Suresnes", zip="92150"))
    after = sites(site(facility="Hôpital Foch", city="Suresnes", zip="92150"), ROME)
    (change,) = told("locations", before, after)
    assert (change.severity, change.detail["event"]) == (Severity.ADMINISTRATIVE, "sites.respelled")


def test_sites_that_opened_are_one_change_by_country(told: Told) -> None:
    new = [site(facility=f"Clinic {n}", city=f"Town {n}", zip=f"{n}", country=c) for n, c in enumerate("ABCDEFG")]
    (change,) = told("locations", sites(ROME), sites(ROME, *new), status=OPEN)
    assert change.sentence == (
        "7 sites opened in 7 countries, 7 of them new to this trial: A 1, B 1, C 1, D 1, E 1 and 2 more countries. "
        "None closed. 8 sites now."
    )
    assert len(detail_of(change)["sites"]) == 7


def test_status_and_contacts_of_sites_that_end_with_the_trial_are_told_with_its_status(make: Make) -> None:
    before = make(status=OPEN, locations=sites(ROME))
    after = make(status=Status(overall="COMPLETED"), locations=sites(site_without_people()), posted="2026-02-02")
    (change,) = compare(before, after)
    assert change.path == "status.overall"
    assert len(detail_of(change)["sites"]) == 1


def site_without_people() -> Site:
    return Site(facility=ROME.facility, city=ROME.city, zip=ROME.zip, country=ROME.country)


def test_two_hospitals_of_one_town_are_two_sites(told: Told) -> None:
    before, after = site(facility="Asan Medical Center", zip="05505"), site(facility="Samsung Hospital", zip="06351")
    changes: list[Change] = told("locations", sites(ROME, before), sites(ROME, after))
    assert [change.detail["event"] for change in changes] == ["sites.opened", "sites.closed"]


def test_where_sites_are_loaded_later_their_number_is_compared(make: Make) -> None:
    hidden = {"locations": "loaded later"}
    old, new = make(locations=sites(ROME)), make(locations=Locations(count=3), unavailable=hidden)
    (change,) = compare(old, new, mirror=True)
    assert (change.path, change.before, change.after) == ("locations.count", 1, 3)
    assert (change.cause, change.severity) == (Cause.MIRROR, Severity.ADMINISTRATIVE)
