"""What was never seen before is compared as a path, and the operator hears of it once."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.demo.pages import page_of_text
from monitor.demo.recorded import CD7_PAGE
from monitor.model.change import Category
from tests.pipeline.world import World, edited, outcomes

EDITS: dict[str, dict[str, Any]] = {
    "module protocolSection.moodModule": {"moodModule": {"mood": "good"}},
    "key protocolSection.designModule.mood": {"designModule__mood": "good"},
    "key protocolSection.armsInterventionsModule.armGroups[].mood": {
        "armsInterventionsModule__armGroups": [
            {
                "label": "SLI/Exp",
                "type": "EXPERIMENTAL",
                "description": "Treatment",
                "interventionNames": ["Drug: Nivolumab"],
                "mood": "good",
            }
        ]
    },
    "status.overall: PAUSED": {"statusModule__overallStatus": "PAUSED"},
    "eligibility.sex: ANY": {"eligibilityModule__sex": "ANY"},
}


def trials(world: World, study: Any, day: int, **edits: Any) -> None:
    for n in range(3):
        own = {"identificationModule__nctId": f"NCT0200000{n}", "identificationModule__briefTitle": f"Trial {n}"}
        world.registry.add_study(edited(study, **own, **edits), day=day)


@pytest.mark.parametrize("told", EDITS)
def test_the_operator_hears_once_of_what_is_unknown_in_many_trials_and_comes_again(
    world: World, study: Any, told: str
) -> None:
    trials(world, study, 1)
    trials(world, study, 2, **EDITS[told])
    trials(world, study, 3)
    trials(world, study, 4, **EDITS[told])
    world.watch(*(f"NCT0200000{n}" for n in range(3)))
    world.check()
    world.deliver()
    assert world.notices() == []
    said = []
    for day in (2, 3, 4):
        world.later(day=day, hours=24)
        assert outcomes(world.check()) == {"changed": 3}
        world.deliver()
        said.append(world.notices())
    assert [len(items) for items in said] == [1, 0, 0]
    assert f"we do not know yet: {told} (first seen at " in said[0][0]
    if told.startswith(("module", "key")):
        paths = [each.change.path for each in world.history() if each.change.category is Category.OTHER]
        assert paths == [f"other.{told.partition(' ')[2]}"] * 9


def test_a_word_of_a_page_that_is_not_known_is_kept_and_told_once(world: World, cd7_text: str) -> None:
    world.registry.add_page(CD7_PAGE, page_of_text(cd7_text.replace("\nUnknown\n", "\nEnrolling\n", 1)))
    world.registry.add_page(CD7_PAGE, page_of_text(cd7_text.replace("\nUnknown\n", "\nResting\n", 1)), day=2)
    world.watch(f"https://ctv.veeva.com/study/{CD7_PAGE}", source="page")
    world.check()
    world.deliver()
    world.notices()
    for _ in range(3):
        world.later(day=2, hours=24)
        world.check()
        world.deliver()
    (stored,) = world.history()
    assert (stored.change.path, stored.change.after) == ("status.overall", "Resting")


def test_a_label_of_a_page_that_was_never_seen_is_told_once_and_no_echo_of_the_registry(
    world: World, study: Any, cd7_text: str
) -> None:
    text = cd7_text.replace("NCT04762485", "NCT07011550")
    page = page_of_text(text)
    world.registry.add_study(study)
    world.registry.add_page(CD7_PAGE, page)
    world.registry.add_page(CD7_PAGE, page.replace("<h3>Ages</h3>", "<h3>Mood</h3><p>Good</p><h3>Ages</h3>"), day=2)
    world.watch(f"https://ctv.veeva.com/study/{CD7_PAGE}")
    world.check()
    world.deliver()
    world.told()
    said = []
    for _ in range(6):
        world.later(day=2, hours=24)
        world.check()
        world.deliver()
        said += world.notices()
    assert len([item for item in said if "label Mood" in item]) == 1
    (stored,) = world.history()
    assert (stored.change.path, stored.change.after) == ("other.mood", "Good")
    assert world.told() == []
