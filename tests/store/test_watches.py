"""What users follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import UsageError
from monitor.model.watch import WatchState
from monitor.store import records, watches
from monitor.store.engine import Store
from tests.store.store_values import HOUR, NOW, make_record, nct, page, spec


def test_a_watch_comes_back_as_it_was_asked_for(store: Store) -> None:
    asked = spec(page("a-trial"), "car-t", "cd7", label="CD7", source="page", every=timedelta(hours=12))
    with store.write() as tx:
        watch, new = watches.add(tx, asked, "command", NOW)
        assert watches.all_watches(tx) == (watch,)
    assert new
    assert (watch.reference, watch.tags, watch.label) == (asked.reference, frozenset({"car-t", "cd7"}), "CD7")
    assert (watch.source, watch.every, watch.origin) == ("page", timedelta(hours=12), "command")
    assert (watch.state, watch.created_at) == (WatchState.ACTIVE, NOW)


def test_the_same_reference_again_unites_the_tags_and_takes_what_is_stated(store: Store) -> None:
    with store.write() as tx:
        first, _ = watches.add(tx, spec(nct(1), "a", label="One", every=HOUR), "command", NOW)
        again, new = watches.add(tx, spec(nct(1), "b"), "command", NOW + HOUR)
        renamed, _ = watches.add(tx, spec(nct(1), label="Two"), "command", NOW + HOUR)
    assert not new
    assert again == replace(first, tags=frozenset({"a", "b"}))
    assert (renamed.label, renamed.every, renamed.tags) == ("Two", HOUR, frozenset({"a", "b"}))


def test_a_removed_watch_is_revived_by_adding_it_again(store: Store) -> None:
    with store.write() as tx:
        watch, _ = watches.add(tx, spec(nct(1)), "command", NOW)
        assert watches.set_state(tx, [watch.id], WatchState.REMOVED, NOW) == 1
        assert watches.all_watches(tx) == ()
        assert watches.set_state(tx, [watch.id], WatchState.REMOVED, NOW) == 0
        revived, new = watches.add(tx, spec(nct(1)), "command", NOW)
    assert new
    assert revived == watch


def test_a_paused_watch_stays_paused_when_it_is_added_again(store: Store) -> None:
    with store.write() as tx:
        watch, _ = watches.add(tx, spec(nct(1)), "command", NOW)
        watches.set_state(tx, [watch.id], WatchState.PAUSED, NOW)
        again, new = watches.add(tx, spec(nct(1)), "command", NOW)
    assert (again.state, new) == (WatchState.PAUSED, False)


@pytest.mark.parametrize(
    "text",
    ["NCT00000001", " nct00000001 ", "My Trial", "my trial", "1"],
)
def test_a_watch_is_found_by_what_a_user_may_call_it(store: Store, text: str) -> None:
    with store.write() as tx:
        watch, _ = watches.add(tx, spec(nct(1), label="My Trial"), "command", NOW)
        watches.add(tx, spec(nct(2)), "command", NOW)
        assert watches.find(tx, text) == (watch,)


def test_a_watch_of_a_page_is_found_by_the_number_of_its_trial(store: Store) -> None:
    record = make_record(store, page("a-trial"))
    with store.write() as tx:
        watch, _ = watches.add(tx, spec(page("a-trial")), "command", NOW)
        watches.link(tx, watch.id, record.id)
        records.settle(tx, [replace(record, registry_id="NCT00000005")])
        assert watches.find(tx, "nct00000005") == (watch,)
        assert watches.find(tx, "ctv.veeva.com/study/A-Trial") == (watch,)
        assert watches.find(tx, "nothing of the kind") == ()
        assert watches.find(tx, "") == ()


def test_a_removed_watch_is_found_only_when_asked_for(store: Store) -> None:
    with store.write() as tx:
        watch, _ = watches.add(tx, spec(nct(1)), "command", NOW)
        watches.set_state(tx, [watch.id], WatchState.REMOVED, NOW)
        assert watches.find(tx, "NCT00000001") == ()
        assert [found.id for found in watches.find(tx, "NCT00000001", tuple(WatchState))] == [watch.id]


def test_a_watch_leads_to_its_records(store: Store) -> None:
    on_page, in_registry = make_record(store, page("a-trial")), make_record(store, nct(1))
    with store.write() as tx:
        first, _ = watches.add(tx, spec(page("a-trial")), "command", NOW)
        second, _ = watches.add(tx, spec(nct(1)), "command", NOW)
        for record in (on_page, in_registry, in_registry):
            watches.link(tx, first.id, record.id)
        watches.link(tx, second.id, in_registry.id)
        assert watches.links(tx) == {first.id: (on_page.id, in_registry.id), second.id: (in_registry.id,)}
        watches.unlink(tx, first.id, on_page.id)
        assert watches.links(tx)[first.id] == (in_registry.id,)


def test_the_file_adds_changes_and_pauses(store: Store) -> None:
    with store.write() as tx:
        made = watches.update_from_file(tx, [spec(nct(1), "a", label="One"), spec(nct(2))], NOW)
    assert [watch.reference.text for watch in made.added] == ["NCT00000001", "NCT00000002"]
    assert (made.paused, made.active_before) == ((), 0)
    with store.write() as tx:
        changed = watches.update_from_file(tx, [spec(nct(1), "b")], NOW + HOUR)
        first, second = watches.all_watches(tx)
    assert (changed.added, [watch.id for watch in changed.paused], changed.active_before) == ((), [second.id], 2)
    assert (first.tags, first.label, first.state) == (frozenset({"b"}), None, WatchState.ACTIVE)
    assert second.state is WatchState.PAUSED


def test_the_same_file_again_changes_nothing(store: Store) -> None:
    named = [spec(nct(n), "a", label=f"Trial {n}") for n in range(1, 5)]
    with store.write() as tx:
        watches.update_from_file(tx, named, NOW)
        before = watches.all_watches(tx)
        again = watches.update_from_file(tx, named, NOW + HOUR)
        assert watches.all_watches(tx) == before
    assert (again.added, again.paused) == ((), ())


def test_a_watch_put_back_into_the_file_is_active_again(store: Store) -> None:
    with store.write() as tx:
        watches.update_from_file(tx, [spec(nct(1))], NOW)
        watches.update_from_file(tx, [], NOW)
        back = watches.update_from_file(tx, [spec(nct(1))], NOW)
    assert [watch.state for watch in back.added] == [WatchState.ACTIVE]


def test_what_a_user_paused_stays_paused_while_the_file_names_it(store: Store) -> None:
    with store.write() as tx:
        (watch,) = watches.update_from_file(tx, [spec(nct(1))], NOW).added
        watches.set_state(tx, [watch.id], WatchState.PAUSED, NOW)
        watches.update_from_file(tx, [spec(nct(1), "new")], NOW)
        assert [watch.state for watch in watches.all_watches(tx)] == [WatchState.PAUSED]


def test_a_watch_of_both_origins_keeps_running_without_the_file_and_loses_the_tags_of_the_file(store: Store) -> None:
    with store.write() as tx:
        watches.add(tx, spec(nct(1), "mine"), "command", NOW)
        watches.update_from_file(tx, [spec(nct(1), "file", label="Label")], NOW)
        (both,) = watches.all_watches(tx)
        out = watches.update_from_file(tx, [], NOW)
        (left,) = watches.all_watches(tx)
    assert (both.tags, both.label, both.origin) == (frozenset({"mine", "file"}), "Label", "command")
    assert (out.paused, left.tags, left.state) == ((), frozenset({"mine"}), WatchState.ACTIVE)


def test_a_file_that_names_a_trial_twice_means_both(store: Store) -> None:
    with store.write() as tx:
        (watch,) = watches.update_from_file(tx, [spec(nct(1), "a"), spec(nct(1), "b", label="L")], NOW).added
    assert (watch.tags, watch.label) == (frozenset({"a", "b"}), "L")


def test_a_file_that_would_pause_too_much_can_be_given_up_without_a_trace(store: Store) -> None:
    with store.write() as tx:
        watches.update_from_file(tx, [spec(nct(n)) for n in range(1, 9)], NOW)

    def load_nearly_empty_file() -> None:
        with store.write() as tx:
            done = watches.update_from_file(tx, [spec(nct(1))], NOW)
            raise UsageError(f"{len(done.paused)} of {done.active_before} watches would be paused")

    with pytest.raises(UsageError, match="7 of 8"):
        load_nearly_empty_file()
    with store.read() as tx:
        assert {watch.state for watch in watches.all_watches(tx)} == {WatchState.ACTIVE}
