"""Suspects, passes, resting hosts, conditions and single facts."""

from __future__ import annotations

from dataclasses import replace

from monitor.model.coverage import Coverage, Outcome, Problem, SourceUse
from monitor.model.reading import Body
from monitor.model.version import HostRest
from monitor.store import bodies, conditions, hosts, meta, passes, suspects
from monitor.store.conditions import Raised
from monitor.store.engine import Store
from tests.store.store_values import HOUR, NOW, make_record, nct

PAGE = Body(content=b"<h1>Maintenance</h1>", media_type="text/html")


def test_a_suspect_body_is_kept_once_and_seen_again(store: Store) -> None:
    record = make_record(store, nct(1))
    with store.write() as tx:
        kept = suspects.keep(tx, record.id, PAGE, ["No title.", "No status."], NOW)
        again = suspects.keep(tx, record.id, PAGE, ["No title."], NOW + HOUR)
        assert again == replace(kept, last_seen_at=NOW + HOUR)
        assert suspects.waiting(tx) == (again,)
        assert suspects.get(tx, kept.id) == again
        assert suspects.get(tx, 99) is None
        assert bodies.read_body(tx, kept.body_digest) == PAGE
    assert (kept.key, kept.reasons, kept.state) == (nct(1), ("No title.", "No status."), "waiting")


def test_what_a_person_decided_stays_decided_when_the_body_is_seen_again(store: Store) -> None:
    record = make_record(store, nct(1))
    with store.write() as tx:
        kept = suspects.keep(tx, record.id, PAGE, ["No title."], NOW)
        assert suspects.set_state(tx, [kept.id], "discarded", NOW) == 1
        assert suspects.set_state(tx, [kept.id], "accepted", NOW) == 0
        assert suspects.keep(tx, record.id, PAGE, ["No title."], NOW + HOUR).state == "discarded"
        assert suspects.waiting(tx) == ()


def test_a_sound_record_clears_what_waited_and_a_later_fault_waits_again(store: Store) -> None:
    record, other = make_record(store, nct(1)), make_record(store, nct(2))
    with store.write() as tx:
        suspects.keep(tx, record.id, PAGE, ["No title."], NOW)
        waiting = suspects.keep(tx, other.id, PAGE, ["No title."], NOW)
        assert suspects.clear_all(tx, [record.id], NOW) == 1
        assert suspects.waiting(tx) == (waiting,)
        again = suspects.keep(tx, record.id, PAGE, ["No status."], NOW + HOUR)
        assert (again.state, again.seen_at, again.reasons) == ("waiting", NOW + HOUR, ("No status.",))
        assert suspects.clear_all(tx, [record.id, other.id], NOW) == 2


def test_the_coverage_of_a_pass_comes_back_as_it_was(store: Store) -> None:
    coverage = Coverage(
        started_at=NOW,
        finished_at=NOW + HOUR,
        outcomes={Outcome.UNCHANGED: 195, Outcome.FAILED: 2},
        sources={"ctgov": SourceUse(data_timestamp="2026-11-20T09:00:05", requests=3)},
        problems=(Problem(watch="CD7", kind="failed", message="No answer."),),
    )
    with store.write() as tx:
        assert passes.latest(tx) is None
        first = passes.add(tx, Coverage(started_at=NOW, finished_at=None, outcomes={}))
        second = passes.add(tx, coverage)
        assert second > first
        assert passes.latest(tx) == coverage
        assert [item.finished_at for item in passes.recent(tx, 5)] == [NOW + HOUR, None]


def test_the_hosts_that_rest_are_those_saved_last(store: Store) -> None:
    rests = (
        HostRest(host="clinicaltrials.gov", status=429, until=NOW + HOUR, refusals=2),
        HostRest(host="ctv.veeva.com", status=403, until=NOW + 2 * HOUR),
    )
    with store.write() as tx:
        hosts.save_rests(tx, rests)
        assert hosts.rests(tx) == rests
        hosts.save_rests(tx, rests[1:])
        assert hosts.rests(tx) == rests[1:]
        hosts.save_rests(tx, [])
        assert hosts.rests(tx) == ()


def failing(key: str = "failing:1", **facts: str) -> Raised:
    return Raised(key=key, kind="failing", facts=facts)


def test_a_condition_counts_its_passes_and_keeps_the_facts_of_now(store: Store) -> None:
    record = make_record(store, nct(1))
    with store.write() as tx:
        first = conditions.raise_condition(
            tx, Raised(key="failing:1", kind="failing", record_id=record.id, facts={"error": "DNS"}), NOW
        )
        again = conditions.raise_condition(tx, failing(error="TLS"), NOW + HOUR)
        assert again == replace(first, facts={"error": "TLS"}, last_seen=NOW + HOUR, passes=2)
        assert conditions.open_conditions(tx) == (again,)
    assert (first.record_id, first.first_seen, first.passes) == (record.id, NOW, 1)


def test_many_conditions_are_raised_at_once(store: Store) -> None:
    raised = [failing(f"failing:{n}", n=str(n)) for n in range(600)]
    with store.write() as tx:
        conditions.raise_all(tx, raised[:300], NOW)
        found = conditions.raise_all(tx, raised, NOW + HOUR)
    assert [condition.passes for condition in found] == [2] * 300 + [1] * 300


def test_the_operator_is_told_once_of_the_fault_and_once_of_the_recovery(store: Store) -> None:
    with store.write() as tx:
        told = conditions.raise_condition(tx, failing(), NOW)
        assert conditions.untold(tx) == (told,)
        conditions.mark_told(tx, [told.id], NOW)
        assert conditions.untold(tx) == ()
        assert conditions.untold_recoveries(tx) == ()
        assert conditions.recover(tx, ["failing:1", "failing:2"], NOW + HOUR) == 1
        assert [condition.recovered_at for condition in conditions.untold_recoveries(tx)] == [NOW + HOUR]
        conditions.mark_told(tx, [told.id], NOW + HOUR)
        assert conditions.untold_recoveries(tx) == ()
        assert conditions.untold(tx) == ()


def test_a_recovery_from_what_nobody_was_told_of_is_not_told(store: Store) -> None:
    with store.write() as tx:
        conditions.raise_condition(tx, failing(), NOW)
        conditions.recover(tx, ["failing:1"], NOW)
        assert conditions.untold(tx) == ()
        assert conditions.untold_recoveries(tx) == ()


def test_the_same_fault_after_a_recovery_is_a_new_condition(store: Store) -> None:
    with store.write() as tx:
        first = conditions.raise_condition(tx, failing(), NOW)
        conditions.mark_told(tx, [first.id], NOW)
        conditions.recover(tx, ["failing:1"], NOW)
        second = conditions.raise_condition(tx, failing(), NOW + HOUR)
        assert (second.first_seen, second.passes) == (NOW + HOUR, 1)
        assert conditions.untold(tx) == (second,)
        assert [condition.id for condition in conditions.untold_recoveries(tx)] == [first.id]


def test_a_fact_is_kept_changed_and_forgotten(store: Store) -> None:
    with store.write() as tx:
        assert meta.read(tx, "normaliser") is None
        for value in ("1", "2"):
            meta.write(tx, "normaliser", value)
        assert meta.read(tx, "normaliser") == "2"
        meta.write(tx, "normaliser", None)
        assert meta.read(tx, "normaliser") is None
