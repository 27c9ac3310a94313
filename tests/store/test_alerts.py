"""The outbox: planned once, claimed by one, told in order, nothing dropped in silence."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.alert import Alert, AlertKind, AlertState, PlannedAlert, Recipient
from monitor.store import alert_key, alerts, claims, tables
from monitor.store.engine import Store
from tests.store.store_values import HOUR, LEASE, MINUTE, NOW, SLACK, TEAM, make_record, nct, page, planned


def plan(store: Store, *wanted: PlannedAlert) -> tuple[Alert, ...]:
    with store.write() as tx:
        return alerts.plan(tx, wanted, NOW)


def claim(store: Store, holder: str = "me", now: timedelta = timedelta(), limit: int = 100) -> tuple[Alert, ...]:
    with store.write() as tx:
        return claims.claim(tx, NOW + now, LEASE, holder, limit)


def one(store: Store, alert: Alert) -> Alert:
    with store.read() as tx:
        found = alerts.get(tx, alert.id)
    assert found is not None
    return found


def test_an_alert_comes_back_as_it_was_planned(store: Store) -> None:
    record = make_record(store, nct(1), ("one", "two"))
    (alert,) = plan(store, planned(record.id, change_ids=(4, 7), facts={"title": "A", "n": [1, None]}))
    assert alert == one(store, alert)
    assert (alert.kind, alert.recipient, alert.record_id) == (AlertKind.CHANGE, TEAM, record.id)
    assert (alert.registry_id, alert.from_version, alert.to_version) == ("NCT00000001", 1, 2)
    assert (alert.change_ids, alert.facts) == ((4, 7), {"title": "A", "n": [1, None]})
    assert (alert.state, alert.attempts, alert.maybe_sent) == (AlertState.PENDING, 0, False)
    assert (alert.created_at, alert.next_attempt_at, alert.sent_at, alert.last_error) == (NOW, NOW, None, None)


def test_planning_twice_adds_nothing(store: Store) -> None:
    record = make_record(store, nct(1), ("one", "two"))
    wanted = (planned(record.id), planned(record.id, SLACK), planned(condition="failing:1", kind=AlertKind.NOTICE))
    first = plan(store, *wanted, wanted[0])
    assert [alert.recipient for alert in first] == [TEAM, SLACK, TEAM]
    claimed = claim(store)
    with store.write() as tx:
        claims.mark_sent(tx, claimed[0], "me", NOW)
    assert plan(store, *wanted) == ()
    with store.read() as tx:
        assert len(alerts.list_alerts(tx)) == 3


def test_what_differs_in_any_part_of_the_key_is_another_alert(store: Store) -> None:
    records = [make_record(store, nct(n), ("one", "two")).id for n in (1, 2)]
    wanted = [
        planned(records[0]),
        planned(records[1]),
        planned(records[0], from_version=2, to_version=3),
        planned(records[0], SLACK),
        planned(records[0], Recipient(destination="team", address="other@example.org")),
        planned(records[0], kind=AlertKind.GONE),
        planned(records[0], kind=AlertKind.GONE, condition="since Monday"),
        planned(condition="failing:1", kind=AlertKind.NOTICE),
        planned(condition="failing:2", kind=AlertKind.NOTICE),
        planned(condition="failing:1", kind=AlertKind.WELCOME),
    ]
    made = plan(store, *wanted)
    assert len(made) == len({alert.code for alert in made}) == len(wanted)
    assert [alert.kind for alert in made] == [alert.kind for alert in wanted]


def test_nothing_planned_adds_nothing(store: Store) -> None:
    assert plan(store) == ()


def test_an_alert_of_a_page_without_a_number_has_none(store: Store) -> None:
    (alert,) = plan(store, planned(make_record(store, page("a-trial"), ("one", "two")).id))
    assert alert.registry_id is None


def test_an_alert_is_found_by_its_code_as_a_person_types_it(store: Store) -> None:
    (alert,) = plan(store, planned(condition="x"))
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", alert.code)
    spellings = (
        alert.code,
        alert.code.lower(),
        alert.code.replace("-", ""),
        f" {alert.code} ",
        str(alert.id),
        alert.id,
    )
    with store.read() as tx:
        assert [alerts.get(tx, spelling) for spelling in spellings] == [alert] * len(spellings)
        assert alerts.get(tx, "0000-0000") is None
        assert alerts.get(tx, "no code at all") is None
        assert alerts.get(tx, 999) is None


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert alert_key.read_code("7k2m-o4il") == "7K2M-0411"


def test_an_alert_whose_code_is_taken_gets_the_next_eight_characters(store: Store) -> None:
    wanted = planned(condition="x")
    first, second, *_ = alert_key.codes(alert_key.alert_key(wanted, None))
    (other,) = plan(store, planned(condition="other"))
    with store.write() as tx:
        tx.run(tables.alerts.update().where(tables.alerts.c.id == other.id).values(code=first))
    (alert,) = plan(store, wanted)
    assert alert.code == second


@given(st.binary(min_size=32, max_size=32))
def test_a_key_gives_six_codes_that_spell_it(key: bytes) -> None:
    spelled = "".join(code.replace("-", "") for code in alert_key.codes(key.hex()))
    number = int.from_bytes(key) >> (256 - 240)
    assert len(spelled) == 48
    assert sum(alert_key.CROCKFORD.index(c) << 5 * n for n, c in enumerate(reversed(spelled))) == number


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


def test_only_the_destinations_asked_for_are_claimed(store: Store) -> None:
    plan(store, planned(condition="x"), planned(None, SLACK, condition="x"))
    with store.write() as tx:
        claimed = claims.claim(tx, NOW, LEASE, "me", 9, destinations=["slack"])
    assert [alert.recipient for alert in claimed] == [SLACK]


def test_a_sent_alert_is_done(store: Store) -> None:
    plan(store, planned(condition="x"))
    (alert,) = claim(store)
    with store.write() as tx:
        assert claims.mark_sent(tx, alert, "me", NOW + MINUTE)
        assert not claims.mark_sent(tx, alert, "me", NOW + MINUTE)
    sent = one(store, alert)
    assert (sent.state, sent.sent_at, sent.maybe_sent) == (AlertState.SENT, NOW + MINUTE, False)
    assert claim(store, now=HOUR) == ()
    with store.read() as tx:
        (attempt,) = alerts.list_attempts(tx, alert.id)
        assert claims.next_due(tx) is None
    assert (attempt.outcome, attempt.finished_at) == ("sent", NOW + MINUTE)


@pytest.mark.parametrize("maybe", [True, False])
def test_a_failed_attempt_is_tried_again_when_its_time_comes(store: Store, *, maybe: bool) -> None:
    plan(store, planned(condition="x"))
    (alert,) = claim(store)
    with store.write() as tx:
        assert claims.mark_retry(tx, alert, "me", NOW, next_at=NOW + HOUR, error="Time-out.", maybe_sent=maybe)
        assert claims.next_due(tx) == NOW + HOUR
        assert claims.due_count(tx, NOW) == 0
        assert claims.due_count(tx, NOW + HOUR) == 1
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
            claims.mark_retry(tx, alert, "me", NOW, next_at=NOW, error="Time-out.", maybe_sent=maybe)
    assert one(store, alert).maybe_sent


def test_a_dead_alert_stays_visible_and_can_be_tried_again(store: Store) -> None:
    plan(store, planned(condition="x"))
    (alert,) = claim(store)
    with store.write() as tx:
        assert claims.mark_dead(tx, alert, "me", NOW, error="No such address.")
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
        assert claims.release_expired(tx, NOW + LEASE) == ()
        assert claims.release_expired(tx, NOW + LEASE + MINUTE) == (alert.id,)
    (again,) = claim(store, "sleeper", now=HOUR)
    assert again.maybe_sent
    with store.write() as tx:
        assert not claims.mark_sent(tx, alert, "sleeper", NOW)
        assert not claims.mark_retry(tx, alert, "sleeper", NOW, next_at=NOW, error="x", maybe_sent=False)
        assert not claims.mark_dead(tx, alert, "sleeper", NOW, error="x")
        assert not claims.mark_held(tx, alert, "sleeper", NOW, error="x")
        assert not claims.mark_sent(tx, again, "other", NOW)
        assert claims.mark_sent(tx, again, "sleeper", NOW)
        outcomes = [attempt.outcome for attempt in alerts.list_attempts(tx, alert.id)]
    assert outcomes == ["unknown", "sent"]


def test_the_claims_of_a_dead_run_go_out_again_and_say_so(store: Store) -> None:
    first, second = plan(store, planned(condition="x"), planned(condition="y"))
    claim(store, "dead", limit=1)
    claim(store, "alive", limit=1)
    with store.write() as tx:
        assert claims.release_others(tx, "alive", NOW + MINUTE) == (first.id,)
    (again,) = claim(store, "alive", now=MINUTE)
    assert (again.id, again.maybe_sent, again.attempts) == (first.id, True, 2)
    assert one(store, second).state is AlertState.CLAIMED


def in_row(store: Store, count: int, to: Recipient = TEAM) -> tuple[Alert, ...]:
    """Alerts of consecutive changes of one record."""
    record = make_record(store, nct(1))
    return plan(store, *(planned(record.id, to, from_version=n, to_version=n + 1) for n in range(1, count + 1)))


@pytest.mark.parametrize("ends", ["sent", "dead", "dropped"])
def test_a_later_alert_of_the_same_trial_waits_until_the_earlier_one_is_done(store: Store, ends: str) -> None:
    first, second = in_row(store, 2)
    (claimed,) = claim(store)
    assert claimed.id == first.id
    assert claim(store) == ()
    with store.write() as tx:
        if ends == "sent":
            claims.mark_sent(tx, claimed, "me", NOW)
        else:
            claims.mark_dead(tx, claimed, "me", NOW, error="x")
        if ends == "dropped":
            alerts.drop(tx, [first.id])
    assert [alert.id for alert in claim(store)] == [second.id]


@pytest.mark.parametrize("waits", ["retry", "held"])
def test_a_later_alert_waits_for_an_earlier_one_that_will_be_tried_again(store: Store, waits: str) -> None:
    in_row(store, 2)
    (claimed,) = claim(store)
    with store.write() as tx:
        if waits == "retry":
            claims.mark_retry(tx, claimed, "me", NOW, next_at=NOW + 2 * HOUR, error="x", maybe_sent=False)
            assert claims.next_due(tx) == NOW + 2 * HOUR
        else:
            claims.mark_held(tx, claimed, "me", NOW, error="x")
            assert claims.next_due(tx) is None
        assert claims.due_count(tx, NOW + HOUR) == 0
    assert claim(store, now=HOUR) == ()


def test_other_recipients_and_other_trials_do_not_wait(store: Store) -> None:
    in_row(store, 2)
    other = make_record(store, nct(2))
    plan(
        store, planned(other.id), planned(1, SLACK), planned(1, Recipient(destination="team", address="b@example.org"))
    )
    assert len(claim(store)) == 4
    assert claim(store) == ()


def test_what_is_held_goes_on_when_its_destination_is_released(store: Store) -> None:
    plan(store, planned(condition="x"), planned(condition="y"), planned(None, SLACK, condition="x"))
    (claimed,) = claim(store, limit=1)
    with store.write() as tx:
        assert claims.mark_held(tx, claimed, "me", NOW, error="Log-in refused.")
        assert claims.hold_destination(tx, "team", error="Log-in refused.") == 1
        assert claims.held_destinations(tx) == ("team",)
        assert alerts.counts(tx)[AlertState.HELD] == 2
    assert [alert.recipient for alert in claim(store)] == [SLACK]
    with store.write() as tx:
        assert claims.release_destination(tx, "team", NOW + HOUR) == 2
    again = claim(store, now=HOUR)
    assert [(alert.recipient, alert.maybe_sent, alert.last_error) for alert in again] == [
        (TEAM, False, "Log-in refused.")
    ] * 2


def test_one_recipient_can_be_held_alone(store: Store) -> None:
    other = Recipient(destination="team", address="b@example.org")
    plan(store, planned(condition="x"), planned(None, other, condition="x"))
    with store.write() as tx:
        assert claims.hold_destination(tx, "team", error="x", recipient="b@example.org") == 1
    assert [alert.recipient for alert in claim(store)] == [TEAM]


def test_a_dropped_alert_stays_in_the_log_and_is_not_sent(store: Store) -> None:
    first, second = plan(store, planned(condition="x"), planned(condition="y"))
    (claimed,) = claim(store, limit=1)
    with store.write() as tx:
        assert alerts.drop(tx, [first.id, second.id]) == (second.id,)
        claims.mark_sent(tx, claimed, "me", NOW)
        assert alerts.drop(tx, [first.id]) == ()
        assert alerts.retry(tx, [first.id], NOW) == ()
    assert claim(store, now=HOUR) == ()
    assert one(store, second).state is AlertState.DROPPED
    with store.write() as tx:
        assert alerts.retry(tx, [second.id], NOW) == (second.id,)
    assert [alert.id for alert in claim(store)] == [second.id]


def test_the_next_due_moment_is_the_end_of_a_lease_if_that_is_first(store: Store) -> None:
    plan(store, planned(condition="x"))
    claim(store)
    with store.read() as tx:
        assert claims.next_due(tx) == NOW + LEASE


def test_every_state_is_counted(store: Store) -> None:
    plan(store, planned(condition="x"))
    with store.read() as tx:
        assert alerts.counts(tx) == dict.fromkeys(AlertState, 0) | {AlertState.PENDING: 1}


def test_alerts_are_listed_newest_first_as_asked_for(store: Store) -> None:
    made = in_row(store, 3)
    with store.read() as tx:
        assert alerts.list_alerts(tx) == tuple(reversed(made))
        assert alerts.list_alerts(tx, limit=1) == (made[-1],)
        assert alerts.list_alerts(tx, [AlertState.SENT]) == ()
        assert alerts.list_alerts(tx, record_ids=[1]) == tuple(reversed(made))
        assert alerts.list_alerts(tx, record_ids=[2]) == ()
        assert alerts.list_alerts(tx, since=NOW + HOUR) == ()
        assert alerts.by_ids(tx, [made[1].id, made[0].id]) == made[:2]
