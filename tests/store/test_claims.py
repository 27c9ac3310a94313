"""Sending the outbox: claimed by one, told in order, nothing dropped in silence."""

from __future__ import annotations

import pytest

from monitor.model.alert import AlertState, Recipient
from monitor.store import alerts, batches, claims
from monitor.store.engine import Store
from tests.store.outbox import claim, in_row, one, plan
from tests.store.store_values import HOUR, LEASE, MINUTE, NOW, SLACK, make_record, nct, planned


def test_a_claimed_alert_is_given_to_nobody_else(store: Store) -> None:
    (alert,) = plan(store, planned(condition="x"))
    (claimed,) = claim(store, "first")
    assert (claimed.id, claimed.state, claimed.attempts) == (alert.id, AlertState.CLAIMED, 1)
    assert claim(store, "second") == ()
    with store.read() as tx:
        (attempt,) = alerts.list_attempts(tx, alert.id)
    assert (attempt.number, attempt.started_at, attempt.finished_at, attempt.outcome) == (1, NOW, None, None)


def test_no_more_are_claimed_than_asked_for_the_oldest_first(store: Store) -> None:
    made = plan(store, *(planned(condition=str(n)) for n in range(5)))
    assert [alert.id for alert in claim(store, limit=2)] == [alert.id for alert in made[:2]]
    assert [alert.id for alert in claim(store, limit=9)] == [alert.id for alert in made[2:]]
    assert claim(store) == ()


def test_only_the_destination_asked_for_is_claimed(store: Store) -> None:
    plan(store, planned(condition="x"), planned(None, SLACK, condition="x"))
    with store.write() as tx:
        claimed = batches.claim_next(tx, "slack", NOW, LEASE, "me")
    assert [alert.recipient for alert in claimed] == [SLACK]


def test_a_sent_alert_is_done(store: Store) -> None:
    plan(store, planned(condition="x"))
    (alert,) = claim(store)
    with store.write() as tx:
        assert claims.mark_sent(tx, [alert], "me", NOW + MINUTE)
        assert not claims.mark_sent(tx, [alert], "me", NOW + MINUTE)
    sent = one(store, alert)
    assert (sent.state, sent.sent_at, sent.maybe_sent) == (AlertState.SENT, NOW + MINUTE, False)
    assert claim(store, now=HOUR) == ()
    with store.read() as tx:
        (attempt,) = alerts.list_attempts(tx, alert.id)
    assert (attempt.outcome, attempt.finished_at) == ("sent", NOW + MINUTE)


@pytest.mark.parametrize("maybe", [True, False])
def test_a_failed_attempt_is_tried_again_when_its_time_comes(store: Store, *, maybe: bool) -> None:
    plan(store, planned(condition="x"))
    (alert,) = claim(store)
    with store.write() as tx:
        assert claims.mark_retry(tx, [alert], "me", NOW, next_at=NOW + HOUR, error="Time-out.", maybe_sent=maybe)
        assert batches.due_destinations(tx, NOW) == ()
        assert batches.due_destinations(tx, NOW + HOUR) == ("team",)
    assert claim(store, now=HOUR - MINUTE) == ()
    (again,) = claim(store, now=HOUR)
    assert (again.attempts, again.maybe_sent, again.last_error) == (2, maybe, "Time-out.")
    with store.read() as tx:
        first, second = alerts.list_attempts(tx, alert.id)
    assert (first.outcome, first.message) == ("unknown" if maybe else "retry", "Time-out.")
    assert (second.number, second.outcome) == (2, None)


def test_what_may_have_been_sent_once_says_so_for_ever(store: Store) -> None:
    plan(store, planned(condition="x"))
    for maybe in (True, False):
        (alert,) = claim(store)
        with store.write() as tx:
            claims.mark_retry(tx, [alert], "me", NOW, next_at=NOW, error="Time-out.", maybe_sent=maybe)
    assert one(store, alert).maybe_sent


def test_a_dead_alert_stays_visible_and_can_be_tried_again(store: Store) -> None:
    plan(store, planned(condition="x"))
    (alert,) = claim(store)
    with store.write() as tx:
        assert claims.mark_dead(tx, [alert], "me", NOW, error="No such address.")
        assert [found.id for found in alerts.list_alerts(tx, [AlertState.DEAD])] == [alert.id]
        assert alerts.counts(tx)[AlertState.DEAD] == 1
        assert alerts.retry(tx, [alert.id, 999], NOW + HOUR) == (alert.id,)
        assert alerts.list_attempts(tx, alert.id)[0].outcome == "dead"
    (again,) = claim(store, now=HOUR)
    assert again.attempts == 2


