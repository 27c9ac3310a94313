"""What could be lost in silence: turns in which a change, a record or a denial might slip through a pass."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from monitor.demo.pages import page_of_text
from monitor.demo.recorded import CD7_PAGE
from monitor.model.change import Category
from monitor.model.message import ChangeMessage, TrialEventMessage, WelcomeMessage
from monitor.model.watch import WatchState
from monitor.store import records, suspects, watches
from tests.pipeline.world import OPERATOR, World, edited, outcomes

NCT = "NCT07011550"
SURVIVOR = "NCT07099898"
PAGE = f"https://ctv.veeva.com/study/{CD7_PAGE}"
STOPPED = {"statusModule__overallStatus": "SUSPENDED"}


def told_kinds(world: World) -> list[str]:
    world.deliver()
    return [message.kind.value for message in world.told()]


def categories(world: World) -> list[set[Category]]:
    world.deliver()
    return [
        {change.category for change in message.content.changes}
        for message in world.told()
        if isinstance(message.content, ChangeMessage)
    ]


def set_state(world: World, state: WatchState, *ids: int) -> None:
    with world.store.write() as tx:
        watches.set_state(tx, ids, state, world.now)


def test_what_a_page_lost_and_found_again_and_lost_again_is_told(world: World, cd7_text: str) -> None:
    grown = cd7_text.replace("20 estimated", "40 estimated")
    lost = grown.replace("  6. Patients with HIV infection.\n", "")
    for day, text in enumerate((cd7_text, lost, grown, lost), start=1):
        world.registry.add_page(CD7_PAGE, page_of_text(text), day=day)
    world.watch(PAGE, source="page")
    world.check()
    world.later(day=2, hours=24)
    world.check()
    assert categories(world) == [{Category.ENROLLMENT}]
    world.later(day=3, hours=1)
    world.check()
    world.later(day=4, hours=24)
    world.check()
    world.later(minutes=31)
    world.check()
    assert categories(world) == [{Category.CRITERIA}]


def test_a_registry_record_known_from_before_is_compared_when_a_page_leads_to_it(
    world: World, study: Any, cd7_text: str
) -> None:
    world.registry.add_study(study)
    world.registry.add_study(edited(study, **STOPPED), day=2)
    world.registry.add_page(CD7_PAGE, page_of_text(cd7_text.replace("NCT04762485", NCT)))
    (first,) = world.watch(NCT)
    world.check()
    told_kinds(world)
    set_state(world, WatchState.REMOVED, first.id)
    world.watch(PAGE)
    world.later(day=2, hours=24)
    world.check()
    assert categories(world) == [{Category.STATUS}]


def test_two_denials_a_day_apart_confirm_nothing(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.registry.withdraw_study(NCT, day=2)
    world.watch(NCT)
    world.check()
    told_kinds(world)
    world.later(day=2)
    unconfirmed = []
    for _ in range(3):
        world.later(hours=24)
        unconfirmed.append(world.check().unconfirmed)
    assert unconfirmed == [1, 1, 0]
    assert told_kinds(world) == ["gone"]


def merged_world(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.registry.withdraw_study(NCT, day=2)
    world.registry.add_alias(NCT, SURVIVOR)
    world.registry.add_study(edited(study, identificationModule__nctId=SURVIVOR), day=2)
    world.registry.add_study(edited(study, identificationModule__nctId=SURVIVOR, **STOPPED), day=3)


def test_a_watch_resumed_after_its_record_was_merged_follows_the_survivor(world: World, study: Any) -> None:
    merged_world(world, study)
    resumed, other = world.watch(NCT, PAGE)
    with world.store.write() as tx:
        watches.link(tx, other.id, records.ensure(tx, [resumed.reference.key], world.now)[resumed.reference.key].id)
    world.check()
    set_state(world, WatchState.PAUSED, resumed.id)
    world.later(day=2, hours=24)
    world.check()
    set_state(world, WatchState.ACTIVE, resumed.id)
    set_state(world, WatchState.REMOVED, other.id)
    told_kinds(world)
    world.later(day=3, hours=24)
    report = world.check()
    assert outcomes(report) == {"changed": 1}
    assert categories(world) == [{Category.STATUS}]


def test_a_page_that_takes_over_the_surviving_number_is_the_same_page(world: World, study: Any, cd7_text: str) -> None:
    merged_world(world, study)
    text = cd7_text.replace("NCT04762485", NCT)
    world.registry.add_page(CD7_PAGE, page_of_text(text))
    world.registry.add_page(CD7_PAGE, page_of_text(text.replace(NCT, SURVIVOR)), day=4)
    world.watch(PAGE)
    world.check()
    for day in (2, 4):
        world.later(day=day, hours=24)
        report = world.check()
    assert "suspect" not in outcomes(report)


def test_a_page_found_by_its_title_that_shows_another_number_is_kept_aside(
    world: World, study: Any, cd7_text: str
) -> None:
    title = "Humanized CD7 CAR T-cell Therapy for r/r CD7+ Acute Leukemia"
    sponsor = {"name": "Soochow University", "class": "OTHER"}
    world.registry.add_study(
        edited(study, identificationModule__briefTitle=title, sponsorCollaboratorsModule__leadSponsor=sponsor)
    )
    world.registry.add_page(CD7_PAGE, page_of_text(cd7_text.replace("NCT04762485\n", "")))
    world.registry.add_page(CD7_PAGE, page_of_text(cd7_text), day=2)
    world.watch(PAGE)
    world.check()
    world.later(day=2, hours=24)
    assert outcomes(world.check()) == {"suspect": 1}


def test_a_page_that_moved_is_read_at_its_new_address_in_the_same_pass(world: World, cd7_text: str) -> None:
    from monitor.demo.faults import Fault

    world.registry.add_page(CD7_PAGE, page_of_text(cd7_text))
    world.registry.add_page("its-new-title", page_of_text(cd7_text), day=2)
    world.watch(PAGE, source="page")
    world.check()
    told_kinds(world)
    world.later(day=2, hours=24)
    world.registry.faults.always(CD7_PAGE, Fault(status=302, headers={"Location": "/study/its-new-title"}))
    assert outcomes(world.check()) == {"failed": 1}, "a passing redirect says nothing"
    world.registry.faults.clear()
    world.registry.faults.always(CD7_PAGE, Fault(status=301, headers={"Location": "/study/its-new-title"}))
    assert outcomes(world.check()) == {"first_seen": 1}
    assert told_kinds(world) == ["merged", "welcome"]


def test_a_trial_watched_again_is_welcomed_again_and_what_changed_since_is_told(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.registry.add_study(edited(study, **STOPPED), day=2)
    (watch,) = world.watch(NCT)
    world.check()
    assert told_kinds(world) == ["welcome"]
    set_state(world, WatchState.REMOVED, watch.id)
    world.later(day=2, hours=24)
    assert world.check().coverage.due == 0
    world.watch(NCT)
    world.check()
    assert sorted(told_kinds(world)) == ["change", "welcome"]
    world.later(hours=24)
    world.check()
    assert told_kinds(world) == []


def test_what_changed_while_a_watch_was_paused_is_told_once_when_it_is_resumed(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.registry.add_study(edited(study, **STOPPED), day=2)
    (watch,) = world.watch(NCT)
    world.check()
    told_kinds(world)
    set_state(world, WatchState.PAUSED, watch.id)
    world.later(day=2, hours=24)
    world.check()
    set_state(world, WatchState.ACTIVE, watch.id)
    for _ in range(2):
        world.later(hours=6)
        world.check()
    assert told_kinds(world) == ["change"]


def test_a_return_is_told_before_what_changed_meanwhile(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.registry.withdraw_study(NCT, day=2)
    world.registry.add_study(edited(study, **STOPPED), day=3)
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
    messages = world.told()
    assert [type(message.content) for message in messages] == [TrialEventMessage, ChangeMessage]


def test_a_first_sight_that_proves_nothing_is_no_baseline(world: World, study: Any) -> None:
    world.registry.add_study(edited(study, eligibilityModule=None))
    world.registry.add_study(study, day=2)
    world.registry.add_study(edited(study, **STOPPED), day=3)
    world.watch(NCT)
    assert outcomes(world.check()) == {"suspect": 1}
    assert told_kinds(world) == []
    world.later(day=2, hours=24)
    assert outcomes(world.check()) == {"first_seen": 1}
    world.deliver()
    assert [type(message.content) for message in world.told()] == [WelcomeMessage]
    world.later(day=3, hours=24)
    assert outcomes(world.check()) == {"changed": 1}


def test_what_a_person_accepted_is_verified_when_it_comes_again(world: World, study: Any) -> None:
    from monitor.pipeline.accepting import accept_suspects

    world.registry.add_study(study)
    world.registry.add_study(edited(study, eligibilityModule=None), day=2)
    world.watch(NCT)
    world.check()
    world.later(day=2, hours=24)
    assert outcomes(world.check()) == {"suspect": 1}
    with world.store.write() as tx:
        (waiting,) = suspects.waiting(tx)
        accept_suspects(tx, [waiting], world.ways, now=world.now, chance=lambda: 0.0)
    with world.store.read() as tx:
        assert [each.state for each in suspects.list_suspects(tx)] == ["accepted"]
    world.later(hours=6)
    assert outcomes(world.check()) == {"unchanged": 1}
    with world.store.read() as tx:
        assert not suspects.waiting(tx)


def test_a_clock_that_was_years_ahead_keeps_nothing_waiting(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.registry.add_study(edited(study, **STOPPED), day=2)
    world.watch(NCT)
    world.check()
    world.later(day=2, days=3650)
    world.check()
    world.later(days=-3650)
    assert sorted(told_kinds(world)) == ["change", "welcome"]
    assert world.check(due_only=True).coverage.due == 1


def test_the_operator_hears_nothing_of_a_trial_that_nobody_follows_any_more(world: World, study: Any) -> None:
    from monitor.demo.faults import Fault

    world.registry.add_study(study)
    (watch,) = world.watch(NCT)
    world.check()
    world.deliver()
    world.registry.faults.always("/version", Fault(status=500))
    world.later(hours=6)
    world.check()
    set_state(world, WatchState.PAUSED, watch.id)
    world.later(hours=30)
    world.check()
    world.deliver()
    assert not world.told(OPERATOR)


def test_looking_for_what_is_due_and_finding_nothing_is_no_pass(world: World, study: Any) -> None:
    from monitor.store import passes

    world.registry.add_study(study)
    world.watch(NCT, every=timedelta(hours=12))
    world.check()
    world.later(minutes=1)
    world.check(due_only=True)
    with world.store.read() as tx:
        assert [coverage.due for coverage in passes.recent(tx, 9)] == [1]
