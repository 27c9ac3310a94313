"""Days in the zones of the world."""

from __future__ import annotations

import pytest

from tests.clocks.zones import Zone


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("America/Havana", "transitions"),
        ("America/St_Johns", "set back over midnight"),
        ("Pacific/Apia", "days left out"),
        ("Africa/Casablanca", "transitions"),
        ("Antarctica/Troll", "transitions"),
    ],
)
def test_each_instant_belongs_to_one_day_and_is_shown_in_words_of_its_own(name: str, counted: str) -> None:
    zone = Zone(name)
    zone.judge()
    assert zone.faults == []
    assert zone.counts[counted]
