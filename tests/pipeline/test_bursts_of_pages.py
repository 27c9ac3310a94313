"""A new layout of all study pages is held: the site changed, not the trials."""

from __future__ import annotations

import pytest

from monitor.demo.pages import page_of_text
from monitor.demo.recorded import CD7_PAGE
from monitor.pipeline.accepting import accept_suspects, alike
from monitor.store import suspects
from tests.pipeline.world import World, outcomes


def pages(world: World, text: str, edits: dict[str, str], *, day: int, count: int = 6) -> None:
    for n in range(count):
        own = text.replace("NCT04762485", f"NCT0100{n:04d}").replace("20 estimated", f"{20 + n} estimated")
        for old, new in edits.items():
            assert old in own
            own = own.replace(old, new)
        world.registry.add_page(f"{CD7_PAGE}-{n}", page_of_text(own), day=day)


TREATMENTS = "Treatments\n\nBiological: Humanized CD7 CAR-T cells\n\n"
PURPOSE = "Primary purpose\n\nTreatment\n\n"
CONTACTS = "Central trial contact\n\nLin Yang, Ph.D; xiaowen tang, Ph.D\n\n"
SITES = "Trial contacts and locations\n\n1\n\nLoading...\n\n"


@pytest.mark.parametrize(
    "edits",
    [{TREATMENTS: ""}, {PURPOSE: ""}, {CONTACTS: ""}, {SITES: "", CONTACTS: ""}, {"Full description\n": "Our words\n"}],
)
def test_a_new_layout_that_loses_something_on_all_pages_is_held_until_it_is_accepted(
    world: World, cd7_text: str, edits: dict[str, str]
) -> None:
    pages(world, cd7_text, {}, day=1)
    world.watch(*(f"https://ctv.veeva.com/study/{CD7_PAGE}-{n}" for n in range(6)), source="page")
    world.check()
    world.deliver()
    world.told()
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
    shown = {"\n1\n\nLoading...": "\n1\n\nSuzhou, Jiangsu, China\n\nThe First Hospital\nSuzhou, Jiangsu, China, 215000"}
    pages(world, cd7_text, shown, day=1)
    pages(world, cd7_text, {}, day=2)
    world.watch(*(f"https://ctv.veeva.com/study/{CD7_PAGE}-{n}" for n in range(6)), source="page")
    world.check()
    world.later(day=2, hours=24)
    assert outcomes(world.check()) == {"unchanged": 6}
