"""A body that proves to be the trial, and was damaged on its way: kept aside, and told to nobody but the operator."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from monitor.pipeline.accepting import accept_suspects
from monitor.store import suspects
from tests.pipeline.world import World, edited, outcomes


def renamed(study: Any, module: str, key: str, name: str) -> Any:
    copy = edited(study)
    holder = copy["protocolSection"][module] if module else copy["protocolSection"]
    holder[name] = holder.pop(key)
    return copy


def garbled(study: Any) -> Any:
    return orjson.loads(orjson.dumps(study).decode("utf-8").encode("utf-8").decode("latin-1"))


DAMAGED = {
    "a key": lambda study: renamed(study, "statusModule", "completionDateStruct", "completionDateStrukt"),
    "a module": lambda study: renamed(study, "", "outcomesModule", "outcomeModule"),
    "letters": garbled,
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_record_is_kept_aside_and_its_end_is_no_news_either(world: World, study: Any, what: str) -> None:
    study = edited(study, descriptionModule__briefSummary="Weiß, für über 18-jährige, ≥ 3 Wochen")
    world.registry.add_study(study)
    world.registry.add_study(DAMAGED[what](study), day=2)
    world.registry.add_study(study, day=3)
    world.watch("NCT07011550")
    world.check()
    said = []
    for day, outcome in ((2, "suspect"), (2, "suspect"), (3, "unchanged")):
        world.later(day=day, hours=24)
        said.append(outcomes(world.check()) == {outcome: 1})
    assert said == [True, True, True]
    assert world.history() == ()
    with world.store.read() as tx:
        assert suspects.waiting(tx) == ()


def test_what_a_person_vouches_for_is_told_as_it_stands(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.registry.add_study(DAMAGED["a key"](study), day=2)
    world.watch("NCT07011550")
    world.check()
    world.later(day=2, hours=24)
    world.check()
    with world.store.write() as tx:
        accept_suspects(tx, suspects.waiting(tx), world.ways, now=world.now, chance=lambda: 0.0)
    told = {each.change.path for each in world.history()}
    assert told == {"dates.completion", "other.protocolSection.statusModule.completionDateStrukt"}
    world.later(day=2, hours=24)
    assert outcomes(world.check()) == {"unchanged": 1}
