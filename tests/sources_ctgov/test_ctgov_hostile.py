"""Whatever stands in a document: a record comes out, or NotARecord with reasons. Nothing else ever."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import NotARecord
from monitor.model.reading import Body
from monitor.model.record import TrialRecord
from monitor.sources import detect, normalise
from monitor.sources.ctgov import normalise as normalise_study
from monitor.sources.ctgov import raw_hash
from monitor.text.canonical import content_hash, section_bytes
from tests.sources_ctgov.documents import PAYLOADS

BODIES = {path.stem: path.read_bytes() for path in sorted(PAYLOADS.glob("*.json"))}

ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value of a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [each for key, child in inner for each in places(child, (*path, key))]


VALUES: tuple[Any, ...] = (None, True, 1.5, "x", [1], ["x"], [[]], {"x": 1}, [{"x": "\\> y"}])
PLACES = {name: places(orjson.loads(body)) for name, body in BODIES.items()}


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A real document of which some values were replaced, taken out or repeated."""
    name = draw(st.sampled_from(sorted(BODIES)))
    document = orjson.loads(BODIES[name])
    for path in draw(st.lists(st.sampled_from(PLACES[name]), min_size=1, max_size=4)):
        mutate(document, path, draw(st.sampled_from(["replace", "drop", "wrap"])), draw(ANY))
    return document


def mutate(document: Any, path: tuple[Any, ...], how: str, value: Any) -> None:
    try:
        for key in path[:-1]:
            document = document[key]
        if how == "drop":
            del document[path[-1]]
        else:
            document[path[-1]] = [document[path[-1]]] if how == "wrap" else value
    except (KeyError, IndexError, TypeError):
        return  # an earlier mutation took the place away


def reading(document: Any) -> TrialRecord | tuple[str, ...]:
    """The record, or the reasons why there is none."""
    try:
        return normalise("ctgov", Body(content=orjson.dumps(document), media_type="application/json"))
    except NotARecord as fault:
        return fault.reasons


def read_or_refuse(document: Any) -> None:
    read = reading(document)
    if isinstance(read, TrialRecord):
        assert section_bytes(read)
        assert content_hash(read) == content_hash(normalise_study(document))
    else:
        assert read
        assert all(reason.endswith(".") for reason in read)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_a_mutated_document_is_a_record_or_refused(document: Any) -> None:
    read_or_refuse(document)


@settings(max_examples=100, deadline=None)
@given(ANY)
def test_any_json_is_a_record_or_refused(document: Any) -> None:
    read_or_refuse(document)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_record_or_refused(content: bytes) -> None:
    with pytest.raises(NotARecord):
        normalise("ctgov", Body(content=content, media_type="application/json"))


@pytest.mark.parametrize("name", sorted(BODIES))
def test_every_value_replaced_by_every_type_is_read_or_refused(name: str) -> None:
    for path in PLACES[name][:: 7 if len(PLACES[name]) > 400 else 2]:
        for value in VALUES:
            document = orjson.loads(BODIES[name])
            mutate(document, path, "replace", value)
            assert reading(document)


@pytest.mark.parametrize("place", ["conditionsModule", "newModule"])
@pytest.mark.parametrize("depth", [100, 5_000])
def test_endless_nesting_is_refused(place: str, depth: int) -> None:
    content = BODIES["NCT06926543"].replace(
        b'"protocolSection": {', b'"protocolSection": {"%b": %b%b,' % (place.encode(), b"[" * depth, b"]" * depth), 1
    )
    content = (
        content.replace(b'"conditionsModule": {', b'"conditionsModule2": {', 1) if place != "newModule" else content
    )
    with pytest.raises(NotARecord):
        normalise("ctgov", Body(content=content, media_type="application/json"))


@pytest.mark.parametrize("name", sorted(BODIES))
def test_order_is_never_content(name: str) -> None:
    document = orjson.loads(BODIES[name])
    record = normalise_study(document)
    mixed = normalise_study(shuffled(document, random.Random(7)))
    assert content_hash(mixed) == content_hash(record)
    turned = shuffled(document, random.Random(7), lists=False)
    assert raw_hash(turned) == raw_hash(document)


def shuffled(value: Any, chance: random.Random, *, lists: bool = True) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance, lists=lists) for key in keys}
    if isinstance(value, list):
        mixed = [shuffled(each, chance, lists=lists) for each in value]
        if lists:
            chance.shuffle(mixed)
        return mixed
    return value


@pytest.mark.parametrize("name", sorted(BODIES))
def test_volatile_paths_do_not_move_the_raw_hash(name: str) -> None:
    document = orjson.loads(BODIES[name])
    before = raw_hash(document)
    document["derivedSection"] = {"miscInfoModule": {"versionHolder": "2099-01-01"}}
    protocol = document["protocolSection"]
    protocol["eligibilityModule"]["stdAges"] = ["CHILD"]
    for site in protocol.get("contactsLocationsModule", {}).get("locations", []):
        site["geoPoint"] = None
    assert raw_hash(document) == before
    protocol["statusModule"]["statusVerifiedDate"] = "2099-01"
    assert raw_hash(document) != before


def test_json_is_the_registry_s_and_anything_else_a_page() -> None:
    for content in (b'{"protocolSection": 1}', b' \n{"studies": []}', b"\xef\xbb\xbf[", b"{"):
        assert detect(Body(content=content, media_type="")) == "ctgov"
    for content in (b"<!doctype html>", b"CD5 CAR-T Therapy\nSponsor", b"", b"null"):
        assert detect(Body(content=content, media_type="")) == "ctv"
