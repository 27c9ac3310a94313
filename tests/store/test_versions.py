"""Versions: numbered, chained, append-only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from monitor.errors import ConcurrentChange, StoreDamaged, StoreError
from monitor.model.reading import Body
from monitor.model.version import Version
from monitor.store import bodies, records, sections, verify, versions
from monitor.store.engine import Store
from tests.store.store_values import HOUR, NOW, make_record, nct, new_version


def chain_of(store: Store, record_id: int) -> tuple[Version, ...]:
    with store.read() as tx:
        assert verify.verify_chain(tx, record_id) == ()
        return versions.list_versions(tx, record_id)


def faults_after(store: Store, record_id: int, *statements: str) -> str:
    """What verifying says after somebody has worked on the store with other tools."""
    with store.write() as tx:
        if tx.dialect == "sqlite":
            tx.run(text("DROP TRIGGER versions_no_update"))
            tx.run(text("DROP TRIGGER versions_no_delete"))
        else:
            tx.run(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            tx.run(text(statement))
    with store.read() as tx:
        return " ".join(verify.verify_chain(tx, record_id))


def test_versions_are_numbered_from_one_and_chained(store: Store) -> None:
    record = make_record(store, nct(1), ("one", "two", "one"))
    first, second, third = chain_of(store, record.id)
    assert [version.number for version in (first, second, third)] == [1, 2, 3]
    assert first.previous_hash is None
    assert (second.previous_hash, third.previous_hash) == (first.chain_hash, second.chain_hash)
    assert first.body_digest == third.body_digest
    assert first.chain_hash != third.chain_hash
    assert record.latest == 3


def test_a_version_comes_back_as_it_was_stored(store: Store) -> None:
    record = make_record(store, nct(1))
    eastern = timezone(timedelta(hours=-5))
    new = new_version("one", carried={"locations": 1}, posted=None, observed_at=NOW.astimezone(eastern))
    with store.write() as tx:
        made = versions.append(tx, record, new)
    with store.read() as tx:
        stored = versions.get(tx, record.id, 1)
        assert stored == made
        assert stored is not None
        assert stored.observed_at == NOW
        assert (stored.posted, stored.carried, stored.data_timestamp) == (None, {"locations": 1}, "2026-11-20T09:00:05")
        assert versions.read_body(tx, stored.body_digest) == new.body
        assert versions.read_sections(tx, record.id, 1) == new.sections
        assert versions.latest(tx, [record.id, 99]) == {record.id: stored}


def test_a_version_is_refused_if_the_record_moved_meanwhile(store: Store) -> None:
    record = make_record(store, nct(1), ("one",))
    with store.write() as tx:
        versions.append(tx, record, new_version("two"))

    def append_again() -> None:
        with store.write() as tx:
            versions.append(tx, record, new_version("other"))

    with pytest.raises(ConcurrentChange):
        append_again()
    assert [version.content_hash for version in chain_of(store, record.id)] == ["hash of one", "hash of two"]


def test_many_records_get_their_next_version_at_once(store: Store) -> None:
    with store.write() as tx:
        rows = records.ensure(tx, [nct(n) for n in range(1, 700)], NOW)
        made = versions.append_all(tx, [(row, new_version(row.key.source_id)) for row in rows.values()])
        assert versions.append_all(tx, []) == ()
        assert [version.record_id for version in made] == [row.id for row in rows.values()]
        last = versions.latest(tx, [row.id for row in rows.values()])
    assert len(last) == 699
    for row in list(rows.values())[::100]:
        assert chain_of(store, row.id)[0].content_hash == f"hash of {row.key.source_id}"


def test_the_version_of_a_moment_is_the_last_one_seen_by_then(store: Store) -> None:
    record = make_record(store, nct(1), ("one", "two", "three"))
    with store.read() as tx:
        numbers = [
            version.number if (version := versions.at(tx, record.id, moment)) else None
            for moment in (NOW - HOUR, NOW, NOW + 1.5 * HOUR, NOW + 9 * HOUR)
        ]
    assert numbers == [None, 1, 2, 3]


def test_the_same_body_is_kept_once(store: Store) -> None:
    body = Body(content=b"<p>same</p>" * 100, media_type="text/html")
    with store.write() as tx:
        first, again, other = bodies.put_all(tx, [body, body, replace(body, media_type="text/plain")])
        assert bodies.put(tx, body) == first
        assert first == again
        assert first != other
        assert bodies.read_body(tx, first) == body
        count, size = tx.run(text("SELECT count(*), max(length(content)) FROM bodies")).one()
    assert count == 2
    assert size < len(body.content)


def test_what_was_never_stored_is_reported(store: Store) -> None:
    with store.read() as tx:
        with pytest.raises(StoreDamaged):
            versions.read_body(tx, "0" * 64)
        with pytest.raises(StoreDamaged):
            versions.read_sections(tx, 1, 1)
        assert versions.get(tx, 1, 1) is None
        assert verify.verify_chain(tx, 1) == ("There is no record 1.",)


@pytest.mark.parametrize("edit", ["UPDATE versions SET posted = '2020-01-01'", "DELETE FROM versions"])
def test_the_database_refuses_to_edit_a_version(store: Store, edit: str) -> None:
    record = make_record(store, nct(1), ("one",))
    with pytest.raises(StoreError, match="append-only"), store.write() as tx:
        tx.run(text(edit))
    chain_of(store, record.id)


TAMPERING = {
    "another date": ("UPDATE versions SET posted = '2020-01-01' WHERE number = 2", "Version 2 was changed"),
    "another hash": ("UPDATE versions SET content_hash = 'x' WHERE number = 1", "Version 1 was changed"),
    "another digest": (
        "UPDATE versions SET section_digests = '{{}}' WHERE number = 1",
        "Version 1 was changed",
    ),
    "a version made to follow another": ("UPDATE versions SET previous_hash = 'x' WHERE number = 3", "does not follow"),
    "another body": (
        "UPDATE bodies SET content = (SELECT content FROM bodies ORDER BY digest DESC LIMIT 1)",
        "The body of version",
    ),
    "bytes that are no body": ("UPDATE bodies SET content = CAST('x' AS {blob})", "The body of version"),
    "a body taken out": ("UPDATE bodies SET content = CAST('' AS {blob})", "The body of version"),
    "sections of another version": (
        "UPDATE version_sections SET content = (SELECT content FROM version_sections ORDER BY version_id LIMIT 1)",
        "The section status of version",
    ),
    "sections taken out": ("DELETE FROM version_sections WHERE version_id = 2", "sections of version 2 are missing"),
    "no sections": ("UPDATE version_sections SET content = CAST('' AS {blob})", "The sections of version 1 are not"),
    "a version taken from the middle": (
        "DELETE FROM version_sections WHERE version_id = 2; DELETE FROM versions WHERE number = 2",
        "numbered [1, 3]",
    ),
    "the last version taken": (
        "DELETE FROM version_sections WHERE version_id = 3; DELETE FROM versions WHERE number = 3",
        "latest version is 3",
    ),
    "the record given another number": ("UPDATE records SET source_id = 'NCT00000009'", "Version 1 was changed"),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_is_detected(store: Store, how: str) -> None:
    record = make_record(store, nct(1), ("one", "two", "three"))
    chain_of(store, record.id)
    statements, fault = TAMPERING[how]
    with store.read() as tx:
        blob = "BLOB" if tx.dialect == "sqlite" else "bytea"
    assert fault in faults_after(store, record.id, *statements.format(blob=blob).split("; "))


def test_a_pruned_section_leaves_a_chain_that_verifies_and_says_so(store: Store) -> None:
    record = make_record(store, nct(1), ("one", "two"))
    with store.write() as tx:
        sections.prune_sections(tx, record.id, 1, ["contacts", "never there"], NOW + HOUR)
    chain_of(store, record.id)
    with store.read() as tx:
        assert sections.read_sections(tx, record.id, 1) == {"status": b'{"overall":"one"}', "contacts": None}
        assert sections.pruned_sections(tx, record.id, 1) == {"contacts": NOW + HOUR}
        assert sections.pruned_sections(tx, record.id, 2) == {}


def test_a_pruned_section_leaves_no_salt_behind(store: Store) -> None:
    record = make_record(store, nct(1), ("one",))
    with store.write() as tx:
        sections.prune_sections(tx, record.id, 1, ["contacts"], NOW)
        packed: bytes = tx.run(text("SELECT content FROM version_sections")).scalar_one()
    assert set(sections.unpacked(bodies.CODEC, packed)) == {"status"}


def test_equal_sections_have_unlike_digests(store: Store) -> None:
    record = make_record(store, nct(1), ("one", "one"))
    with store.read() as tx:
        digests = tx.run(text("SELECT section_digests FROM versions")).scalars().all()
    assert len(digests) == 2
    assert digests[0] != digests[1]
    chain_of(store, record.id)


def test_a_pruned_body_leaves_a_chain_that_verifies_and_says_so(store: Store) -> None:
    record = make_record(store, nct(1), ("one", "two"))
    digest = chain_of(store, record.id)[0].body_digest
    with store.write() as tx:
        assert bodies.prune_bodies(tx, [digest], NOW) == 1
        assert bodies.prune_bodies(tx, [digest], NOW + HOUR) == 0
    chain_of(store, record.id)
    with store.read() as tx, pytest.raises(StoreError, match="pruned on 2026-11-24"):
        versions.read_body(tx, digest)


def test_a_pruned_body_that_comes_again_is_kept_again(store: Store) -> None:
    record = make_record(store, nct(1), ("one",))
    digest = chain_of(store, record.id)[0].body_digest
    with store.write() as tx:
        bodies.prune_bodies(tx, [digest], NOW)
        versions.append(tx, record, new_version("one"))
        assert versions.read_body(tx, digest) == new_version("one").body
    chain_of(store, record.id)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=2000), media_type=st.text(st.characters(codec="ascii", exclude_characters="\0")))
def test_any_bytes_come_back_as_they_were(store: Store, content: bytes, media_type: str) -> None:
    body = Body(content=content, media_type=media_type)
    with store.write() as tx:
        assert bodies.read_body(tx, bodies.put(tx, body)) == body
