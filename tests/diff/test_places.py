"""Which sites are one: the table of names beside this file, the rest of the address, and the real updates."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.diff.places import pair_sites, spelling_step
from monitor.model.people import Contact, Site
from tests.diff.conftest import recorded_pairs, study_record

with (Path(__file__).parent / "facilities.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def paired(before: Site, after: Site, *others: Site) -> bool:
    """True if the two are one site, seen among others that stay."""
    found = pair_sites([before, *others], [*others, after])
    assert (len(found.removed), len(found.added)) in ((0, 0), (1, 1))
    return not found.removed


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['before']}: {row['after']}"[:80])
@pytest.mark.parametrize("back", [False, True])
def test_two_names_in_one_street_are_one_site_or_two(row: dict[str, str], *, back: bool) -> None:
    names = (row["after"], row["before"]) if back else (row["before"], row["after"])
    before, after = (Site(facility=name, city=row["town"], zip="12345", country="Country") for name in names)
    assert paired(before, after) is (row["sites"] == "one")


ROME = Site(facility="Policlinico Gemelli", city="Rome", zip="00168", country="Italy")
SEOUL = Site(facility="Asan Medical Center", city="Seoul", zip="05505", country="South Korea")
UNNAMED = Site(facility="Research Site", city="Mainz", zip="55131", country="Germany")
NUMBERED = replace(UNNAMED, facility="Local Institution - 0041")


@pytest.mark.parametrize(
    ("before", "after", "one"),
    [
        (ROME, replace(ROME, city="Roma"), True),
        (ROME, replace(ROME, city="Roma", zip=None), True),
        (ROME, replace(ROME, zip="168"), True),  # the same hospital: its address was corrected
        (ROME, replace(ROME, zip=None, state="Lazio"), True),
        (ROME, replace(ROME, city="Milan", zip="20121"), False),
        (SEOUL, replace(SEOUL, country="Korea, Republic of"), True),
        (SEOUL, replace(SEOUL, zip="055 05"), True),
        (SEOUL, replace(SEOUL, zip="05505-1234"), True),
        (SEOUL, replace(SEOUL, facility="Samsung Medical Center", zip="06351"), False),
        (SEOUL, replace(SEOUL, facility="Samsung Medical Center", zip=None), False),
        (UNNAMED, replace(UNNAMED, city="Mainz am Rhein"), True),
        (UNNAMED, replace(UNNAMED, zip="55116"), False),  # a name that says nothing, in another part of the town
        (NUMBERED, replace(NUMBERED, zip="55116"), True),
        (replace(SEOUL, city="Săo Paulo"), replace(SEOUL, city="S?o Paulo"), True),
    ],
)  # fmt: skip
def test_an_address_spelled_anew_is_the_same_place(before: Site, after: Site, *, one: bool) -> None:
    assert paired(before, after) is one


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        ("Hopital Foch", "Hôpital Foch", "spelled"),
        ("Local Institution - 0040", "Hôpital Foch", "named"),
        ("Hôpital Foch", "Local Institution - 0040", "unnamed"),
        ("Hôpital Foch", "Centre Médico-Chirurgical Foch", "renamed"),
        ("Hôpital Foch", "Hôpital Foch", "address"),
    ],
)
def test_what_became_of_a_name_is_told(before: str, after: str, step: str) -> None:
    assert spelling_step(replace(ROME, facility=before), replace(ROME, facility=after, zip="1")) == step


def test_the_likest_of_several_is_the_one() -> None:
    hope, pharmacy = replace(ROME, facility="City of Hope"), replace(ROME, facility="City of Hope Pharmacy")
    found = pair_sites([hope], [pharmacy, replace(hope, facility="City Of Hope, Inc.")])
    assert found.respelled == ((hope, replace(hope, facility="City Of Hope, Inc.")),)
    assert found.added == (pharmacy,)


def test_nine_hospitals_spelled_anew_in_one_update_neither_open_nor_close() -> None:
    pairs = [pair for pair in recorded_pairs() if any("locations" in label for label in pair["labels"])]
    for pair in pairs:
        before, after = (study_record(pair[side]).locations.sites for side in ("before", "after"))
        found = pair_sites(before, after)
        counted = "locations: count changed" in pair["labels"]
        assert counted or (found.removed, found.added) == ((), ())


def test_a_thousand_sites_in_any_order_are_paired_with_themselves() -> None:
    person = Contact(name="Ann Lee", role="CONTACT")
    sites = [
        replace(ROME, facility=f"Clinic of Saint {n}", city=f"Town {n % 40}", contacts=(person,)) for n in range(1148)
    ]
    mixed = [replace(site, status="RECRUITING") for site in sites]
    random.Random(1).shuffle(mixed)
    found = pair_sites(sites, mixed)
    assert not found.removed
    assert all(old.facility == new.facility for old, new in found.pairs)
    assert len(found.pairs) == len(sites)


@pytest.mark.parametrize(
    ("before", "after", "one"),
    [
        ("University of Vermont Medical Center", "University off Vermont Medical Center", True),
        ("Auburn University MRI Center", "Auburn University MMRI Center", True),
        ("The First Affiliated Hospital", "The irst Affiliated Hospital", True),
        ("Clinic A", "Clinic B", False),
        ("Clinical Research Unit II", "Clinical Research Unit III", False),
        ("Investigational Site Number: DE02", "Investigational Site Number: DE03", False),
    ],
)
def test_a_slip_of_the_pen_in_a_short_word_makes_no_other_site(before: str, after: str, *, one: bool) -> None:
    old, new = (
        Site(facility=name, city="Burlington", zip="05401", country="United States") for name in (before, after)
    )
    assert bool(pair_sites([old], [new]).pairs) is one


def test_a_numbered_stand_in_with_another_postcode_is_the_same_site() -> None:
    old, new = (
        Site(facility="Investigational Site Number: DE02", city="Berlin", zip=code, country="Germany")
        for code in ("14163", "14164")
    )
    assert pair_sites([old], [new]).respelled
