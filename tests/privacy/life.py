"""A short life of a store in which a canary is seen, changes, and is told of."""

from __future__ import annotations

from typing import Any

from tests.pipeline.world import World
from tests.privacy.canaries import NAME, with_canary

TRIAL = "NCT07011550"


def lived(world: World, study: Any) -> None:
    """She was seen, her phone changed, she was in a suspect body and in what waits to be told."""
    world.registry.add_study(with_canary(study), day=1)
    world.registry.add_study(with_canary(study, phone="+1 713-555-0000"), day=2)
    world.registry.add_study(with_canary(study, title=f"A study of {NAME}"), day=3)
    world.registry.set_day(1)
    world.watch(TRIAL)
    world.check()
    world.deliver()
    for day in (2, 3):
        world.later(day, hours=24)
        world.check()
    broken = with_canary(study)
    del broken["protocolSection"]["eligibilityModule"]
    world.registry.add_study(broken, day=4)
    world.later(4, hours=24)
    world.check()
    assert len(world.waiting()) == 1
    assert len(world.history()) >= 2
