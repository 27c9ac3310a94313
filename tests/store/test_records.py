"""Where each record stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.errors import ConcurrentChange, StoreError
from monitor.model.version import RecordState
from monitor.store import records, versions
from monitor.store.engine import Store
from tests.store.store_values import HOUR, NOW, make_record, nct, new_version, page


def test_a_new_record_is_made_once(store: Store) -> None:
    with store.write() as tx:
        first = records.ensure(tx, [nct(1), page("a-trial"), nct(1)], NOW)
    with store.write() as tx:
        second = records.ensure(tx, [page("a-trial"), nct(1)], NOW + HOUR)
        everything = records.all_rows(tx)
    assert first == second
    assert len(everything) == 2
    assert first[nct(1)].state is RecordState.NEW
    assert first[nct(1)].registry_id == "NCT00000001"
    assert first[page("a-trial")].registry_id is None
    assert first[nct(1)].next_due is None


def test_what_is_settled_comes_back_as_it_was(store: Store) -> None:
    row = make_record(store, nct(1), ("one",))
    settled = replace(
        row,
        state=RecordState.LIVE,
        registry_id="NCT00000001",
        title="Eine Prüfung \N{GREEK SMALL LETTER ALPHA}",
        sponsor="Sponsor",
        overall_status="RECRUITING",
        raw_hash="ab",
        data_timestamp="2026-11-20T09:00:05",
        open_reason="suspect",
        verified_at=NOW,
        checked_at=NOW + HOUR,
        next_due=NOW + 6 * HOUR,
        failures=2,
        failing_since=NOW,
        absences=(NOW, NOW + HOUR),
        losses={"locations": NOW},
        merged_into="NCT00000002",
    )
    with store.write() as tx:
        records.settle(tx, [settled])
    with store.read() as tx:
        assert records.by_ids(tx, [row.id]) == {row.id: settled}
    with store.write() as tx:
        records.settle(tx, [row])
    with store.read() as tx:
        assert records.by_keys(tx, [nct(1)]) == {nct(1): row}


def test_settling_a_row_that_moved_meanwhile_writes_nothing(store: Store) -> None:
    moved, other = make_record(store, nct(1), ("one",)), make_record(store, nct(2), ("one",))
    with store.write() as tx:
        versions.append(tx, moved, new_version("two"))

    def settle() -> None:
        with store.write() as tx:
            records.settle(tx, [replace(other, failures=1), replace(moved, failures=1)])

    with pytest.raises(ConcurrentChange):
        settle()
    with store.read() as tx:
        assert [row.failures for row in records.all_rows(tx)] == [0, 0]


def test_a_thousand_records_are_settled_at_once(store: Store) -> None:
    with store.write() as tx:
        rows = records.ensure(tx, [nct(n) for n in range(1, 1001)], NOW)
        records.settle(tx, [replace(row, failures=1) for row in rows.values()])
        assert sum(row.failures for row in records.all_rows(tx)) == 1000
        assert len(records.by_ids(tx, [row.id for row in rows.values()])) == 1000


def test_an_old_number_leads_to_the_record_that_bears_it_now(store: Store) -> None:
    row = make_record(store, nct(1))
    with store.write() as tx:
        records.add_alias(tx, nct(7), row.id, NOW)
        records.add_alias(tx, nct(7), row.id, NOW)
        assert records.ensure(tx, [nct(7)], NOW)[nct(7)] == row
        assert records.by_registry_id(tx, "NCT00000007") == (row,)
        assert records.aliases_of(tx, row.id) == (nct(7),)


def test_an_alias_moves_when_the_record_is_merged_again(store: Store) -> None:
    first, second = make_record(store, nct(1)), make_record(store, nct(2))
    with store.write() as tx:
        records.add_alias(tx, nct(7), first.id, NOW)
        records.add_alias(tx, nct(7), second.id, NOW)
        assert records.by_keys(tx, [nct(7)]) == {nct(7): second}


def test_the_records_of_a_trial_are_those_of_every_source_the_registry_first(store: Store) -> None:
    on_page, in_registry, _ = (
        make_record(store, page("a-trial")),
        make_record(store, nct(1)),
        make_record(store, nct(2)),
    )
    with store.write() as tx:
        records.settle(tx, [replace(on_page, registry_id="NCT00000001")])
        found = records.by_registry_id(tx, "NCT00000001")
    assert [row.id for row in found] == [in_registry.id, on_page.id]


def test_a_record_waits_for_its_welcome_from_its_first_version_on(store: Store) -> None:
    make_record(store, nct(1))
    seen = make_record(store, nct(2), ("one",))
    with store.write() as tx:
        assert records.unwelcomed(tx) == (seen,)
        records.mark_welcomed(tx, [seen.id], NOW)
        assert records.unwelcomed(tx) == ()


def test_text_that_a_database_cannot_hold_is_kept_readable(store: Store) -> None:
    row = make_record(store, nct(1))
    with store.write() as tx:
        records.settle(tx, [replace(row, title="a\0b\ud800c", sponsor="\N{GRINNING FACE}")])
        kept = records.by_ids(tx, [row.id])[row.id]
    assert (kept.title, kept.sponsor) == ("a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c", "\N{GRINNING FACE}")


def test_a_moment_without_a_time_zone_is_refused(store: Store) -> None:
    row = make_record(store, nct(1))
    with pytest.raises(StoreError, match="without a time zone"), store.write() as tx:
        records.settle(tx, [replace(row, next_due=NOW.replace(tzinfo=None))])
