"""What holds for any two records."""

from __future__ import annotations

import random
from dataclasses import fields, is_dataclass, replace
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.diff.compare import compare
from monitor.diff.mirror import registry_agrees
from monitor.model.change import Cause, Severity, change_json
from monitor.model.record import SECTIONS, TrialRecord
from monitor.model.sections import Agency, Dates, StudyDate
from tests.diff.generated import pairs, shuffled

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
few = settings(max_examples=150, deadline=None, suppress_health_check=SLOW)


@few
@given(pairs())
def test_a_record_does_not_differ_from_itself(both: tuple[TrialRecord, TrialRecord]) -> None:
    record, _ = both
    assert compare(record, record) == ()


@few
@given(pairs(), st.randoms(use_true_random=False))
def test_the_order_of_lists_and_keys_is_no_difference(
    both: tuple[TrialRecord, TrialRecord], chance: random.Random
) -> None:
    record, _ = both
    assert compare(record, shuffled(record, chance)) == ()


@few
@given(pairs())
def test_any_two_records_compare_into_whole_sentences_and_plain_json(both: tuple[TrialRecord, TrialRecord]) -> None:
    for change in compare(*both):
        assert change.sentence.endswith((".", "?"))
        assert "{" not in change.sentence
        assert all(word in change.sentence for word in change.strong)
        assert change.before != change.after or change.detail
        orjson.dumps(change_json(change))


@few
@given(pairs())
def test_what_a_mirror_says_is_administrative(both: tuple[TrialRecord, TrialRecord]) -> None:
    for change in compare(*both, mirror=True):
        assert (change.cause, change.severity) == (Cause.MIRROR, Severity.ADMINISTRATIVE)


@few
@given(pairs())
def test_the_registry_agrees_with_what_was_read_off_itself(both: tuple[TrialRecord, TrialRecord]) -> None:
    for change in compare(*both):
        assert registry_agrees(change, both[1]) in (True, False)


def _other_value(value: Any, declared: str) -> Any:
    if declared.startswith("tuple[str"):
        return (*value, "Something new")
    if declared.startswith("bool"):
        return not value
    if declared.startswith("int"):
        return (value or 0) + 7
    if "StudyDate" in declared:
        return StudyDate(date="2031-01-01", type="ESTIMATED")
    if declared.startswith("Agency"):
        return Agency(name="Another organization")
    return "Something new" if declared.startswith("str") else None


def _single_edits() -> list[tuple[str, str]]:
    """Every plain field of every section (lists of things have tests of their own)."""
    empty = TrialRecord(source="ctgov", registry_id=None, url="")
    return [
        (section, each.name)
        for section in SECTIONS
        if is_dataclass(getattr(empty, section))
        for each in fields(getattr(empty, section))
        if _other_value(getattr(getattr(empty, section), each.name), str(each.type)) is not None
        and (section, each.name) != ("eligibility", "raw")  # its tree says the same
    ]


@pytest.mark.parametrize(("section", "field"), _single_edits())
def test_every_field_that_comes_is_told_and_told_when_it_goes(section: str, field: str) -> None:
    without = TrialRecord(source="ctgov", registry_id=None, url="")
    old = getattr(without, section)
    declared = next(str(each.type) for each in fields(old) if each.name == field)
    new = replace(old, **{field: _other_value(getattr(old, field), declared)})
    given = replace(without, **{section: new})
    assert len(compare(without, given)) == 1
    assert len(compare(given, without)) == 1


def test_what_either_side_could_not_show_is_not_compared() -> None:
    full = TrialRecord(
        source="ctv", registry_id=None, url="", dates=Dates(start=StudyDate(date="2026-01", type="ACTUAL"))
    )
    hidden = TrialRecord(source="ctv", registry_id=None, url="", unavailable={"dates": "not on the page"})
    part = TrialRecord(source="ctv", registry_id=None, url="", unavailable={"dates.start": "not on the page"})
    assert compare(full, hidden) == compare(hidden, full) == compare(full, part) == compare(part, full) == ()
