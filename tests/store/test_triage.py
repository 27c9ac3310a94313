"""What people did about changes, on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from monitor.errors import StoreError
from monitor.model.triage import Deed, Triage, TriageEntry, TriageState
from monitor.store import triage
from monitor.store.engine import Store, open_store
from tests.store.store_making import silent
from tests.store.store_values import HOUR, NOW, make_record, nct
from tests.store.test_changes import add

ACK = TriageEntry(deed=Deed.ACKNOWLEDGE, by="Ana", at=NOW)
NOTE = TriageEntry(deed=Deed.NOTE, by="Ana", at=NOW, text="Ask the site.")
ASSIGN = TriageEntry(deed=Deed.ASSIGN, by="Ana", at=NOW, text="Bo")
REOPEN = TriageEntry(deed=Deed.REOPEN, by="Bo", at=NOW)


def found(store: Store) -> tuple[int, ...]:
    return add(store, make_record(store, nct(1), ("one", "two")).id)


def do(store: Store, ids: tuple[int, ...], *entries: TriageEntry) -> None:
    for entry in entries:
        with store.write() as tx:
            triage.add(tx, ids, entry)


def test_what_nobody_touched_has_no_state(store: Store) -> None:
    ids = found(store)
    with store.read() as tx:
        assert triage.read(tx, ids) == {}
        assert triage.newest_note(tx, [1]) is None


def test_the_state_is_that_of_the_last_deed_and_the_log_keeps_every_one(store: Store) -> None:
    first, second, _ = found(store)
    do(store, (first, second), ACK)
    do(store, (first,), NOTE, ASSIGN, replace(NOTE, text="They called back."), REOPEN)
    with store.read() as tx:
        stands = triage.read(tx, (first, second))
    assert stands == {
        first: Triage(
            state=TriageState.OPEN,
            assignee="Bo",
            entries=(ACK, NOTE, ASSIGN, replace(NOTE, text="They called back."), REOPEN),
        ),
        second: Triage(state=TriageState.ACKNOWLEDGED, assignee=None, entries=(ACK,)),
    }
    assert [entry.text for entry in stands[first].notes] == ["Ask the site.", "They called back."]


def test_the_newest_note_is_the_last_one_written_whatever_its_clock_said(store: Store) -> None:
    first, second, _ = found(store)
    do(store, (first,), ASSIGN, replace(NOTE, at=NOW + HOUR))
    do(store, (second,), replace(NOTE, text="Later.", at=NOW - HOUR))
    with store.read() as tx:
        newest = triage.newest_note(tx, [1])
        assert newest is not None
        assert (newest.text, newest.assignee, newest.at) == ("Later.", None, NOW - HOUR)
        assert triage.newest_note(tx, [2]) is None
        assert triage.newest_note(tx, []) is None
    do(store, (first,), replace(NOTE, text="Latest."))
    with store.read() as tx:
        newest = triage.newest_note(tx, [1, 2])
    assert newest is not None
    assert (newest.text, newest.assignee) == ("Latest.", "Bo")


def test_a_change_that_is_not_there_can_have_no_state(store: Store) -> None:
    with pytest.raises(StoreError), store.write() as tx:
        triage.add(tx, (77,), ACK)


def test_two_people_at_the_same_time_both_stand_in_the_log(store: Store, url: str) -> None:
    (first, *_) = found(store)

    def note(who: str) -> None:
        own = open_store(url, migrate=False, say=silent)
        for n in range(10):
            do(own, (first,), replace(NOTE, by=who, text=f"{who} {n}"))
        own.close()

    people = [threading.Thread(target=note, args=(who,)) for who in ("Ana", "Bo")]
    for each in people:
        each.start()
    for each in people:
        each.join()
    with store.read() as tx:
        notes = [entry.text for entry in triage.read(tx, (first,))[first].notes]
    assert sorted(map(str, notes)) == sorted(f"{who} {n}" for who in ("Ana", "Bo") for n in range(10))
