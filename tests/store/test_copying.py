"""A whole store in one file, and back, between both kinds of database."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.model.alert import AlertState
from monitor.store import alerts, restored, versions, watches
from monitor.store.copying import fill, write_copy
from monitor.store.engine import Store, open_store
from monitor.store.verify import verify_chain
from tests.store.outbox import claim, in_row, plan
from tests.store.store_making import silent
from tests.store.store_values import NOW, make_record, nct, planned, spec


def put_something_in(store: Store) -> None:
    record = make_record(store, nct(7), ("one", "two"))
    plan(store, planned(record.id))
    with store.write() as tx:
        watches.add(tx, spec(nct(7), "tag"), "command", NOW)


def everything(store: Store) -> tuple[object, ...]:
    with store.read() as tx:
        record = alerts.list_alerts(tx)[0].record_id or 0
        return (
            alerts.list_alerts(tx),
            versions.list_versions(tx, record),
            versions.read_sections(tx, record, 1),
            watches.all_watches(tx),
            verify_chain(tx, record),
        )


def test_a_store_comes_back_whole_from_its_copy(store: Store, url: str, store_url: str, tmp_path: Path) -> None:
    put_something_in(store)
    counts = write_copy(url, tmp_path / "copy.db")
    assert (counts["versions"], counts["alerts"], counts["watches"]) == (2, 1, 1)
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    target = store_url.replace("monitor.db", "other.db")
    fill(target, tmp_path / "copy.db")
    made = open_store(target, migrate=False, say=silent)
    assert everything(made) == everything(store)
    made.close()


def test_ids_go_on_where_they_were(store: Store, url: str, store_url: str, tmp_path: Path) -> None:
    put_something_in(store)
    with store.read() as tx:
        last = alerts.list_alerts(tx)[0].id
    write_copy(url, tmp_path / "copy.db")
    target = store_url.replace("monitor.db", "other.db")
    fill(target, tmp_path / "copy.db")
    made = open_store(target, migrate=False, say=silent)
    record = make_record(made, nct(8), ("one",))
    (new,) = plan(made, planned(record.id, from_version=1, to_version=2))
    assert new.id > last
    made.close()


def test_nothing_is_filled_over_a_store(store: Store, url: str, tmp_path: Path) -> None:
    put_something_in(store)
    before = everything(store)
    write_copy(url, tmp_path / "copy.db")
    with pytest.raises(StoreError, match="already"):
        fill(url, tmp_path / "copy.db")
    assert everything(store) == before


@pytest.mark.parametrize("ending", ["-journal", "-wal"])
def test_nothing_is_filled_beside_the_journal_of_another_store(tmp_path: Path, ending: str) -> None:
    open_store(f"sqlite:///{tmp_path}/copy.db", migrate=True, say=silent).close()
    (tmp_path / f"monitor.db{ending}").write_bytes(b"what would be rolled back into it")
    with pytest.raises(StoreError, match=f"monitor.db{ending} belongs"):
        fill(f"sqlite:///{tmp_path}/monitor.db", tmp_path / "copy.db")
    assert not (tmp_path / "monitor.db").exists()


def test_after_a_restore_what_waits_is_held_until_somebody_chooses(store: Store) -> None:
    first, *_ = in_row(store, 3)
    claim(store, limit=1)
    with store.write() as tx:
        assert restored.hold(tx, NOW) == 3
    assert claim(store) == ()
    with store.read() as tx:
        assert restored.holding(tx) == restored.Restored(NOW, 3)
        assert {alert.state for alert in alerts.list_alerts(tx)} == {AlertState.HELD}
        assert [alert.maybe_sent for alert in alerts.by_ids(tx, [first.id])] == [True]  # it was being sent


def test_resend_sends_all_of_it_as_possible_repeats(store: Store) -> None:
    in_row(store, 2)
    with store.write() as tx:
        restored.hold(tx, NOW)
    plan(store, planned(make_record(store, nct(2), ("one", "two")).id))
    with store.write() as tx:
        assert restored.resend(tx, restored.holding(tx) or restored.Restored(NOW, 0), NOW) == 2
        assert restored.holding(tx) is None
    claimed = claim(store)
    assert [alert.maybe_sent for alert in claimed] == [True, True]  # the second of a record waits for the first
    with store.read() as tx:
        assert all(alert.maybe_sent for alert in alerts.list_alerts(tx))


def test_skip_drops_what_the_backup_knew_and_sends_what_was_found_since(store: Store) -> None:
    old = in_row(store, 2)
    with store.write() as tx:
        restored.hold(tx, NOW)
    (new,) = plan(store, planned(make_record(store, nct(2), ("one", "two")).id))
    with store.write() as tx:
        assert restored.skip(tx, restored.holding(tx) or restored.Restored(NOW, 0)) == 2
    assert [alert.id for alert in claim(store)] == [new.id]
    with store.read() as tx:
        assert {alert.state for alert in alerts.by_ids(tx, [each.id for each in old])} == {AlertState.DROPPED}
