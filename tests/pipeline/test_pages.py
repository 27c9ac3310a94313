"""Passes over study pages: alone, beside the registry, broken, and late."""

from __future__ import annotations

from typing import Any

from monitor.demo.pages import page_of_text
from monitor.demo.recorded import CD7_PAGE, DAYS, fill, mirrored_slug, turn_to
from monitor.model.change import Category, Cause, Severity
from tests.pipeline.world import (
    OPERATOR,
    ChangeMessage,
    WelcomeMessage,
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


def test_the_mirror_s_late_echo_is_stored_and_never_told_a_second_time(world: World) -> None:
    fill(world.registry)
    world.watch(f"https://ctv.veeva.com/study/{mirrored_slug()}")
    world.now = DAYS[0].at
    messages = []
    for day in DAYS:
        turn_to(world.registry, day)
        world.now = day.at
        world.check()
        world.deliver()
        messages += world.told()
    assert [message.kind.value for message in messages] == ["welcome", "change"]
    causes = {stored.change.cause for stored in world.history() if stored.source == "ctv"}
    assert causes == {Cause.MIRROR}
    assert all(
        stored.change.severity is Severity.ADMINISTRATIVE for stored in world.history() if stored.source == "ctv"
    )
    world.later(days=4)
    world.check()
    world.deliver()
    assert not world.told()


def test_what_the_page_says_otherwise_for_three_days_is_told(world: World, study: Any, cd7_text: str) -> None:
    text = cd7_text.replace("NCT04762485", NCT)
    world.registry.add_study(study)
    world.registry.add_page(CD7_PAGE, page_of_text(text))
    world.registry.add_page(
        CD7_PAGE, page_of_text(text.replace("20 estimated patients", "60 estimated patients")), day=2
    )
    world.watch(PAGE)
    world.check()
    world.deliver()
    world.told()
    world.later(day=2, hours=24)
    world.check()
    world.deliver()
    assert not world.told()
    world.later(days=3, minutes=1)
    world.check()
    world.deliver()
    (message,) = world.told()
    assert isinstance(message.content, ChangeMessage)
    assert {change.category for change in message.content.changes} == {Category.ENROLLMENT}
    world.later(days=3)
    world.check()
    world.deliver()
    assert not world.told()


def test_a_page_whose_number_the_registry_denies_is_watched_by_itself(world: World, cd7_text: str) -> None:
    world.registry.add_page(CD7_PAGE, page_of_text(cd7_text))
    changed = cd7_text.replace("20 estimated patients", "40 estimated patients")
    world.registry.add_page(CD7_PAGE, page_of_text(changed), day=2)
    world.watch(PAGE)
    report = world.check()
    assert (outcomes(report), report.unconfirmed) == ({"first_seen": 1}, 0)
    assert [problem.kind for problem in report.coverage.problems] == ["unresolved"]
    world.deliver()
    world.told()
    assert len(world.told(OPERATOR)) == 1
    world.later(day=2, hours=24)
    assert outcomes(world.check()) == {"changed": 1}
    world.deliver()
    assert told_categories(world) == [{Category.ENROLLMENT}]


def test_a_page_watched_alone_tells_its_own_changes(world: World, cd7_text: str) -> None:
    world.registry.add_page(CD7_PAGE, page_of_text(cd7_text))
    changed = cd7_text.replace("20 estimated patients", "40 estimated patients")
    world.registry.add_page(CD7_PAGE, page_of_text(changed), day=2)
    world.watch(PAGE, source="page")
    world.check()
    world.later(day=2, hours=24)
    assert outcomes(world.check()) == {"changed": 1}
    world.deliver()
    assert told_categories(world) == [{Category.ENROLLMENT}]
    assert not world.registry.asked_for("/api/v2")


def test_what_a_page_lost_is_believed_after_a_second_look(world: World, cd7_text: str) -> None:
    lost = cd7_text.replace("  6. Patients with HIV infection.\n", "").replace("20 estimated", "40 estimated")
    assert lost.count("HIV") == 0
    world.registry.add_page(CD7_PAGE, page_of_text(cd7_text))
    world.registry.add_page(CD7_PAGE, page_of_text(lost), day=2)
    world.watch(PAGE, source="page")
    world.check()
    world.later(day=2, hours=24)
    world.check()
    world.deliver()
    assert told_categories(world) == [{Category.ENROLLMENT}]
    world.later(minutes=10)
    world.check()
    world.deliver()
    assert told_categories(world) == []
    world.later(minutes=21)
    world.check()
    world.deliver()
    assert told_categories(world) == [{Category.CRITERIA}]


def test_a_page_without_number_is_found_at_the_registry_by_title_and_sponsor(
    world: World, study: Any, cd7_text: str
) -> None:
    title = "Humanized CD7 CAR T-cell Therapy for r/r CD7+ Acute Leukemia"
    twin = edited(
        study,
        identificationModule__briefTitle=title,
        sponsorCollaboratorsModule__leadSponsor={"name": "Soochow University", "class": "OTHER"},
    )
    world.registry.add_study(twin)
    world.registry.add_page(CD7_PAGE, page_of_text(cd7_text.replace("NCT04762485\n", "")))
    world.watch(PAGE)
    assert outcomes(world.check()) == {"first_seen": 1}
    world.deliver()
    (message,) = world.told()
    assert isinstance(message.content, WelcomeMessage)
    assert [header.registry_id for header in message.content.trials] == [NCT]


def test_a_broken_page_says_nothing_to_readers_and_something_to_the_operator(world: World, cd7_text: str) -> None:
    world.registry.add_page(CD7_PAGE, page_of_text(cd7_text))
    world.registry.add_page(CD7_PAGE, "<html><body><div id=app></div><p>Loading...</p></body></html>", day=2)
    world.watch(PAGE, source="page")
    world.check()
    world.deliver()
    world.told()
    world.later(day=2, hours=24)
    assert outcomes(world.check()) == {"suspect": 1}
    world.deliver()
    assert not world.told()
    assert len(world.told(OPERATOR)) == 1


def test_a_record_watched_twice_is_fetched_and_told_once(world: World, study: Any, cd7_text: str) -> None:
    text = cd7_text.replace("NCT04762485", NCT)
    world.registry.add_study(study)
    world.registry.add_study(edited(study, statusModule__overallStatus="SUSPENDED"), day=2)
    world.registry.add_page(CD7_PAGE, page_of_text(text))
    world.watch(NCT, tags=frozenset({"a"}))
    world.watch(PAGE, tags=frozenset({"b"}))
    assert outcomes(world.check()) == {"first_seen": 2}
    world.later(day=2, hours=24)
    world.registry.forget_requests()
    world.check()
    assert len(world.registry.asked_for("filter.ids")) == 1
    world.deliver()
    assert len(told_categories(world)) == 1
