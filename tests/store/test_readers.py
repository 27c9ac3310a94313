"""A reader goes out of the outbox on either database: what waits, what was told, and what identifies a row."""

from __future__ import annotations

from dataclasses import replace

from monitor.model.alert import AlertState, Recipient
from monitor.pipeline.readers import forget_reader
from monitor.store import alerts, claims, conditions, plans
from monitor.store.conditions import Raised
from monitor.store.engine import Store
from monitor.store.readers import NOBODY
from tests.store.outbox import claim, one, plan
from tests.store.store_values import NOW, TEAM, make_record, nct, planned

JANE = Recipient(destination="team", address="Jane@clinic.example")
OTHER = Recipient(destination="team", address="mary-jane@clinic.example")


def test_what_waits_is_dropped_and_what_was_told_names_nobody(store: Store) -> None:
    record = make_record(store, nct(1))
    wanted = [planned(record.id, to, facts={"to": [to.address], to.address: 1}) for to in (JANE, OTHER, TEAM)]
    hers, others, ours = plan(store, *wanted)
    with store.write() as tx:
        plans.expect(tx, wanted)
        conditions.raise_condition(tx, Raised(key=f"orphan:team:{JANE.address}", kind="orphan", facts={}), NOW)
        conditions.raise_condition(tx, Raised(key="dead:1", kind="dead", facts={"to": JANE.address.upper()}), NOW)
    done = forget_reader(store, "jane@CLINIC.example")
    assert done.dropped == 1
    assert done.rows == {"alerts": 1, "expected_alerts": 1, "conditions": 2}
    gone = one(store, hers)
    assert (gone.recipient.address, gone.state, gone.facts) == (NOBODY, AlertState.DROPPED, {"to": [NOBODY], NOBODY: 1})
    assert (one(store, others), one(store, ours)) == (others, ours)
    with store.read() as tx:
        assert {each.recipient.address for each in plans.expected(tx, record.id)} == {
            NOBODY,
            OTHER.address,
            TEAM.address,
        }
        assert [each.key for each in conditions.open_conditions(tx)] == ["dead:1"]


def test_what_a_dead_run_had_claimed_is_dropped_too_and_its_tries_name_nobody(store: Store) -> None:
    [hers] = plan(store, planned(make_record(store, nct(1)).id, JANE))
    told = claim(store)
    with store.write() as tx:
        claims.mark_retry(tx, told, "me", NOW, next_at=NOW, error=f"{JANE.address} was put off.", maybe_sent=False)
    claim(store, "another")
    assert forget_reader(store, JANE.address).dropped == 1
    with store.read() as tx:
        assert [each.message for each in alerts.list_attempts(tx, hers.id)] == [f"{NOBODY} was put off.", None]
    assert one(store, hers).last_error == f"{NOBODY} was put off."
    assert claim(store) == ()


def test_two_who_are_forgotten_stand_side_by_side(store: Store) -> None:
    record = make_record(store, nct(1))
    several = [replace(JANE, address=f"{name}@clinic.example") for name in ("jane", "tom")]
    both = plan(store, *(planned(record.id, each) for each in several))
    for each in several:
        assert forget_reader(store, each.address).something
    assert [one(store, each).recipient.address for each in both] == [NOBODY, NOBODY]
