"""What lasts for a while, stored, and a clock that is set meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from monitor.model.alert import AlertKind, PlannedAlert, Recipient
from monitor.model.version import HostRest
from monitor.pipeline.schedule import is_due
from monitor.pipeline.upkeep import clock_moved
from monitor.store import alerts, batches, claims, conditions, hosts, records, tables, waits
from monitor.store.conditions import Raised
from monitor.store.engine import Store, open_store
from monitor.store.transaction import Tx
from tests.store.store_values import LEASE, nct

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEAM = Recipient(destination="team", address="")
LOOK = timedelta(seconds=10)
JUMPS = [timedelta(hours=1), timedelta(hours=-1), timedelta(days=3652), timedelta(days=-20_000)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path}/monitor.db", migrate=True, say=print)
    yield store
    store.close()


def denied(tx: Tx, *moments: datetime) -> None:
    (row,) = records.ensure(tx, [nct(1)], NOW).values()
    told = [moment.isoformat() for moment in moments]
    lost = {"locations": moments[0].isoformat()}
    tx.run(update(tables.records).where(tables.records.c.id == row.id).values(absences=told, losses=lost))


def denials(tx: Tx) -> tuple[tuple[datetime, ...], list[datetime]]:
    (row,) = records.all_rows(tx)
    return row.absences, list(row.losses.values())


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_what_lasts_goes_along_with_the_clock(store: Store, jump: timedelta) -> None:
    with store.write() as tx:
        denied(tx, NOW - 2 * HOUR)
        conditions.raise_condition(tx, Raised(key="down:team", kind="down", facts={}), NOW - 3 * HOUR)
        hosts.save_rests(tx, [HostRest(host="https://a", status=429, until=NOW + HOUR, refusals=1)])
        clock_moved(tx, jump, NOW + jump, within=LOOK)
        assert denials(tx) == ((NOW - 2 * HOUR + jump,), [NOW - 2 * HOUR + jump])
        assert [each.until for each in hosts.rests(tx)] == [NOW + HOUR + jump]
        down = next(each for each in conditions.open_conditions(tx) if each.kind == "down")
        assert down.first_seen == NOW - 3 * HOUR + jump


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_a_wait_that_was_asked_for_stays_as_long_as_it_was(store: Store, jump: timedelta) -> None:
    notice = PlannedAlert(kind=AlertKind.NOTICE, recipient=TEAM, facts={"items": []}, condition="x")
    with store.write() as tx:
        alerts.plan(tx, [notice], NOW)
        told = batches.claim_next(tx, "team", NOW, LEASE, "me")
        until = NOW + 2 * HOUR
        claims.mark_retry(tx, told, "me", NOW, next_at=until, error="x", maybe_sent=False, not_before=until)
        clock_moved(tx, jump, NOW + jump, within=LOOK)
        assert batches.due_destinations(tx, until + jump - LOOK) == ()
        assert batches.due_destinations(tx, until + jump) == ("team",)


def test_what_the_new_clock_wrote_before_anybody_saw_it_stays(store: Store) -> None:
    jump = timedelta(days=-20_000)
    with store.write() as tx:
        denied(tx, NOW, NOW + jump + LOOK / 2)
        clock_moved(tx, jump, NOW + jump + LOOK, within=LOOK)
        assert denials(tx)[0] == (NOW + jump, NOW + jump + LOOK / 2)


def test_what_began_in_the_future_begins_now_and_no_echo_waits_for_years(store: Store) -> None:
    patience = timedelta(days=3)
    with store.write() as tx:
        conditions.raise_condition(tx, Raised(key="down:team", kind="down", facts={}), NOW + 9999 * HOUR)
        (row,) = records.ensure(tx, [nct(1)], NOW).values()
        change = dict.fromkeys(("category", "path", "kind", "cause", "sentence"), "x")
        seen = {"record_id": row.id, "from_version": 1, "to_version": 2, "observed_at": NOW + 9999 * HOUR}
        echo = {**change, **seen, "severity_rank": 1, "detail": {}, "strong": [], "comparer_version": 1}
        tx.run(tables.changes.insert().values(**echo, echo_due=NOW + 9999 * HOUR))
        waits.bound(tx, NOW, echoes=patience)
        assert [each.first_seen for each in conditions.open_conditions(tx)] == [NOW]
        assert tx.run(select(tables.changes.c.echo_due)).scalars().all() == [NOW + patience]


def test_a_due_time_further_off_than_two_intervals_is_a_clocks_error() -> None:
    every = timedelta(hours=6)
    assert not is_due(NOW + 12 * HOUR, every, now=NOW)
    assert is_due(NOW + 13 * HOUR, every, now=NOW)
    assert not is_due(NOW + timedelta(days=7), every, now=NOW, failing=True), "its source asked for that"
    assert is_due(NOW + timedelta(days=8), every, now=NOW, failing=True)