def test_whoever_lost_the_claim_cannot_move_the_alert(store: Store) -> None:
    plan(store, planned(condition="x"))
    (alert,) = claim(store, "sleeper")
    with store.write() as tx:
        assert claims.release_all(tx, NOW + LEASE + MINUTE) == (alert.id,)
    (again,) = claim(store, "sleeper", now=HOUR)
    assert again.maybe_sent
    with store.write() as tx:
        assert not claims.mark_sent(tx, [alert], "sleeper", NOW)
        assert not claims.mark_retry(tx, [alert], "sleeper", NOW, next_at=NOW, error="x", maybe_sent=False)
        assert not claims.mark_dead(tx, [alert], "sleeper", NOW, error="x")
        assert not claims.mark_sent(tx, [again], "other", NOW)
        assert claims.mark_sent(tx, [again], "sleeper", NOW)
        outcomes = [attempt.outcome for attempt in alerts.list_attempts(tx, alert.id)]
    assert outcomes == ["unknown", "sent"]


def test_claims_that_nobody_can_be_sending_go_out_again_and_say_so(store: Store) -> None:
    first, second = plan(store, planned(condition="x"), planned(condition="y"))
    claim(store, "dead", limit=1)
    claim(store, "me", limit=1)
    with store.write() as tx:
        assert claims.release_all(tx, NOW + MINUTE) == (first.id, second.id)
    again = claim(store, "me", now=MINUTE)
    assert [(each.id, each.maybe_sent, each.attempts) for each in again] == [(first.id, True, 2), (second.id, True, 2)]


def test_what_is_put_off_is_not_tried_before_its_time(store: Store) -> None:
    plan(store, planned(condition="x"), planned(condition="y"))
    with store.write() as tx:
        assert claims.postpone(tx, "elsewhere", NOW + MINUTE, error="x") == 0
        assert claims.postpone(tx, planned().recipient.destination, NOW + MINUTE, error="refused") == 2
    assert claim(store) == ()
    assert len(claim(store, now=MINUTE)) == 2


@pytest.mark.parametrize(("asked", "due"), [(False, True), (True, False)])
def test_a_try_is_put_off_for_hours_by_us_and_for_days_only_if_the_other_side_asks(
    store: Store, *, asked: bool, due: bool
) -> None:
    plan(store, planned(condition="x"))
    claimed = claim(store)
    far = NOW + 48 * HOUR
    with store.write() as tx:
        before = far if asked else None
        claims.mark_retry(tx, claimed, "me", NOW, next_at=far, error="x", maybe_sent=False, not_before=before)
    assert bool(claim(store, now=HOUR)) is due, "a time that far ahead is that of a clock that was set back since"


def test_a_time_set_by_a_clock_that_was_years_ahead_is_no_time(store: Store) -> None:
    with store.write() as tx:
        alerts.plan(tx, [planned(condition="x")], NOW + 99_999 * HOUR)
    with store.read() as tx:
        assert batches.due_destinations(tx, NOW)
    assert len(claim(store)) == 1


@pytest.mark.parametrize("ends", ["sent", "dead", "dropped"])
def test_a_later_alert_of_the_same_trial_waits_until_the_earlier_one_is_done(store: Store, ends: str) -> None:
    first, second = in_row(store, 2)
    (claimed,) = claim(store)
    assert claimed.id == first.id
    assert claim(store) == ()
    with store.write() as tx:
        if ends == "sent":
            claims.mark_sent(tx, [claimed], "me", NOW)
        else:
            claims.mark_dead(tx, [claimed], "me", NOW, error="x")
        if ends == "dropped":
            alerts.drop(tx, [first.id])
    assert [alert.id for alert in claim(store)] == [second.id]


def test_a_later_alert_waits_for_an_earlier_one_that_will_be_tried_again(store: Store) -> None:
    in_row(store, 2)
    (claimed,) = claim(store)
    with store.write() as tx:
        claims.mark_retry(tx, [claimed], "me", NOW, next_at=NOW + 2 * HOUR, error="x", maybe_sent=False)
    assert claim(store, now=HOUR) == ()


def test_other_recipients_and_other_trials_do_not_wait(store: Store) -> None:
    in_row(store, 2)
    other = make_record(store, nct(2))
    plan(
        store, planned(other.id), planned(1, SLACK), planned(1, Recipient(destination="team", address="b@example.org"))
    )
    assert len(claim(store)) == 4
    assert claim(store) == ()


def test_a_dropped_alert_stays_in_the_log_and_is_not_sent(store: Store) -> None:
    first, second = plan(store, planned(condition="x"), planned(condition="y"))
    (claimed,) = claim(store, limit=1)
    with store.write() as tx:
        assert alerts.drop(tx, [first.id, second.id]) == (second.id,)
        claims.mark_sent(tx, [claimed], "me", NOW)
        assert alerts.drop(tx, [first.id]) == ()
        assert alerts.retry(tx, [first.id], NOW) == ()
    assert claim(store, now=HOUR) == ()
    assert one(store, second).state is AlertState.DROPPED
    with store.write() as tx:
        assert alerts.retry(tx, [second.id], NOW) == (second.id,)
    assert [alert.id for alert in claim(store)] == [second.id]
