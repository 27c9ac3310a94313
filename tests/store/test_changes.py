"""The change log."""

from __future__ import annotations

from dataclasses import replace

from monitor.model.change import Category, Cause, Change, Kind, Severity
from monitor.model.record import SourceName
from monitor.model.watch import WatchState
from monitor.store import changes, records, watches
from monitor.store.engine import Store
from tests.store.store_values import HOUR, NOW, change, make_record, nct, page, spec

FOUND = (
    change(),
    change(category=Category.CRITERIA, kind=Kind.ADDED, before=None, after={"text": "x"}, severity=Severity.MAJOR),
    change(category=Category.ADMINISTRATIVE, severity=Severity.ADMINISTRATIVE, cause=Cause.REGISTRY, detail={}),
)


def add(store: Store, record_id: int, n: int = 1, found: tuple[Change, ...] = FOUND) -> tuple[int, ...]:
    with store.write() as tx:
        return changes.add(
            tx,
            record_id,
            from_version=n,
            to_version=n + 1,
            observed_at=NOW + n * HOUR,
            found=found,
            comparer_version=3,
        )


def test_changes_come_back_as_they_were_found_with_what_the_trial_is_known_by(store: Store) -> None:
    record = make_record(store, nct(1), ("one", "two"))
    with store.write() as tx:
        records.settle(tx, [replace(record, title="A trial", sponsor="Sponsor")])
        watch, _ = watches.add(tx, spec(nct(1), label="My trial"), "command", NOW)
        watches.link(tx, watch.id, record.id)
    ids = add(store, record.id)
    with store.read() as tx:
        stored = changes.history(tx)
    assert tuple(item.change for item in stored) == FOUND
    assert tuple(item.id for item in stored) == ids
    first = stored[0]
    assert (first.observed_at, first.from_version, first.to_version) == (NOW + HOUR, 1, 2)
    assert (first.source, first.source_id, first.registry_id) == ("ctgov", "NCT00000001", "NCT00000001")
    assert (first.watch, first.label, first.title, first.sponsor) == ("My trial", "My trial", "A trial", "Sponsor")
    assert first.posted == "2026-11-20"


def test_nothing_found_adds_nothing(store: Store) -> None:
    record = make_record(store, nct(1), ("one", "two"))
    assert add(store, record.id, found=()) == ()


def test_a_trial_without_a_watch_is_known_by_its_number_or_address(store: Store) -> None:
    for key in (nct(1), page("a-trial")):
        add(store, make_record(store, key, ("one", "two")).id, found=FOUND[:1])
    with store.read() as tx:
        known: list[tuple[SourceName, str, str | None]] = [
            (item.source, item.watch, item.registry_id) for item in changes.history(tx)
        ]
    assert known == [("ctgov", "NCT00000001", "NCT00000001"), ("ctv", "a-trial", None)]


def test_a_trial_is_known_by_its_first_standing_watch_and_the_first_label(store: Store) -> None:
    record = make_record(store, nct(1), ("one", "two"))
    add(store, record.id, found=FOUND[:1])
    with store.write() as tx:
        for key, label in ((page("gone"), "Gone"), (page("a-trial"), None), (nct(1), "Label")):
            watch, _ = watches.add(tx, spec(key, label=label), "command", NOW)
            watches.link(tx, watch.id, record.id)
        watches.set_state(tx, [1], WatchState.REMOVED, NOW)
        (item,) = changes.history(tx)
    assert (item.watch, item.label) == ("Label", "Label")


def test_history_is_filtered_by_what_is_asked_for(store: Store) -> None:
    first, second = (make_record(store, nct(n), ("one", "two", "three")) for n in (1, 2))
    ids = {(record.id, n): add(store, record.id, n) for record in (first, second) for n in (1, 2)}
    with store.read() as tx:
        everything = [item.id for item in changes.history(tx)]
        assert everything == [*ids[first.id, 2], *ids[second.id, 2], *ids[first.id, 1], *ids[second.id, 1]]
        assert [item.id for item in changes.history(tx, limit=2)] == everything[:2]
        of_first = [*ids[first.id, 2], *ids[first.id, 1]]
        assert [item.id for item in changes.history(tx, record_ids=[first.id])] == of_first
        assert changes.history(tx, record_ids=[]) == ()
        assert len(changes.history(tx, since=NOW + 2 * HOUR)) == 6
        assert len(changes.history(tx, until=NOW + 2 * HOUR)) == 6
        assert len(changes.history(tx, categories=[Category.CRITERIA, Category.DATES])) == 4
        assert len(changes.history(tx, min_severity=Severity.MAJOR)) == 8
        assert len(changes.history(tx, min_severity=Severity.ADMINISTRATIVE)) == 12
        assert [item.id for item in changes.history(tx, ids=everything[3:5])] == everything[3:5]


def test_an_echo_waits_until_its_time_or_until_it_is_closed(store: Store) -> None:
    record = make_record(store, page("a-trial"), ("one", "two"))
    first, second, third = add(store, record.id)
    with store.write() as tx:
        changes.await_echo(tx, [first, second], NOW + 72 * HOUR)
        assert changes.open_echoes(tx, NOW + 71 * HOUR) == ()
        assert [item.id for item in changes.open_echoes(tx, NOW + 72 * HOUR)] == [first, second]
        changes.close_echo(tx, [first, third])
        assert [item.id for item in changes.open_echoes(tx, NOW + 99 * HOUR)] == [second]


def test_text_that_no_database_holds_does_not_stop_a_change(store: Store) -> None:
    record = make_record(store, nct(1), ("one", "two"))
    add(store, record.id, found=(change(before="a\ud800b\0", after=["\ud800", {"c": None}]),))
    with store.read() as tx:
        (item,) = changes.history(tx)
    mark = "\N{REPLACEMENT CHARACTER}"
    assert (item.change.before, item.change.after) == (f"a{mark}b\0", [mark, {"c": None}])
