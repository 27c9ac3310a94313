"""How much of persons is kept: enough to see that something changed, no more than was asked for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.demo.recorded import CD7_PAGE
from monitor.model.privacy import Level, Retention
from monitor.pipeline.pruning import prune, prune_daily
from monitor.store import forgotten
from monitor.text.entries import cleared
from monitor.text.guard import Guard
from tests.pipeline.world import World, edited, outcomes
from tests.privacy.canaries import CANARIES, EMAIL, OTHER_NAME, OTHER_PHONE, scan_folder, scan_rows, with_canary
from tests.privacy.life import TRIAL

STRICT = (Level.MASKED, Level.HASHED)
CLEAR = (*CANARIES, OTHER_NAME, OTHER_PHONE, "kingfisher")


def keep(world: World, level: Level) -> None:
    with world.store.write() as tx:
        forgotten.adopt_level(tx, level)


def see(world: World, *documents: Any) -> None:
    """The registry says one after the other, a day apart, from now on."""
    for document in documents:
        day = world.registry.day + 1
        world.registry.add_study(document, day=day)
        world.later(day, hours=24)
        world.check()
    world.deliver()


@pytest.mark.parametrize("level", STRICT)
def test_a_contact_that_is_not_kept_in_clear_still_tells_its_changes(
    world: World, study: Any, level: Level, tmp_path: Path
) -> None:
    keep(world, level)
    world.watch(TRIAL)
    see(world, with_canary(study), with_canary(study), with_canary(study, phone="+1 713-555-0000"))
    paths = {stored.change.path for stored in world.history()}
    assert "contacts.central" in paths
    said = str(world.box.messages)
    assert "phone" in said
    assert not any(word in said for word in (*CLEAR, "555-0000"))
    assert scan_rows(tmp_path / "store" / "monitor.db", (*CLEAR, "713-555-0000")) == {}
    assert scan_folder(tmp_path / "store", (*CLEAR, "713-555-0000")) == {}
    assert world.verify().compared == 1


@pytest.mark.parametrize("level", STRICT)
def test_another_setting_tells_no_change_and_prune_brings_the_store_to_it(
    world: World, study: Any, level: Level, tmp_path: Path
) -> None:
    world.watch(TRIAL)
    see(world, with_canary(study), with_canary(study, phone="+1 713-555-0000"))
    told = len(world.history())
    keep(world, level)
    see(world, edited(with_canary(study, phone="+1 713-555-0000"), statusModule__overallStatus="SUSPENDED"))
    assert [stored.change.path for stored in world.history()[:-told]] == ["status.overall"]
    assert scan_rows(tmp_path / "store" / "monitor.db", CLEAR)
    prune(world.store, Retention(contacts=level), world.now)
    assert scan_rows(tmp_path / "store" / "monitor.db", CLEAR) == {}
    see(world, edited(with_canary(study, phone="+1 713-555-0000"), statusModule__overallStatus="COMPLETED"))
    assert [stored.change.path for stored in world.history()[: -told - 1]] == ["status.overall"]
    keep(world, Level.FULL)
    see(world, edited(with_canary(study, phone="+1 713-555-0000"), statusModule__overallStatus="SUSPENDED"))
    assert [stored.change.path for stored in world.history()[: -told - 2]] == ["status.overall"]


def test_a_masked_person_is_recognised_and_not_reached(study: Any) -> None:
    guard = Guard(key=b"k" * 32, level=Level.MASKED)
    masked: Any = cleared(with_canary(study), guard)
    her = masked["protocolSection"]["contactsLocationsModule"]["centralContacts"][0]
    assert her["name"].startswith("Z. Q. C. ~")
    assert her["email"].startswith("z--")
    assert her["email"].endswith("@hospital.example")
    assert her["phone"].startswith("-42 ~")
    assert cleared(masked, guard) == masked
    hashed = guard.at(Level.HASHED)
    assert cleared(masked, hashed) == cleared(with_canary(study), hashed), "a stricter form is made of a looser one"


@pytest.mark.parametrize("level", STRICT)
def test_a_page_is_kept_without_its_persons_and_compared_as_usual(
    world: World, cd7_text: str, level: Level, tmp_path: Path
) -> None:
    keep(world, level)
    page = cd7_text.replace("Recruiting", f"Recruiting\nCentral Contact\n{OTHER_NAME}\n{OTHER_PHONE}\n{EMAIL}\n", 1)
    world.registry.add_page(CD7_PAGE, page)
    world.watch(f"https://ctv.veeva.com/study/{CD7_PAGE}", source="page")
    assert outcomes(world.check()) == {"first_seen": 1}
    world.later(hours=25)
    assert outcomes(world.check()) == {"unchanged": 1}
    assert scan_rows(tmp_path / "store" / "monitor.db", CLEAR) == {}


def test_contacts_and_bodies_of_replaced_versions_go_when_their_time_has_come(
    world: World, study: Any, tmp_path: Path
) -> None:
    retention = Retention(keep_contacts=timedelta(days=30), keep_bodies=timedelta(days=60))
    world.watch(TRIAL)
    see(world, with_canary(study), with_canary(study, phone="+1 713-555-0000", title="Another title"))
    assert not prune(world.store, retention, world.now).something, "nothing is old yet"
    see(world, with_canary(study, phone="+1 713-555-0000", title="A third title"))
    world.later(days=29)
    assert not prune(world.store, retention, world.now).something, "nothing was replaced long enough ago"
    world.later(days=2)
    assert prune(world.store, retention, world.now).bodies_reduced == 2
    path = tmp_path / "store" / "monitor.db"
    assert scan_rows(path, ("713-555-0142",)) == {}, "only the first version had it"
    assert scan_rows(path, ("Canarybird",)).keys() == {"bodies.content", "version_sections.content"}, (
        "the latest has her"
    )
    world.later(days=31)
    done = prune(world.store, retention, world.now)
    assert done.bodies_pruned == 2
    assert not prune(world.store, retention, world.now).something
    assert world.verify().pruned == 2
    see(world, with_canary(study, phone="+1 713-555-0000", title="A third title"))
    assert world.history()[0].to_version == 3, "the latest version is compared as usual"


def test_the_daily_run_rests_for_a_day_and_does_nothing_where_everything_is_kept(world: World) -> None:
    assert prune_daily(world.store, Retention(), world.now) is None
    retention = Retention(keep_bodies=timedelta(days=1))
    assert prune_daily(world.store, retention, world.now) is not None
    assert prune_daily(world.store, retention, world.now + timedelta(hours=23)) is None
    assert prune_daily(world.store, retention, world.now + timedelta(hours=24)) is not None
