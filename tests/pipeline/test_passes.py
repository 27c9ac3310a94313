"""Whole passes over recorded sources: what is stored, what is told, what is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor.demo.faults import Fault
from monitor.demo.recorded import CD7_PAGE
from monitor.model.alert import AlertState
from monitor.model.change import Category, Severity
from monitor.route.rules import Rule
from monitor.store import records
from tests.pipeline.world import (
    OPERATOR,
    ChangeMessage,
    NoticeMessage,
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


def test_a_first_sight_is_a_baseline_with_one_welcome(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.watch(NCT, label="CD8")
    assert outcomes(world.check()) == {"first_seen": 1}
    world.deliver()
    (message,) = world.told()
    assert isinstance(message.content, WelcomeMessage)
    assert [header.registry_id for header in message.content.trials] == [NCT]
    assert message.content.trials[0].label == "CD8"
    assert not world.history()
    world.later(hours=6)
    world.check()
    world.deliver()
    assert not world.told()


def test_a_change_is_stored_and_told_once(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.registry.add_study(
        edited(study, statusModule__overallStatus="SUSPENDED", statusModule__whyStopped="FDA"), day=2
    )
    world.watch(NCT)
    world.check()
    world.deliver()
    world.told()
    world.later(day=2, hours=24)
    report = world.check()
    assert outcomes(report) == {"changed": 1}
    assert report.planned == 1
    world.deliver()
    (message,) = world.told()
    assert isinstance(message.content, ChangeMessage)
    (change,) = message.content.changes
    assert (change.before, change.severity) != (None, Severity.MINOR)
    assert 'Reason given: "FDA"' in change.sentence
    world.later(hours=6)
    assert outcomes(world.check()) == {"unchanged": 1}
    world.deliver()
    assert not world.told()


def test_back_and_forth_and_back_is_told_each_time(world: World, study: Any) -> None:
    world.watch(NCT)
    for day, status in enumerate(("RECRUITING", "SUSPENDED") * 3, 1):
        world.registry.add_study(edited(study, statusModule__overallStatus=status), day=day)
        world.later(day=day, hours=24)
        world.check()
        world.deliver()
    assert [type(message.content).__name__ for message in world.told()] == ["WelcomeMessage"] + ["ChangeMessage"] * 5


def test_nothing_is_asked_twice_of_one_build_of_the_registry(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.watch(NCT)
    world.check()
    world.registry.forget_requests()
    world.later(hours=6)
    assert outcomes(world.check()) == {"unchanged": 1}
    assert [asked.target for asked in world.registry.requests] == ["/api/v2/version"]


def test_noise_of_the_registry_is_no_change(world: World, study: Any) -> None:
    noisy = {**study, "derivedSection": {"miscInfoModule": {"versionHolder": "2026-12-24"}}}
    world.registry.add_study(study)
    world.registry.add_study(noisy, day=2)
    world.watch(NCT)
    world.check()
    world.later(day=2, hours=24)
    assert outcomes(world.check()) == {"unchanged": 1}
    assert not world.history()


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault(status=500, body=b"oops"), "failed"),
        (Fault(status=503, headers={"Retry-After": "120"}), "throttled"),
        (Fault(status=429), "throttled"),
        (Fault(status=403), "refused"),
        (Fault(body=b"<html>maintenance</html>", headers={"Content-Type": "text/html"}), "failed"),
        (Fault(cut_after=200), "failed"),
    ],
)
def test_a_fault_of_the_registry_is_never_a_change(world: World, study: Any, fault: Fault, outcome: str) -> None:
    world.registry.add_study(study)
    world.watch(NCT)
    world.check()
    world.later(day=2, hours=24)
    world.registry.faults.always("/studies", fault)
    report = world.check()
    assert (outcomes(report), report.coverage.checked) == ({outcome: 1}, 0)
    world.registry.faults.clear()
    world.later(hours=25)
    assert outcomes(world.check()) == {"unchanged": 1}
    assert not world.history()
    world.deliver()
    assert [type(message.content) for message in world.told()] == [WelcomeMessage]


def test_an_incomplete_record_is_kept_aside_and_the_operator_told(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.registry.add_study(edited(study, eligibilityModule=None), day=2)
    world.watch(NCT)
    world.check()
    world.deliver()
    world.told()
    world.told(OPERATOR)
    world.later(day=2, hours=24)
    assert outcomes(world.check()) == {"suspect": 1}
    world.deliver()
    assert not world.told()
    (notice,) = world.told(OPERATOR)
    assert isinstance(notice.content, NoticeMessage)
    assert "eligibility" in notice.content.items[0].what
    world.later(hours=1)
    world.check()
    world.deliver()
    assert not world.told(OPERATOR), "the operator hears of it once"


def test_a_lasting_failure_is_told_to_the_operator_after_three_passes_and_its_end_once(
    world: World, study: Any
) -> None:
    world.registry.add_study(study)
    world.watch(NCT)
    world.check()
    world.registry.faults.always("/version", Fault(status=500))
    got = []
    for _ in range(4):
        world.later(hours=2)
        world.check()
        world.deliver()
        got.append(len(world.told(OPERATOR)))
    assert got == [0, 0, 1, 0]
    world.registry.faults.clear()
    world.later(hours=2)
    world.check()
    world.deliver()
    (notice,) = world.told(OPERATOR)
    assert "can be read again" in notice.content.items[0].what  # type: ignore[union-attr]  # a notice


def test_rules_choose_by_tag_category_and_severity(world: World, study: Any) -> None:
    world.rules = (
        Rule(name="stops", categories=frozenset({Category.STATUS}), to=("team",)),
        Rule(name="other tag", tags=frozenset({"x"}), to=("operator",)),
    )
    world.registry.add_study(study)
    world.registry.add_study(
        edited(
            study, statusModule__overallStatus="SUSPENDED", designModule__enrollmentInfo={"count": 7, "type": "ACTUAL"}
        ),
        day=2,
    )
    world.watch(NCT, tags=frozenset({"y"}))
    world.check()
    world.later(day=2, hours=24)
    assert {stored.change.category for stored in world.check().changes} == {Category.STATUS, Category.ENROLLMENT}
    world.deliver()
    assert told_categories(world) == [{Category.STATUS}]
    assert not world.told(OPERATOR)


def test_a_rehearsal_stores_and_sends_nothing(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.registry.add_study(edited(study, statusModule__overallStatus="SUSPENDED"), day=2)
    world.watch(NCT)
    assert outcomes(world.check(rehearse=True)) == {"first_seen": 1}
    with world.store.read() as tx:
        assert records.all_rows(tx) == ()
    assert not world.outbox()
    assert outcomes(world.check()) == {"first_seen": 1}
    world.later(day=2, hours=24)
    rehearsed = world.check(rehearse=True)
    assert (outcomes(rehearsed), len(rehearsed.changes), rehearsed.planned) == ({"changed": 1}, 1, 1)
    assert not world.history()
    assert outcomes(world.check()) == {"changed": 1}


def test_what_is_nearly_due_is_read_with_what_is_due_and_never_alone(world: World, study: Any) -> None:
    for n, number in enumerate(("NCT01000001", "NCT01000002", "NCT01000003")):
        world.registry.add_study(edited(study, identificationModule__nctId=number))
        world.watch(number, every=timedelta(hours=6 * (1 + n // 2)))
        world.check(due_only=True)
        world.later(minutes=20)
    world.later(hours=4, minutes=50)
    assert outcomes(world.check(due_only=True)) == {}
    world.later(minutes=10)
    assert outcomes(world.check(due_only=True)) == {"unchanged": 2}
    world.later(minutes=20)
    assert outcomes(world.check(due_only=True)) == {}


def test_only_what_is_due_is_read(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.watch(NCT, every=timedelta(hours=12))
    world.check()
    world.later(hours=11)
    assert world.check(due_only=True).coverage.due == 0
    world.later(hours=1)
    assert world.check(due_only=True).coverage.due == 1


def test_a_welcome_that_a_crash_swallowed_is_made_up_for(world: World, study: Any) -> None:
    world.registry.add_study(study)
    world.watch(NCT)
    world.check()
    with world.store.write() as tx:
        from monitor.store import records
        from monitor.store.tables import alerts
        from monitor.store.tables import records as table

        tx.run(alerts.delete())
        tx.run(table.update().values(welcomed_at=None))
        assert records.unwelcomed(tx)
    world.later(hours=6)
    world.check()
    assert [alert.kind.value for alert in world.outbox(AlertState.PENDING)] == ["welcome"]
