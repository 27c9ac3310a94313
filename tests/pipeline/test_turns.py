"""Turns in the life of a record: gone, back again, merged into another."""

from __future__ import annotations

from typing import Any

from monitor.demo.recorded import CD7_PAGE
from monitor.model.change import Category
from tests.pipeline.world import (
    ChangeMessage,
    TrialEventMessage,
    World,
    edited,
    outcomes,
)

NCT = "NCT07011550"
PAGE = f"https://ctv.veeva.com/study/{CD7_PAGE}"


def told_categories(world: World) -> list[set[Category]]:
    return [
        {change.category for change in message.content.changes}
        for message in world.told()
        if isinstance(message.content, ChangeMessage)
    ]


def test_gone_needs_three_denials_over_a_day_and_the_return_is_told(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.registry.withdraw_study(NCT, day=2)
    world.registry.add_study(study, day=3)
    world.watch(NCT)
    world.check()
    world.deliver()
    world.told()
    world.later(day=2)
    seen = []
    for _ in range(4):
        world.later(hours=13)
        report = world.check()
        world.deliver()
        seen.append((outcomes(report), report.unconfirmed, [message.kind.value for message in world.told()]))
    assert seen == [({"gone": 1}, 1, []), ({"gone": 1}, 1, []), ({"gone": 1}, 0, ["gone"]), ({"gone": 1}, 0, [])]
    world.later(day=3, hours=13)
    world.check()
    world.deliver()
    (back,) = world.told()
    assert isinstance(back.content, TrialEventMessage)
    assert back.kind.value == "reappeared"


def test_denials_within_a_day_confirm_nothing_however_many(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.registry.withdraw_study(NCT, day=2)
    world.watch(NCT)
    world.check()
    world.later(day=2)
    for _ in range(5):
        world.later(hours=4)
        assert world.check().unconfirmed == 1
    world.deliver()
    assert [message.kind.value for message in world.told()] == ["welcome"]


def test_a_record_that_returns_with_changes_tells_both(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.registry.withdraw_study(NCT, day=2)
    world.registry.add_study(edited(study, statusModule__overallStatus="SUSPENDED"), day=3)
    world.watch(NCT)
    world.check()
    world.later(day=2)
    for _ in range(3):
        world.later(hours=13)
        world.check()
    world.deliver()
    world.told()
    world.later(day=3, hours=13)
    world.check()
    world.deliver()
    assert sorted(message.kind.value for message in world.told()) == ["change", "reappeared"]


def test_a_merged_record_is_followed_under_its_new_number(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.watch(NCT)
    world.check()
    world.deliver()
    world.told()
    world.registry.withdraw_study(NCT, day=2)
    world.registry.add_alias(NCT, "NCT07099898")
    world.registry.add_study(edited(study, identificationModule__nctId="NCT07099898"), day=2)
    world.later(day=2, hours=24)
    assert outcomes(world.check()) == {"first_seen": 1}
    world.deliver()
    kinds = [message.kind.value for message in world.told()]
    assert kinds == ["merged", "welcome"]
    world.registry.add_study(
        edited(study, identificationModule__nctId="NCT07099898", statusModule__overallStatus="SUSPENDED"), day=3
    )
    world.later(day=3, hours=24)
    assert outcomes(world.check()) == {"changed": 1}
