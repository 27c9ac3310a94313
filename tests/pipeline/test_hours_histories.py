"""For any history and any rules each change is told exactly once, at once or in one digest, and when it may be."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pipeline.hours_histories import faults, played
from tests.pipeline.world import World


@pytest.mark.parametrize("seed", range(4))
def test_every_change_is_told_once_and_at_a_time_that_its_reader_wants(world: World, study: Any, seed: int) -> None:
    history = played(world, study, seed)
    assert list(faults(history)) == []
    assert history.world.history()
