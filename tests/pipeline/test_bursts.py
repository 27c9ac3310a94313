"""What many trials show at once without an update is held: the source changed, not the trials."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from monitor.model.watch import Watch
from monitor.pipeline.accepting import accept_suspects, alike
from monitor.pipeline.scribe import Scribe
from monitor.store import hosts, suspects
from tests.pipeline.world import ChangeMessage, World, edited, outcomes

Edit = Callable[[Any], Any]


def number(n: int) -> str:
    return f"NCT0100{n:04d}"


def trial(study: Any, n: int) -> Any:
    """A trial of its own: another number, and other words where trials differ."""
    return edited(
        study,
        identificationModule__nctId=number(n),
        identificationModule__briefTitle=f"Trial {n} of many",
        designModule__enrollmentInfo={"count": 100 + n, "type": "ESTIMATED"},
    )


def watch_many(world: World, study: Any, count: int) -> list[Watch]:
    for n in range(count):
        world.registry.add_study(trial(study, n))
    found = world.watch(*map(number, range(count)))
    world.check()
    world.deliver()
    world.told()
    return found


def pass_with(world: World, study: Any, edits: Iterable[Edit], *, day: int = 2) -> dict[str, int]:
    """A day on which the first trials are edited, each by its own edit, and the pass over all."""
    for n, edit in enumerate(edits):
        world.registry.add_study(edit(trial(study, n)), day=day)
    world.later(day=day, hours=24)
    found = outcomes(world.check())
    world.deliver()
    return found


def lose_contacts(document: Any) -> Any:
    return edited(document, contactsLocationsModule__centralContacts=None)


def lose_oversight(document: Any) -> Any:
    return edited(document, oversightModule=None)


def open_label(document: Any) -> Any:
    return edited(document, designModule__designInfo__maskingInfo={"masking": "QUADRUPLE"})


def update(document: Any) -> Any:
    return edited(document, statusModule__lastUpdatePostDateStruct={"date": "2026-11-20", "type": "ACTUAL"})


def become_unknown(document: Any) -> Any:
    return edited(
        document,
        statusModule__overallStatus="UNKNOWN",
        statusModule__lastKnownStatus="RECRUITING",
        contactsLocationsModule__centralContacts=None,
    )


def lose_one_condition(document: Any) -> Any:
    several = document["protocolSection"]["conditionsModule"]["conditions"]
    assert len(several) > 1
    return edited(document, conditionsModule__conditions=several[1:])


@pytest.mark.parametrize("edit", [lose_contacts, lose_oversight, open_label])
@pytest.mark.parametrize("counts", [(20, 4, 0), (26, 5, 0), (25, 5, 5), (20, 20, 20), (5, 5, 5)])
def test_five_and_a_fifth_make_a_burst(world: World, study: Any, edit: Edit, counts: tuple[int, int, int]) -> None:
    trials, edited_ones, held = counts
    watch_many(world, study, trials)
    found = pass_with(world, study, [edit] * edited_ones)
    assert found.get("suspect", 0) == held == len(world.waiting())
    assert found.get("changed", 0) == edited_ones - held
    assert len(world.told()) == edited_ones - held


def test_what_was_updated_is_no_burst(world: World, study: Any) -> None:
    watch_many(world, study, 8)
    assert pass_with(world, study, [lambda each: update(lose_contacts(each))] * 8) == {"changed": 8}


def test_a_status_that_becomes_unknown_is_no_burst(world: World, study: Any) -> None:
    watch_many(world, study, 8)
    assert pass_with(world, study, [become_unknown] * 8) == {"changed": 8}


def test_an_item_of_a_list_is_no_field(world: World, study: Any) -> None:
    watch_many(world, study, 8)
    assert pass_with(world, study, [lose_one_condition] * 8) == {"changed": 8}


def test_the_same_field_with_unlike_values_is_no_burst(world: World, study: Any) -> None:
    watch_many(world, study, 8)

    def retitled(document: Any) -> Any:
        title = document["protocolSection"]["identificationModule"]["briefTitle"]
        return edited(document, identificationModule__briefTitle=f"{title}, amended")

    assert pass_with(world, study, [retitled] * 8) == {"changed": 8}


def test_the_operator_is_told_once_what_was_held_and_once_that_it_is_over(world: World, study: Any) -> None:
    watch_many(world, study, 12)
    pass_with(world, study, [lose_contacts] * 6)
    (said,) = world.notices()
    assert 'ClinicalTrials.gov changed, not its trials: 6 of 12 trials lost "contacts' in said
    assert all(
        "6 of 12 trials lost" in reason and "the source changed" in reason
        for row in world.waiting()
        for reason in row.reasons
    )
    for _ in range(2):  # the same build, and a new one
        world.later(hours=6)
        assert outcomes(world.check())["suspect"] == 6
    world.later(day=3, hours=24)
    assert outcomes(world.check())["suspect"] == 6
    world.deliver()
    assert (world.notices(), world.told(), world.history(), len(world.waiting())) == ([], [], (), 6)
    for n in range(6):
        world.registry.add_study(trial(study, n), day=4)
    world.later(day=4, hours=24)
    assert outcomes(world.check()) == {"unchanged": 12}
    world.deliver()
    (said,) = world.notices()
    assert said.startswith("Nothing is kept aside any more")
    assert (world.told(), world.history(), world.waiting()) == ([], (), ())


def test_what_goes_on_in_too_few_is_told_when_the_others_are_as_before(world: World, study: Any) -> None:
    watch_many(world, study, 12)
    pass_with(world, study, [lose_contacts] * 6)
    assert pass_with(world, study, [lambda each: each] * 3, day=3) == {"changed": 3, "unchanged": 9}
    assert len(world.told()) == 3


def test_a_pass_over_a_few_releases_nobody(world: World, study: Any) -> None:
    few = [watch_many(world, study, 12)[0].id]
    pass_with(world, study, [lose_contacts] * 6)
    world.later(hours=6)
    assert outcomes(world.check(choose=lambda _tx: few)) == {"suspect": 1}
    world.registry.add_study(trial(study, 0), day=3)
    world.later(day=3, hours=6)
    assert outcomes(world.check(choose=lambda _tx: few)) == {"unchanged": 1}
    assert len(world.waiting()) == 5


def test_a_trial_s_own_change_in_the_pass_of_a_burst_is_told(world: World, study: Any) -> None:
    watch_many(world, study, 12)

    def suspend(document: Any) -> Any:
        return update(edited(document, statusModule__overallStatus="SUSPENDED"))

    edits = [*[lose_contacts] * 6, suspend, lambda each: suspend(lose_contacts(each))]
    assert pass_with(world, study, edits) == {"suspect": 6, "changed": 2, "unchanged": 4}
    told = [message.content for message in world.told()]
    assert [content.header.registry_id for content in told if isinstance(content, ChangeMessage)] == [
        number(6),
        number(7),
    ]


def test_what_changed_while_held_is_told_against_the_version_before_the_burst(world: World, study: Any) -> None:
    watch_many(world, study, 6)
    pass_with(world, study, [lose_contacts] * 6)

    def grown(document: Any) -> Any:
        return update(edited(document, designModule__enrollmentInfo={"count": 7, "type": "ESTIMATED"}))

    assert pass_with(world, study, [grown, *[lambda each: each] * 5], day=3) == {"changed": 1, "unchanged": 5}
    (message,) = world.told()
    assert isinstance(message.content, ChangeMessage)
    (change,) = message.content.changes
    assert (change.before, change.after) == (
        {"count": 100, "type": "ESTIMATED"},
        {"count": 7, "type": "ESTIMATED"},
    )


def test_all_that_is_alike_is_accepted_at_once_and_told(world: World, study: Any) -> None:
    watch_many(world, study, 12)
    pass_with(world, study, [lose_contacts] * 6)
    assert len(world.notices()) == 1
    with world.store.write() as tx:
        chosen = alike(tx, suspects.waiting(tx)[:1])
        done = accept_suspects(tx, chosen, world.ways, now=world.now, chance=lambda: 0.0)
    assert (len(done), world.waiting()) == (6, ())
    world.deliver()
    assert len(world.told()) == 6
    world.later(day=3, hours=24)
    assert outcomes(world.check()) == {"unchanged": 12}
    world.deliver()
    assert (world.told(), len(world.notices())) == ([], 1)


def test_a_run_that_dies_before_the_end_of_its_source_loses_only_readings(world: World, study: Any) -> None:
    watch_many(world, study, 12)

    class Dying(Scribe):
        async def read(self, work: Any) -> Any:
            if work is not hosts.rests:  # all that is read before the registry's reading ends
                raise KeyboardInterrupt
            return await super().read(work)

    for n in range(6):
        world.registry.add_study(lose_contacts(trial(study, n)), day=2)
    world.registry.add_study(update(open_label(trial(study, 7))), day=2)
    world.later(day=2, hours=24)
    with pytest.raises(KeyboardInterrupt):
        world.check(scribe=Dying)
    assert (len(world.history()) > 0, world.waiting()) == (True, ())
    assert outcomes(world.check()) == {"suspect": 6, "unchanged": 6}


def test_a_rehearsal_holds_a_burst_and_stores_nothing(world: World, study: Any) -> None:
    watch_many(world, study, 6)
    for n in range(6):
        world.registry.add_study(lose_contacts(trial(study, n)), day=2)
    world.later(day=2, hours=24)
    assert outcomes(world.check(rehearse=True)) == {"suspect": 6}
    assert world.waiting() == ()
