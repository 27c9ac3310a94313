"""A trial that nobody read for long: a machine asleep for a month, a watch that was paused."""

from __future__ import annotations

from typing import Any

from monitor.deliver.render.telling import when
from monitor.model.message import ChangeMessage
from monitor.text.dates import show_date
from tests.pipeline.world import World, edited

NCT = "NCT07011550"
STOPPED = {"statusModule__overallStatus": "SUSPENDED"}


def test_a_change_seen_after_a_long_gap_names_the_gap(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.registry.add_study(edited(study, **STOPPED), day=2)
    world.registry.add_study(study, day=3)
    world.watch(NCT)
    world.check()
    before = world.now
    world.deliver()
    world.told()
    world.later(day=2, hours=24 * 30)
    world.check()
    world.later(day=3, hours=6)
    world.check()
    world.deliver()
    after_gap, as_usual = (message for message in world.told() if isinstance(message.content, ChangeMessage))
    assert isinstance(after_gap.content, ChangeMessage)
    assert after_gap.content.origin.unread_since == before
    assert when(after_gap.content.origin, after_gap).endswith(
        f" It had not been read since {show_date(f'{before:%Y-%m-%d}')}."
    )
    assert isinstance(as_usual.content, ChangeMessage)
    assert as_usual.content.origin.unread_since is None
