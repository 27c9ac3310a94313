"""What may be taken out of a store, what has to stay, and what then says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from monitor.errors import StoreDamaged
from monitor.model.json import Json
from monitor.model.privacy import Level
from monitor.model.reading import Body
from monitor.store import (
    bodies,
    conditions,
    forgotten,
    records,
    rewriting,
    sections,
    superseded,
    suspects,
    verify,
    versions,
)
from monitor.store.conditions import Raised
from monitor.store.engine import Store
from monitor.text.entries import cleared
from monitor.text.guard import Guard, dated_mark
from tests.store.store_values import HOUR, NOW, make_record, nct, new_version

LEFT = b'{"text": "[removed]"}'


def reduced(body: Body) -> Body:
    return Body(content=LEFT, media_type=body.media_type, original=body.digest, level=body.level)


def reduce_first(store: Store) -> str:
    body = new_version("one").body
    with store.write() as tx:
        bodies.reduce_body(tx, reduced(body), NOW + HOUR)
    return body.digest


def test_what_is_left_of_a_body_bears_the_digest_of_what_the_source_gave(store: Store) -> None:
    record = make_record(store, nct(1), ("one", "two"))
    digest = reduce_first(store)
    with store.read() as tx:
        assert versions.read_body(tx, digest) == reduced(new_version("one").body)
        assert verify.verify_chain(tx, record.id) == ()
        assert verify.pruned_parts(tx, record.id) == {1: {"persons": NOW + HOUR}}


def test_what_is_left_of_a_body_is_checked_as_well(store: Store) -> None:
    record = make_record(store, nct(1), ("one",))
    digest = reduce_first(store)
    with store.write() as tx:
        tx.run(text("UPDATE bodies SET media_type = 'text/plain'"))
    with store.read() as tx:
        assert len(verify.verify_chain(tx, record.id)) == 1
        with pytest.raises(StoreDamaged):
            versions.read_body(tx, digest)


def test_a_body_that_was_reduced_and_comes_again_is_kept_as_it_comes(store: Store) -> None:
    record = make_record(store, nct(1), ("one",))
    digest = reduce_first(store)
    with store.write() as tx:
        versions.append(tx, record, new_version("one"))
        assert versions.read_body(tx, digest) == new_version("one").body
        hashed = replace(new_version("one").body, level=Level.HASHED)
        assert bodies.put(tx, hashed) == digest
        assert versions.read_body(tx, digest).level is Level.HASHED


def test_a_version_is_replaced_when_the_next_one_was_seen(store: Store) -> None:
    record = make_record(store, nct(1), ("one",))
    with store.write() as tx:
        for n, word in enumerate(("two", "three"), start=1):
            row = records.by_ids(tx, [record.id])[record.id]
            versions.append(tx, row, new_version(word, observed_at=NOW + n * HOUR))

    def words(hours: float) -> list[bytes]:
        with store.read() as tx:
            found = superseded.replaced(tx, NOW + hours * HOUR)
            return [versions.read_body(tx, each.body_digest).content for each in found]

    assert words(1) == []
    assert words(1.5) == [b'{"text": "one"}']
    assert words(2.5) == [b'{"text": "one"}', b'{"text": "two"}']


def test_what_the_latest_version_builds_on_is_never_replaced(store: Store) -> None:
    record = make_record(store, nct(1), ("one", "two"))
    with store.write() as tx:
        versions.append(tx, record, new_version("three", carried={"contacts": 1}))
        assert [each.version_id for each in superseded.replaced(tx, NOW + 9 * HOUR)] == [2]


def test_a_body_that_came_back_is_never_replaced(store: Store) -> None:
    make_record(store, nct(1), ("one", "two", "one"))
    with store.read() as tx:
        assert [each.version_id for each in superseded.replaced(tx, NOW + 9 * HOUR)] == [2]


def test_bodies_kept_aside_go_when_they_were_decided_on(store: Store) -> None:
    record = make_record(store, nct(1), ("one",))
    with store.write() as tx:
        for word in ("waits", "decided"):
            suspects.keep(tx, record.id, new_version(word).body, ["Why."], NOW)
        suspects.keep(tx, record.id, new_version("one").body, ["Why."], NOW)
        suspects.set_state(tx, [2, 3], suspects.DISCARDED, NOW)
        assert superseded.decided(tx, NOW) == []
        assert superseded.decided(tx, NOW + HOUR) == [new_version("decided").body.digest]


def test_a_section_is_pruned_if_it_says_what_is_not_to_be_kept(store: Store) -> None:
    record = make_record(store, nct(1), ("one",))

    def clear(document: Json) -> Json:
        return {} if "Doe" in str(document) else document

    with store.write() as tx:
        assert sections.prune_unclear(tx, superseded.all_versions(tx), clear, NOW) == 1
        assert sections.prune_unclear(tx, superseded.all_versions(tx), clear, NOW) == 0
        assert sections.read_sections(tx, record.id, 1) == {"status": b'{"overall":"one"}', "contacts": None}
        assert verify.verify_chain(tx, record.id) == ()


def test_who_is_to_be_forgotten_is_known_by_digests_with_a_key_of_the_store(store: Store) -> None:
    with store.write() as tx:
        assert forgotten.read_guard(tx).idle
        forgotten.make_key(tx)
        guard = forgotten.read_guard(tx)
        forgotten.add(tx, guard.identify("name", "Jane Q. Doe"), NOW)
        forgotten.add(tx, guard.identify("name", "Jane Q. Doe"), NOW)
    with store.read() as tx:
        kept = forgotten.read_guard(tx)
        rows = str(tx.run(text("SELECT * FROM forgotten")).all())
    assert kept.forgets("name", "DOE, Jane")
    assert not kept.forgets("name", "John Doe")
    assert not replace(kept, key=b"another").forgets("name", "Jane Doe")
    assert "doe" not in rows.lower()


def test_two_open_conditions_that_named_two_persons_are_two_still(store: Store) -> None:
    bare = Guard(key=b"k", mark=dated_mark(NOW.date()))
    names = ("Jane Doe", "John Roe")
    guard = Guard.forgetting(b"k", Level.FULL, [each for name in names for each in bare.identify("name", name)])
    with store.write() as tx:
        conditions.raise_all(
            tx, [Raised(key=f"about {name}", kind="odd", facts={"message": name}) for name in names], NOW
        )
        assert rewriting.rewrite(tx, "conditions", 0, lambda document: cleared(document, guard)) == 2
        assert rewriting.rewrite(tx, "conditions", 0, lambda document: cleared(document, guard)) == 0
        found = conditions.open_conditions(tx)
    assert [each.facts for each in found] == [{"message": "[removed]"}] * 2
    assert len({each.key for each in found}) == 2


def test_the_files_are_written_anew(store: Store) -> None:
    record = make_record(store, nct(1), ("one",))
    store.sweep()
    with store.read() as tx:
        assert verify.verify_chain(tx, record.id) == ()
