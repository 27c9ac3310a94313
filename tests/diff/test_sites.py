"""Where the trial runs: by identity, one change for each kind of event."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

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


def test_the_last_open_site_of_a_country_is_named(told: Told) -> None:
    lyon, nice = site(status="RECRUITING"), site(facility="Hôpital", city="Nice", zip="06000", status="COMPLETED")
    (change,) = told(
        "locations", sites(ROME, lyon, nice), sites(ROME, replace(lyon, status="COMPLETED"), nice), status=OPEN
    )
    assert change.sentence == (
        "Clinic, Lyon, France, is now Completed (was Recruiting). The last open site in France closed."
    )
    (gone,) = told("locations", sites(ROME, lyon, nice), sites(ROME, nice), status=OPEN)
    assert gone.sentence == (
        "Clinic, Lyon, France, is no longer listed. The last open site in France closed. 2 sites now, 3 before."
    )


def test_sites_that_opened_and_the_last_open_one_that_closed_are_both_told(told: Told) -> None:
    lyon = site(status="RECRUITING")
    new = [site(facility=f"Clinic {n}", city=f"Town {n}", zip=f"{n}", country=c, status="RECRUITING")
           for n, c in enumerate(("Spain", "Spain", "Italy", "Peru"))]  # fmt: skip
    changes = told("locations", sites(ROME, lyon), sites(ROME, replace(lyon, status="COMPLETED"), *new), status=OPEN)
    assert [change.sentence for change in changes] == [
        "4 sites opened in 3 countries, 2 of them new to this trial: Spain 2, Italy 1, Peru 1. 6 sites now.",
        "Clinic, Lyon, France, is now Completed (was Recruiting). The last open site in France closed.",
    ]


@pytest.mark.parametrize(
    ("status", "trial", "said"),
    [
        ("RECRUITING", "RECRUITING", "1 site opened: Clinic, Lyon, France. 2 sites now."),
        (None, "RECRUITING", "1 site opened: Clinic, Lyon, France. 2 sites now."),
        (None, "COMPLETED", "1 site added: Clinic, Lyon, France. 2 sites now."),
        (
            "NOT_YET_RECRUITING",
            "RECRUITING",
            "1 site added: Clinic, Lyon, France. It is Not yet recruiting. 2 sites now.",
        ),
        ("WITHDRAWN", "RECRUITING", "1 site added: Clinic, Lyon, France. It is Withdrawn. 2 sites now."),
    ],
)
def test_only_a_site_that_takes_people_has_opened(told: Told, status: str | None, trial: str, said: str) -> None:
    (change,) = told("locations", sites(ROME), sites(ROME, site(status=status)), status=Status(overall=trial))
    assert change.sentence == said


def test_a_country_that_the_registry_renamed_is_one_change_of_all_its_sites(told: Told) -> None:
    old = [site(facility=f"Clinic {n}", country="Turkey") for n in range(3)]
    new = [replace(each, country="Turkey (Türkiye)") for each in old]
    (change,) = told("locations", sites(*old), sites(*new))
    assert change.sentence == (
        "The country of 3 sites is now given as Turkey (Türkiye) (was Turkey). None opened or closed."
    )
    assert change.severity is Severity.ADMINISTRATIVE


def test_sites_that_were_named_at_last_are_not_new(told: Told) -> None:
    towns = ("Lyon", "Nice", "Metz")
    old = [site(facility=f"Local Institution - 004{n}", city=town) for n, town in enumerate(towns)]
    new = [
        site(facility=f"Hôpital Saint-{name}", city=town)
        for name, town in zip(("Luc", "Jean", "Roch"), towns, strict=True)
    ]
    (change,) = told("locations", sites(*old), sites(*new))
    assert change.sentence == "3 sites now give their names (Lyon, Nice and Metz). None opened or closed."


def test_two_sites_of_one_town_name_it_once(told: Told) -> None:
    new = [site(facility=name, status="RECRUITING") for name in ("Hôpital Nord", "Hôpital Sud")]
    (change,) = told("locations", sites(ROME), sites(ROME, *new), status=OPEN)
    assert change.sentence == "2 sites opened, both in Lyon, France. None closed. 3 sites now."


def test_many_steps_at_once_are_told_briefly(told: Told) -> None:
    steps = ["COMPLETED", "SUSPENDED", "TERMINATED", "WITHDRAWN", "COMPLETED"]
    old = [site(facility=f"Clinic {n}", city=f"Town {n}", zip=f"{n}", status="RECRUITING") for n in range(5)]
    new = [replace(each, status=status) for each, status in zip(old, steps, strict=True)]
    (change,) = told("locations", sites(ROME, *old), sites(ROME, *new), status=OPEN)
    assert change.sentence == (
        "2 sites went from Recruiting to Completed: Town 0 and Town 4. Clinic 1, Town 1, France, went from Recruiting "
        "to Suspended. 2 other sites changed in other ways. No site in France is open now."
    )
    assert len(detail_of(change)["sites"]) == 5
