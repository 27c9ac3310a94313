"""The newest note of a trial stands in the next messages about it, as a fact of each alert."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.deliver.render.plain import text_body
from monitor.demo.recorded import CD7_PAGE
from monitor.errors import MonitorError, UsageError
from monitor.model.alert import AlertKind
from monitor.model.message import ChangeMessage, Message
from monitor.model.privacy import Retention
from monitor.model.triage import Deed
from monitor.pipeline import triaging
from monitor.pipeline.letters import write_plain_letter
from monitor.pipeline.pruning import prune
from monitor.store import triage
from tests.pipeline.test_corrections import NCT, ends, step, watched
from tests.pipeline.test_echoes import patients, start
from tests.pipeline.world import World, edited
from tests.privacy.canaries import NAME, scan_rows

SAID = 'Note of 22 Nov 2026 by Ana: "Ask the site."'


def note(world: World, text: str = "Ask the site.", *, to: str | None = None) -> None:
    """On the newest change there is."""
    number = world.history()[0].id
    with world.store.write() as tx:
        if to:
            triaging.do(tx, [number], Deed.ASSIGN, by="Ana", now=world.now, text=to)
        triaging.do(tx, [number], Deed.NOTE, by="Ana", now=world.now, text=text)


def flat(message: Message) -> str:
    return " ".join(text_body(message).split())


def test_the_next_message_of_the_trial_ends_with_the_newest_note(world: World, study: Any) -> None:
    watched(world, study)
    (first,) = step(world, ends(study, "2026-12-01", "2026-02-03"), 2)
    assert "Note of" not in flat(first)
    note(world, "An older one.")
    note(world, to="Bo")
    (second,) = step(world, ends(study, "2027-01-01", "2026-02-05"), 3)
    assert f"{SAID} Assigned to Bo." in flat(second)
    assert "An older one." not in flat(second)


def test_a_correction_bears_the_note_too(world: World, study: Any) -> None:
    watched(world, study)
    step(world, ends(study, "2026-12-01", "2026-02-03"), 2)
    note(world)
    (second,) = step(world, ends(study, "2026-05-01", "2026-02-05"), 3)
    assert second.kind is AlertKind.CORRECTION
    assert SAID in flat(second)


def test_what_is_noted_after_an_alert_was_planned_is_not_in_it(world: World, study: Any) -> None:
    """A message is written from what was stored with it: tried again, it says the same."""
    watched(world, study)
    world.registry.add_study(ends(study, "2026-12-01", "2026-02-03"), day=2)
    world.later(day=2, hours=48)
    world.check()
    note(world)
    world.deliver()
    (message,) = world.told()
    assert "Note of" not in flat(message)


def test_another_trial_bears_no_note_of_this_one(world: World, study: Any) -> None:
    other = "NCT00000077"
    world.registry.add_study(edited(ends(study, "2026-05-01", "2026-02-01"), identificationModule__nctId=other))
    world.watch(other)
    watched(world, study)
    step(world, ends(study, "2026-12-01", "2026-02-03"), 2)
    note(world)
    moved = edited(ends(study, "2026-12-01", "2026-02-05"), identificationModule__nctId=other)
    (message,) = step(world, moved, 3)
    assert "Note of" not in flat(message)


def test_a_note_on_the_registrys_record_stands_in_what_the_page_tells(world: World, study: Any, cd7_text: str) -> None:
    text = cd7_text.replace("NCT04762485", NCT)
    start(world, study, text)
    assert world.history()[0].source == "ctv"
    world.registry.add_study(
        edited(
            study,
            designModule__enrollmentInfo={"count": 20, "type": "ESTIMATED"},
            statusModule__overallStatus="COMPLETED",
        ),
        day=3,
    )
    world.registry.add_page(CD7_PAGE, patients(text, 60), day=3)
    world.later(day=3, hours=24)
    world.check()
    world.deliver()
    assert "Note of" not in flat(world.told()[0])
    assert world.history()[0].source == "ctgov"
    note(world)
    world.later(days=3, minutes=1)
    world.check()
    world.deliver()
    told = [each for each in world.told() if isinstance(each.content, ChangeMessage)]
    assert told
    assert all('by Ana: "Ask the site."' in flat(each) for each in told)


def test_the_bare_facts_hold_the_note(world: World, study: Any) -> None:
    watched(world, study)
    step(world, ends(study, "2026-12-01", "2026-02-03"), 2)
    note(world)
    step(world, ends(study, "2027-01-01", "2026-02-05"), 3)
    alert = world.outbox()[0]
    bare = write_plain_letter(alert, [world.history()[0]], ZoneInfo("UTC"))
    assert "Ask the site." in text_body(bare)


@pytest.mark.parametrize(
    ("deed", "by", "text"),
    [
        (Deed.ACKNOWLEDGE, "", None),
        (Deed.ACKNOWLEDGE, "\u202e \n", None),
        (Deed.ACKNOWLEDGE, "x" * 81, None),
        (Deed.NOTE, "Ana", ""),
        (Deed.NOTE, "Ana", "\u200b\x00\n"),
        (Deed.NOTE, "Ana", "x" * 1_001),
        (Deed.ASSIGN, "Ana", " "),
        (Deed.ASSIGN, "Ana", "x" * 81),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_done(
    world: World, study: Any, deed: Deed, by: str, text: str | None
) -> None:
    watched(world, study)
    step(world, ends(study, "2026-12-01", "2026-02-03"), 2)
    number = world.history()[0].id
    with pytest.raises(UsageError), world.store.write() as tx:
        triaging.do(tx, [number], deed, by=by, now=world.now, text=text)
    with world.store.read() as tx:
        assert triage.read(tx, [number]) == {}


def test_a_text_is_kept_on_one_line_without_what_nobody_can_see(world: World, study: Any) -> None:
    watched(world, study)
    step(world, ends(study, "2026-12-01", "2026-02-03"), 2)
    note(world, " Ask\u202e the\r\n\x1b[31msite.\x00 ")
    with world.store.read() as tx:
        (entry,) = triage.read(tx, [world.history()[0].id])[world.history()[0].id].notes
    assert entry.text == "Ask the [31msite."


def test_one_change_that_is_not_there_leaves_all_as_they_were(world: World, study: Any) -> None:
    watched(world, study)
    step(world, ends(study, "2026-12-01", "2026-02-03"), 2)
    number = world.history()[0].id
    with pytest.raises(MonitorError, match="There is no change 4711"), world.store.write() as tx:
        triaging.do(tx, [number, 4711], Deed.ACKNOWLEDGE, by="Ana", now=world.now)
    with world.store.read() as tx:
        assert triage.read(tx, [number]) == {}


def test_a_person_is_forgotten_in_notes_and_in_what_told_them(world: World, study: Any, tmp_path: Path) -> None:
    watched(world, study)
    step(world, ends(study, "2026-12-01", "2026-02-03"), 2)
    note(world, f"Call {NAME} on Monday.")
    step(world, ends(study, "2027-01-01", "2026-02-05"), 3)
    path = tmp_path / "monitor.db"
    assert {"triage_log.text", "alerts.facts"} <= scan_rows(path).keys()
    prune(world.store, Retention(), world.now, person=NAME)
    assert scan_rows(path) == {}
    with world.store.read() as tx:
        newest = triage.newest_note(tx, [world.history()[0].record_id])
    assert newest is not None
    assert newest.text.startswith("Call [pruned on")
    assert newest.by == "Ana"
