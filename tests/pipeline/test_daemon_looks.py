"""What a daemon sees between its ticks: an edited configuration, a clock that was set, a store that came back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from monitor.app import App, open_app, reread
from monitor.daemon import Daemon, _tracked
from monitor.errors import StoreReadOnly
from monitor.model.alert import AlertKind, PlannedAlert, Recipient
from monitor.model.condition import Condition
from monitor.model.watch import WatchState
from monitor.pipeline import troubles
from monitor.pipeline.upkeep import clock_moved
from monitor.store import alerts, batches, claims, conditions, passes, records, tables, watches
from tests.store.store_values import LEASE, nct

CONFIG = """
[store]
url = "sqlite:///monitor.db"
[destinations.team]
url = "json://127.0.0.1:9/hook"
allow_private_addresses = true
"""
MORE = """[destinations.more]
url = "json://127.0.0.1:9/more"
allow_private_addresses = true
"""
NOBODY_THERE = """[sources.ctgov]
base_url = "http://127.0.0.1:9"
allow_private_addresses = true
[[watches]]
ref = "NCT04762485"
"""
TEAM = Recipient(destination="team", address="")


class Place:
    """A configuration on disk and the daemon that has read it; `now` is its clock."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "monitor.toml"
        self.now = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
        self.write(CONFIG)
        self.app = open_app(self.file, {}, writing=True, clock=lambda: self.now)
        self.daemon = Daemon(self.app, "me", lambda app: reread(app, {}))
        self.look()

    def write(self, text: str) -> None:
        self.file.write_text(text)
        self.file.chmod(0o600)

    def look(self) -> App:
        """One look at the configuration; what is in force after it."""
        asyncio.run(self.daemon.look_at_configuration())
        return self.daemon.app

    def look_at_clock(self) -> None:
        asyncio.run(self.daemon.look_at_clock())

    def told(self) -> list[Condition]:
        """What the operator's next message would tell."""
        with self.app.store.read() as tx:
            return [each for each in conditions.untold(tx) if troubles.is_ripe(each, self.now)]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    with place.app:
        yield place


def test_a_changed_configuration_comes_into_force(place: Place) -> None:
    place.write(CONFIG + MORE)
    assert set(place.look().settings.destinations) == {"team", "more"}
    assert place.told() == []


def test_an_unchanged_file_is_not_read_again_unless_somebody_asks(place: Place) -> None:
    before = place.daemon.app
    assert place.look() is before
    place.daemon.ask_to_reread()
    assert place.look() is not before


@pytest.mark.parametrize(
    "text",
    [
        "[destinations.team",
        CONFIG.replace("json:", "nonsense:"),
        CONFIG + "[colour]\n",
        CONFIG.replace("monitor.db", "o.db"),
    ],
    ids=["half written", "a bad address", "an unknown key", "another store"],
)
def test_a_configuration_with_a_fault_changes_nothing_and_is_told_once_it_stays(place: Place, text: str) -> None:
    before = place.daemon.app
    place.write(text)
    assert place.look() is before
    assert place.told() == [], "it may just be being written"
    assert place.look() is before
    (condition,) = place.told()
    assert condition.kind == "configuration"
    assert condition.facts["message"]
    place.write(CONFIG + MORE)
    assert "more" in place.look().settings.destinations
    assert place.told() == []


def test_a_configuration_that_was_deleted_stays_in_force(place: Place) -> None:
    before = place.daemon.app
    place.file.unlink()
    assert place.look() is before
    place.look()
    assert [each.kind for each in place.told()] == ["configuration"]


def test_watches_that_joined_or_left_the_file_are_brought_in_line(place: Place) -> None:
    place.write(CONFIG + '[[watches]]\nref = "NCT04762485"\n')
    place.look()
    place.write(CONFIG + '[[watches]]\nref = "NCT07011550"\n')
    place.look()
    with place.app.store.read() as tx:
        states = {watch.reference.text: watch.state for watch in watches.all_watches(tx)}
    assert states == {"NCT04762485": WatchState.PAUSED, "NCT07011550": WatchState.ACTIVE}


def test_what_was_planned_for_a_destination_that_left_stays_in_the_outbox(place: Place) -> None:
    place.write(CONFIG + MORE)
    place.look()
    gone = Recipient(destination="more", address="")
    with place.app.store.write() as tx:
        alerts.plan(
            tx, [PlannedAlert(kind=AlertKind.NOTICE, recipient=gone, facts={"items": []}, condition="x")], place.now
        )
    place.write(CONFIG)
    place.look()
    with place.app.store.read() as tx:
        assert alerts.waiting(tx) == {gone: 1}


def test_a_clock_that_was_set_back_makes_due_what_it_had_put_off(place: Place) -> None:
    notice = PlannedAlert(kind=AlertKind.NOTICE, recipient=TEAM, facts={"items": []}, condition="x")
    with place.app.store.write() as tx:
        alerts.plan(tx, [notice], place.now)
        told = batches.claim_next(tx, "team", place.now, LEASE, "me")
        claims.mark_retry(
            tx, told, "me", place.now, next_at=place.now + timedelta(hours=6), error="x", maybe_sent=False
        )
        record = records.ensure(tx, [nct(1)], place.now)[nct(1)]
    place.look_at_clock()
    place.look_at_clock()
    assert place.told() == []
    place.now -= timedelta(days=2)
    place.look_at_clock()
    with place.app.store.read() as tx:
        assert batches.due_destinations(tx, place.now) == ("team",)
        row = records.by_ids(tx, [record.id])[record.id]
    assert row.next_due is None or row.next_due <= place.now
    place.look_at_clock()
    (condition,) = place.told()
    assert "set back by 2 days, to 23 Nov 2026 12:00 UTC." in str(condition.facts["message"])


def test_a_record_put_off_by_another_clock_is_due_now(place: Place) -> None:
    with place.app.store.write() as tx:
        row = records.ensure(tx, [nct(1)], place.now)[nct(1)]
        tx.run(update(tables.records).values(next_due=place.now + timedelta(days=9)))
        clock_moved(tx, timedelta(days=-10), place.now, within=timedelta(seconds=10))
        assert records.by_ids(tx, [row.id])[row.id].next_due == place.now


def test_a_pass_goes_by_the_clock_as_it_was_looked_at(place: Place) -> None:
    place.write(CONFIG + NOBODY_THERE)
    readings = iter([place.now, *[place.now + timedelta(days=3652)] * 100])
    place.daemon.app = replace(place.look(), clock=lambda: next(readings))
    asyncio.run(place.daemon.check())
    with place.app.store.read() as tx:
        coverage = passes.latest(tx)
    assert coverage is not None
    assert abs(coverage.started_at - place.now) < timedelta(minutes=1)


def test_a_store_that_could_not_be_used_and_came_back_is_told_once(place: Place) -> None:
    async def full() -> None:
        raise StoreReadOnly("The disk is full.")

    async def tick_in_vain() -> None:
        await _tracked(full, place.daemon, set())()

    asyncio.run(tick_in_vain())
    place.now += timedelta(hours=3)
    asyncio.run(tick_in_vain())
    for _ in range(2):
        asyncio.run(place.daemon.check())
    assert place.daemon.planned, "it is sent at once"
    with place.app.store.read() as tx:
        (notice,) = alerts.list_alerts(tx)
    assert "from 25 Nov 2026 12:00 to 25 Nov 2026 15:00 UTC. The disk is full." in str(notice.facts["items"])
