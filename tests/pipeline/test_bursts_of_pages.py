"""A new layout of all study pages is held: the site changed, not the trials."""

from __future__ import annotations

import pytest

from monitor.demo.pages import page_of_text
from monitor.demo.recorded import CD7_PAGE
from monitor.pipeline.accepting import accept_suspects, alike
from monitor.store import records, suspects
from tests.pipeline.world import World, outcomes


def pages(world: World, text: str, edits: dict[str, str], *, day: int, count: int = 6, first: int = 0) -> None:
    for n in range(first, count):
        own = text.replace("NCT04762485", f"NCT0100{n:04d}").replace("20 estimated", f"{20 + n} estimated")
        for old, new in edits.items():
            assert old in own
            own = own.replace(old, new)
        world.registry.add_page(f"{CD7_PAGE}-{n}", page_of_text(own), day=day)


TREATMENTS = "Treatments\n\nBiological: Humanized CD7 CAR-T cells\n\n"
PURPOSE = "Primary purpose\n\nTreatment\n\n"
CONTACTS = "Central trial contact\n\nLin Yang, Ph.D; xiaowen tang, Ph.D\n\n"
SITES = "Trial contacts and locations\n\n1\n\nLoading...\n\n"


def watched(world: World, text: str, count: int = 6) -> None:
    pages(world, text, {}, day=1, count=count)
    world.watch(*(f"https://ctv.veeva.com/study/{CD7_PAGE}-{n}" for n in range(count)), source="page")
    world.check()
    world.deliver()
    world.told()


@pytest.mark.parametrize(
    "edits",
    [{TREATMENTS: ""}, {PURPOSE: ""}, {CONTACTS: ""}, {SITES: "", CONTACTS: ""}, {"Full description\n": "Our words\n"}],
)
def test_a_new_layout_that_loses_something_on_all_pages_is_held_until_it_is_accepted(
    world: World, cd7_text: str, edits: dict[str, str]
) -> None:
    watched(world, cd7_text)
    pages(world, cd7_text, edits, day=2)
    for _ in range(3):
        world.later(day=2, hours=24)
        assert outcomes(world.check()) == {"suspect": 6}
        world.deliver()
    assert (world.told(), world.history()) == ([], ())
    (said,) = world.notices()
    assert said.startswith("ClinicalTrials.Veeva changed, not its trials: 6 of 6 trials ")
    with world.store.write() as tx:
        accept_suspects(tx, alike(tx, suspects.waiting(tx)[:1]), world.ways, now=world.now, chance=lambda: 0.0)
    world.later(hours=24)
    assert outcomes(world.check()) == {"unchanged": 6}


def test_sites_that_are_still_loading_on_all_pages_are_no_burst(world: World, cd7_text: str) -> None:
    shown = {"\n1\n\nLoading...": "\n1\n\nFacility: The First Hospital\n\nCity: Suzhou\n\nCountry: China"}
    pages(world, cd7_text, shown, day=1)
    pages(world, cd7_text, {}, day=2)
    world.watch(*(f"https://ctv.veeva.com/study/{CD7_PAGE}-{n}" for n in range(6)), source="page")
    world.check()
    for look in range(3):
        world.later(day=2, hours=24)
        assert outcomes(world.check()) == {"unchanged": 6}, look
    assert world.history() == (), "sites that go on loading are no loss, however often they are looked at"


def test_a_layout_that_comes_page_by_page_is_held_when_enough_show_it(world: World, cd7_text: str) -> None:
    watched(world, cd7_text)
    pages(world, cd7_text, {PURPOSE: ""}, day=2, count=4)
    world.later(day=2, hours=24)
    assert outcomes(world.check()) == {"unchanged": 6}, "four are too few, and wait for their second look"
    pages(world, cd7_text, {PURPOSE: ""}, day=3, count=6, first=4)
    world.later(day=3, minutes=20)
    assert outcomes(world.check()) == {"suspect": 6}
    assert world.history() == ()


def test_the_second_look_at_too_few_makes_no_burst_of_them(world: World, cd7_text: str) -> None:
    watched(world, cd7_text, 26)
    pages(world, cd7_text, {PURPOSE: ""}, day=2, count=5)
    world.later(day=2, hours=24)
    assert outcomes(world.check()) == {"unchanged": 26}
    world.later(minutes=31)
    assert outcomes(world.check(due_only=True)) == {"changed": 5}
    assert len(world.history()) == 5


def test_one_page_that_loses_a_section_waits_for_its_second_look_without_a_version(world: World, cd7_text: str) -> None:
    watched(world, cd7_text)
    pages(world, cd7_text, {CONTACTS: "Central trial contact\n\n"}, day=2, count=1)
    world.later(day=2, hours=24)
    assert outcomes(world.check()) == {"unchanged": 6}
    with world.store.read() as tx:
        assert {row.latest for row in records.all_rows(tx)} == {1}
    world.later(minutes=31)
    assert outcomes(world.check(due_only=True)) == {"changed": 1}
