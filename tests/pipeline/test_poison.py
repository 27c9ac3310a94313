"""One record or message that breaks us stops no other: faults come in by what a pass is given from outside."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from monitor.errors import NotARecord
from monitor.model.change import Change
from monitor.model.message import ChangeMessage
from monitor.model.watch import RecordKey
from monitor.pipeline.accepting import accept_suspects
from monitor.pipeline.scribe import Scribe
from monitor.route.conditions import EnrollmentMoves
from monitor.route.rules import Rule
from monitor.sources.careful import read_carefully
from monitor.store import records, suspects
from monitor.store.transaction import Tx
from tests.pipeline.world import OPERATOR, World, edited, outcomes

T = TypeVar("T")
TRIALS = ("NCT07011550", "NCT07011551", "NCT07011552")
POISONED = 77


@dataclass(frozen=True, slots=True)
class BrokenCondition(EnrollmentMoves):
    """A condition that breaks over one change: what nobody foresaw, in the middle of the accept step."""

    def concerns(self, change: Change) -> bool:
        if isinstance(change.after, dict) and change.after.get("count") == POISONED:
            raise RecursionError("too deep")
        return False


BROKEN = Rule(name="broken", only=(BrokenCondition(Decimal(1), "people"),), to=("team",))


def three_trials(world: World, study: Any) -> None:
    """Three trials; on day 2 each is suspended, and the second states a number that breaks the rule."""
    for number in TRIALS:
        world.registry.add_study(edited(study, identificationModule__nctId=number))
        changed = edited(study, identificationModule__nctId=number, statusModule__overallStatus="SUSPENDED")
        if number == TRIALS[1]:
            changed = edited(changed, designModule__enrollmentInfo={"count": POISONED, "type": "ESTIMATED"})
        world.registry.add_study(changed, day=2)
    world.watch(*TRIALS)
    world.check()
    world.deliver()
    world.told()
    world.later(day=2, hours=24)


def told_numbers(world: World) -> list[str | None]:
    world.deliver()
    return [
        message.content.header.registry_id for message in world.told() if isinstance(message.content, ChangeMessage)
    ]


def test_a_record_that_breaks_the_accept_step_is_kept_aside_and_the_others_are_told(
    world: World, study: Any, caplog: pytest.LogCaptureFixture
) -> None:
    three_trials(world, study)
    world.rules = (BROKEN,)
    with caplog.at_level(logging.ERROR):
        report = world.check()
    assert outcomes(report) == {"changed": 2, "suspect": 1}
    assert [record.exc_info is not None for record in caplog.records] == [True], "once, with its traceback"
    assert told_numbers(world) == [TRIALS[0], TRIALS[2]]
    assert len(world.told(OPERATOR)) == 1
    with world.store.read() as tx:
        (row,) = records.by_registry_id(tx, TRIALS[1])
    assert row.next_due
    assert row.next_due > world.now, "it does not come back at once"


def test_what_was_kept_aside_by_a_fault_of_ours_is_told_once_the_fault_is_gone(world: World, study: Any) -> None:
    three_trials(world, study)
    world.rules = (BROKEN,)
    world.check()
    told_numbers(world)
    world.rules = (Rule(name="all", to=("team",)),)
    world.later(hours=6)
    assert outcomes(world.check()) == {"unchanged": 2, "changed": 1}
    assert told_numbers(world) == [TRIALS[1]]


@pytest.mark.parametrize("fault", [RecursionError(), MemoryError(), UnicodeError("x"), KeyError("a"), OverflowError()])
def test_a_body_that_breaks_its_parser_is_no_record(fault: Exception) -> None:
    def read() -> Any:
        raise fault

    with pytest.raises(NotARecord, match=type(fault).__name__):
        read_carefully(RecordKey(source="ctgov", source_id=TRIALS[0]), read)


def test_a_suspect_accepted_while_a_pass_runs_costs_the_pass_nothing(world: World, study: Any) -> None:
    for number in TRIALS:
        world.registry.add_study(edited(study, identificationModule__nctId=number))
    bare = edited(study, identificationModule__nctId=TRIALS[0], eligibilityModule=None)
    world.registry.add_study(bare, day=2)
    for number in TRIALS:
        whole = edited(study, identificationModule__nctId=number, statusModule__overallStatus="SUSPENDED")
        world.registry.add_study(whole, day=3)
    world.watch(*TRIALS)
    world.check()
    world.later(day=2, hours=24)
    world.check()
    world.later(day=3, hours=24)
    with world.store.read() as tx:
        (waiting,) = suspects.waiting(tx)
    writings = []

    class Interrupted(Scribe):
        """Another command comes in before the second writing: the agenda is read by then, no version stored yet."""

        async def write(self, work: Callable[[Tx], T]) -> T:
            writings.append(work)
            if len(writings) == 2:
                with world.store.write() as tx:
                    accept_suspects(tx, [waiting], world.ways, now=world.now, chance=lambda: 0.0)
            return await super().write(work)

    assert outcomes(world.check(scribe=Interrupted)) == {"changed": 2, "failed": 1}
    world.later(minutes=2)
    assert outcomes(world.check(due_only=True)) == {"changed": 1}
