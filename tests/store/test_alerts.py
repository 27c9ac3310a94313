"""The outbox: planned once, named by a code, listed and counted."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.alert import AlertKind, AlertState, Recipient
from monitor.store import alert_key, alerts, claims, tables
from monitor.store.engine import Store
from tests.store.outbox import claim, in_row, one, plan
from tests.store.store_values import HOUR, NOW, SLACK, TEAM, make_record, nct, page, planned


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
        claims.mark_sent(tx, claimed[:1], "me", NOW)
    assert plan(store, *wanted) == ()
    with store.read() as tx:
        assert len(alerts.list_alerts(tx)) == 3


def test_what_differs_in_any_part_of_the_key_is_another_alert(store: Store) -> None:
    records = [make_record(store, nct(n), ("one", "two")).id for n in (1, 2)]
    wanted = [
        planned(records[0]),
        planned(records[1]),
        planned(records[0], from_version=2, to_version=3),
        planned(records[0], from_version=1, to_version=3),
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
