"""What counts for the hash of a record, and what does not."""

from __future__ import annotations

from dataclasses import replace

import orjson

from monitor.model.papers import Results
from monitor.model.people import Locations, Site
from monitor.model.record import SECTIONS, TrialRecord
from monitor.model.sections import (
    Arm,
    Arms,
    Conditions,
    Criterion,
    Eligibility,
    Status,
)
from monitor.text.canonical import content_hash, section_bytes

RECORD = TrialRecord(
    source="ctgov",
    registry_id="NCT00000102",
    url="https://example.org/a",
    status=Status(overall="RECRUITING"),
    conditions=Conditions(conditions=("Asthma", "Cough"), keywords=("the “lung”",)),
    arms=Arms(arms=(Arm(label="A", interventions=("x", "y")), Arm(label="B"))),
    eligibility=Eligibility(inclusion=(Criterion(text="Adults"), Criterion(text="Consent")), raw="* Adults\n* Consent"),
    locations=Locations(count=2, sites=(Site(city="Reno"), Site(city="Suzhou"))),
)


def test_the_order_of_a_list_does_not_count() -> None:
    turned = replace(
        RECORD,
        conditions=replace(RECORD.conditions, conditions=("Cough", "Asthma")),
        arms=Arms(arms=(Arm(label="B"), Arm(label="A", interventions=("y", "x")))),
        locations=Locations(count=2, sites=RECORD.locations.sites[::-1]),
    )
    assert content_hash(turned) == content_hash(RECORD)


def test_spelling_without_meaning_does_not_count() -> None:
    respelled = replace(
        RECORD,
        conditions=Conditions(conditions=("Asthma ", "Cough"), keywords=('the "lung"',)),
        eligibility=replace(RECORD.eligibility, raw="1. Adults\n\n2. Consent"),
        url="https://example.org/b",
        unknown=("something",),
    )
    assert content_hash(respelled) == content_hash(RECORD)


def test_what_is_said_counts() -> None:
    others = (
        replace(RECORD, status=Status(overall="SUSPENDED")),
        replace(RECORD, conditions=replace(RECORD.conditions, conditions=("Asthma",))),
        replace(RECORD, eligibility=Eligibility(exclusion=RECORD.eligibility.inclusion)),
        replace(RECORD, eligibility=replace(RECORD.eligibility, healthy_volunteers=False)),
        replace(RECORD, other={"protocolSection.newModule.x": 1}),
        replace(RECORD, locations=Locations(count=3, sites=RECORD.locations.sites)),
        replace(RECORD, results=Results(has_results=True, modules={"m": {"a": ["1", "2"]}})),
    )
    assert len({content_hash(each) for each in (RECORD, *others)}) == len(others) + 1


def test_an_empty_section_hashes_as_one_that_was_not_shown() -> None:
    hidden = replace(RECORD, unavailable={"documents": "not shown", "outcomes": "not shown"})
    assert content_hash(hidden) == content_hash(RECORD)


def test_a_number_of_locations_counts_even_where_the_sites_are_loaded_later() -> None:
    one, two = (
        replace(RECORD, locations=Locations(count=n), unavailable={"locations": "loaded later"}) for n in (1, 2)
    )
    assert content_hash(one) != content_hash(two)


def test_sections_are_canonical_json_with_the_values_as_shown() -> None:
    sections = section_bytes(RECORD)
    assert tuple(sections) == SECTIONS
    conditions = orjson.loads(sections["conditions"])
    assert conditions == {"conditions": ["Asthma", "Cough"], "keywords": ["the “lung”"]}
    assert all(orjson.dumps(orjson.loads(each), option=orjson.OPT_SORT_KEYS) == each for each in sections.values())
