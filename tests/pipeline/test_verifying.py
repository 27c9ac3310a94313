"""The second line: what was damaged behind the monitor's back is found and named."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from monitor.model.alert import AlertKind, PlannedAlert, Recipient
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.verifying import Mark, Verified, note, read_mark, verify_store
from monitor.store import alerts as outbox
from monitor.store import conditions, tables
from monitor.store.engine import open_store
from monitor.store.transaction import Tx
from tests.pipeline.world import OPERATOR, NoticeMessage, World, edited

NCT = "NCT07011550"


@pytest.fixture
def past(world: World, study: Any) -> World:
    """A trial in two versions, its change told."""
    world.registry.add_study(study)
    world.registry.add_study(edited(study, statusModule__overallStatus="SUSPENDED"), day=2)
    world.watch(NCT)
    world.check()
    world.later(day=2, hours=6)
    world.check()
    world.deliver()
    return world


def lose_the_alert(tx: Tx) -> None:
    ids = tx.run(select(tables.alerts.c.id).where(tables.alerts.c.kind == "change")).scalars().all()
    tx.run(delete(tables.attempts).where(tables.attempts.c.alert_id.in_(ids)))
    tx.run(delete(tables.alerts).where(tables.alerts.c.id.in_(ids)))


def lose_the_change(tx: Tx) -> None:
    tx.run(delete(tables.changes).where(tables.changes.c.path == "status.overall"))


def falsify_the_change(tx: Tx) -> None:
    tx.run(update(tables.changes).where(tables.changes.c.path == "status.overall").values(after="COMPLETED"))


def invent_an_alert(tx: Tx) -> None:
    (record_id,) = tx.run(select(tables.records.c.id)).scalars()
    more: dict[str, Any] = {"from_version": 1, "to_version": 2}
    to = Recipient(destination="team", address="nobody@example.org")
    planned = PlannedAlert(kind=AlertKind.CHANGE, recipient=to, facts={}, record_id=record_id, **more)
    outbox.plan(tx, [planned], tx.run(select(tables.alerts.c.created_at)).scalars().all()[0])


def forget_a_reader(tx: Tx) -> None:
    lose_the_alert(tx)
    tx.run(delete(tables.expected_alerts))


def store_the_version_alone(tx: Tx) -> None:
    lose_the_alert(tx)
    for table in (tables.expected_alerts, tables.plans, tables.changes):
        tx.run(delete(table))


def move_the_hash(tx: Tx) -> None:
    tx.run(text("DROP TRIGGER versions_no_update"))
    tx.run(update(tables.versions).where(tables.versions.c.number == 2).values(posted="2020-01-01"))


def swap_the_body(tx: Tx) -> None:
    first = select(tables.versions.c.body_digest).where(tables.versions.c.number == 1).scalar_subquery()
    content = select(tables.bodies.c.content).where(tables.bodies.c.digest == first).scalar_subquery()
    tx.run(update(tables.bodies).values(content=content))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lose_the_alert, "The alert to team@example.org is missing from the outbox."),
        (lose_the_change, "A change is missing from the log: status.overall changed"),
        (falsify_the_change, "The log has a change that the versions do not show: status.overall"),
        (invent_an_alert, "was not to be."),
        (forget_a_reader, "team@example.org was to hear of it by the rules, and no alert was planned."),
        (store_the_version_alone, "What it was to cause was not stored with it."),
        (move_the_hash, "Version 2 was changed after it was stored"),
        (swap_the_body, "The body of version 2 is not the one stored"),
    ],
)
def test_what_was_lost_or_falsified_is_named(past: World, damage: Callable[[Tx], None], says: str) -> None:
    assert past.verify().compared == 1
    with past.store.write() as tx:
        damage(tx)
    found = past.verify().disagreements
    assert any(says in each.what for each in found), found
    assert all(NCT in each.about for each in found)
    past.sound = False


SINCE_5 = (
    "DROP INDEX ix_alerts_condition",
    "DROP TABLE mutes",
    "DROP TABLE triage_log",
    "DROP TABLE triage",
    *(f"ALTER TABLE alerts DROP COLUMN {name}" for name in ("critical", "schedule", "due_at")),
)
"""What later migrations made, taken back."""


def test_versions_that_an_older_release_stored_may_lack_plans_and_later_ones_may_not(
    past: World, study: Any, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/monitor.db"
    with past.store.write() as tx:
        for table in (tables.expected_alerts, tables.plans):
            tx.run(delete(table))
        for change in SINCE_5:
            tx.run(text(change))
        tx.run(update(tables.schema_version).values(version_num="0005"))
    assert past.verify().disagreements, "in a store of today each version has its plan"
    open_store(url, migrate=True, say=lambda _: None).close()
    assert past.verify().disagreements == ()
    past.registry.add_study(edited(study, statusModule__overallStatus="COMPLETED"), day=3)
    past.later(day=3, hours=6)
    past.check()
    with past.store.write() as tx:
        tx.run(delete(tables.plans))
    assert [each.about[-1] for each in past.verify().disagreements] == ["3"]
    past.sound = False


def test_rules_that_changed_since_are_no_disagreement(past: World) -> None:
    past.rules = ()
    assert past.verify().disagreements == ()


def look(world: World, since: int | None) -> Verified:
    async def verify() -> Verified:
        async with Scribe(world.store) as pen:
            return await verify_store(pen, world.ways.desk, since=since)

    return asyncio.run(verify())


def test_only_what_is_new_is_looked_at_after_a_mark(past: World) -> None:
    whole = look(past, None)
    assert (whole.records, whole.versions, whole.compared) == (1, 2, 1)
    assert look(past, 1).compared == 1
    assert look(past, whole.newest).records == 0


def test_a_disagreement_is_told_to_the_operator_once_and_taken_back_when_it_is_gone(past: World) -> None:
    with past.store.write() as tx:
        falsify_the_change(tx)
    for _ in range(2):
        with past.store.write() as tx:
            note(tx, past.verify(), past.now, None, whole=True)
        past.later(hours=6)
        past.check()
        past.deliver()
    notices = [message.content for message in past.told(OPERATOR) if isinstance(message.content, NoticeMessage)]
    assert len(notices) == 1
    (item,) = notices[0].items
    assert "does not agree with itself" in item.what
    with past.store.write() as tx:
        tx.run(update(tables.changes).where(tables.changes.c.path == "status.overall").values(after="SUSPENDED"))
    with past.store.write() as tx:
        note(tx, past.verify(), past.now, None, whole=True)
        assert not [each for each in conditions.open_conditions(tx) if each.kind == "disagreement"]
        assert read_mark(tx) == Mark(2, past.now)
