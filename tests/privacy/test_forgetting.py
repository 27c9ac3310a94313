"""A person who asks to be forgotten is, in every byte; what others may cite stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import UsageError
from monitor.model.privacy import Retention
from monitor.pipeline.pruning import Pruned, prune, rehearse
from monitor.store.copying import write_copy
from tests.pipeline.world import World, edited
from tests.privacy.canaries import (
    CANARIES,
    EMAIL,
    NAME,
    OTHER_EMAIL,
    OTHER_NAME,
    PHONE,
    scan_folder,
    scan_rows,
    with_canary,
)
from tests.privacy.life import TRIAL, lived


def forget(world: World, person: str = NAME) -> Pruned:
    return prune(world.store, Retention(), world.now, person=person)


def path_of(tmp_path: Path) -> Path:
    return tmp_path / "store" / "monitor.db"


def test_no_byte_of_a_forgotten_person_is_left(world: World, study: Any, tmp_path: Path) -> None:
    lived(world, study)
    assert scan_folder(tmp_path / "store"), "the scan finds her where she is"
    assert {"changes.before", "alerts.facts", "records.title"} <= scan_rows(path_of(tmp_path)).keys()
    done = forget(world)
    assert done.bodies_reduced == 4
    assert done.changes
    assert scan_rows(path_of(tmp_path)) == {}
    assert scan_folder(tmp_path / "store") == {}
    copy = tmp_path / "copy"
    copy.mkdir()
    write_copy(f"sqlite:///{path_of(tmp_path)}", copy / "copy.db")
    assert scan_folder(copy) == {}
    others = {OTHER_NAME, OTHER_EMAIL}
    assert scan_rows(path_of(tmp_path), others)["bodies.content"] == others, "nobody else is forgotten"


def test_what_an_earlier_release_left_in_the_free_parts_of_the_file_goes_too(
    world: World, study: Any, tmp_path: Path
) -> None:
    lived(world, study)
    with closing(sqlite3.connect(path_of(tmp_path), isolation_level=None)) as raw:
        for statement in (
            "PRAGMA secure_delete = OFF",
            "CREATE TABLE gone (said TEXT)",
            (
                "INSERT INTO gone WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
                "SELECT 'Leftoverbird' || hex(randomblob(500)) FROM n"
            ),
            "DROP TABLE gone",
        ):
            raw.execute(statement)
    assert scan_folder(tmp_path / "store", ("Leftoverbird",))
    forget(world)
    assert scan_folder(tmp_path / "store", ("Leftoverbird",)) == {}


def test_the_chain_still_verifies_and_what_was_derived_says_when(world: World, study: Any) -> None:
    lived(world, study)
    forget(world)
    verified = world.verify()
    assert verified.disagreements == ()
    assert verified.pruned == verified.versions == 3
    said = " ".join(stored.change.sentence for stored in world.history())
    assert f"[pruned on {world.now:%Y-%m-%d}]" in said


def test_the_next_check_tells_no_change_and_does_not_learn_the_person_again(
    world: World, study: Any, tmp_path: Path
) -> None:
    lived(world, study)
    forget(world)
    before = len(world.history())
    world.registry.add_study(with_canary(study, title=f"A study of {NAME}"), day=5)
    world.later(5, hours=24)
    world.check()
    assert len(world.history()) == before
    moved = with_canary(study, phone="+1 713-555-0777", title=f"A study of {NAME}")
    world.registry.add_study(edited(moved, statusModule__overallStatus="SUSPENDED"), day=6)
    world.later(6, hours=24)
    world.check()
    world.deliver()
    told = world.history()[: len(world.history()) - before]
    assert [stored.change.path for stored in told] == ["status.overall"]
    assert scan_rows(path_of(tmp_path), (*CANARIES, "555-0777")) == {}
    assert world.verify().disagreements == ()


def test_what_waited_to_be_told_goes_out_without_the_person(world: World, study: Any) -> None:
    lived(world, study)
    world.told()
    forget(world)
    world.deliver()
    said = str(world.told())
    assert "pruned on" in said
    assert not any(word in said for word in CANARIES)


@pytest.mark.parametrize("person", [EMAIL, PHONE, "zerlina CANARYBIRD"])
def test_a_person_is_found_by_name_address_or_number(world: World, study: Any, person: str, tmp_path: Path) -> None:
    world.registry.add_study(with_canary(study), day=1)
    world.registry.set_day(1)
    world.watch(TRIAL)
    world.check()
    done = forget(world, person)
    assert done.person
    assert done.person.entries
    assert scan_rows(path_of(tmp_path), ("zerlina.canarybird", "713-555-0142")) == {}


def test_what_others_are_reached_by_too_is_kept_unless_it_is_named(world: World, study: Any, tmp_path: Path) -> None:
    shared = with_canary(study)
    for contact in shared["protocolSection"]["contactsLocationsModule"]["centralContacts"]:
        contact["email"] = "trials@hospital.example"
    world.registry.add_study(shared, day=1)
    world.registry.set_day(1)
    world.watch(TRIAL)
    world.check()
    done = forget(world)
    assert done.person
    assert list(done.person.shared.values()) == ["trials@hospital.example"]
    assert scan_rows(path_of(tmp_path), ("trials@hospital.example",))
    forget(world, "trials@hospital.example")
    assert scan_rows(path_of(tmp_path), ("trials@hospital.example",)) == {}


def test_a_rehearsal_says_the_same_and_changes_nothing(world: World, study: Any, tmp_path: Path) -> None:
    lived(world, study)
    before = scan_rows(path_of(tmp_path))
    rehearsed = rehearse(world.store, Retention(), world.now, person=NAME)
    assert scan_rows(path_of(tmp_path)) == before
    assert replace(forget(world), person=None) == replace(rehearsed, person=None)


def test_one_word_names_too_many(world: World) -> None:
    with pytest.raises(UsageError, match="full name"):
        prune(world.store, Retention(), datetime(2026, 11, 25, tzinfo=UTC), person="Canarybird")


def test_forgetting_twice_finds_nothing_more(world: World, study: Any) -> None:
    lived(world, study)
    forget(world)
    assert not forget(world).something
