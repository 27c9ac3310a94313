"""No regular expression of the package can take exponential time, and the check would see one that can."""

from __future__ import annotations

import re

import pytest

from tests.fuzz.nested import ambiguous
from tests.fuzz.patterns import patterns


def test_no_pattern_repeats_within_a_repeat_what_nothing_parts() -> None:
    found = patterns()
    assert len(found) > 350
    assert [(each.place, why) for each in found for why in ambiguous(each.pattern)] == []


@pytest.mark.parametrize(
    "pattern", [r"(a+)+$", r"(?:a|a+)*b", r"(\w+\s?)*x", r"(?:a*)*", r"([a-z]+)*\d", r"(?:(?:\s*a?)*,)*", r"(?:.*,)*"]
)
def test_a_pattern_that_can_take_exponential_time_is_seen(pattern: str) -> None:
    assert ambiguous(re.compile(pattern))


@pytest.mark.parametrize("pattern", [r"(?:x\s*)+", r"(?:\d+,)*\d+", r"(?:[a-z]+\.)+[A-Z]{2,}", r"a+b+", r"(?:ab?)*"])
def test_a_repeat_that_is_parted_is_none(pattern: str) -> None:
    assert not ambiguous(re.compile(pattern))
