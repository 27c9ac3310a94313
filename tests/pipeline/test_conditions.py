"""Rules with conditions in whole passes: what is told, what a rehearsal says, and that the second line agrees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from monitor.model.alert import AlertKind
from monitor.model.change import Category
from monitor.pipeline.rehearsal import lay_before_rules, rehearse_all, updates, write
from monitor.route.conditions import parse_condition
from monitor.route.rules import Rule
from monitor.store import bodies, tables, versions
from tests.pipeline.world import OPERATOR, READER, ChangeMessage, World, edited

NCT = "NCT07011550"
NEAR_HOUSTON = "sites within 50 km of 29.76, -95.36"
PARIS = {"facility": "Gustave Roussy", "city": "Paris", "country": "France", "geoPoint": {"lat": 48.85, "lon": 2.35}}
GALVESTON = {
    "facility": "Clinic",
    "city": "Pasadena",
    "state": "Texas",
    "country": "United States",
    "geoPoint": {"lat": 29.69, "lon": -95.21},
}


def rule(*sentences: str, name: str = "narrow") -> Rule:
    return Rule(name=name, to=("team",), only=tuple(map(parse_condition, sentences)))


def with_sites(study: Any, *more: Any, **edits: Any) -> Any:
    own = study["protocolSection"]["contactsLocationsModule"]["locations"]
    return edited(study, contactsLocationsModule__locations=[*own, *more], **edits)


def see(world: World, *days: Any) -> None:
    """Each document on a day of its own; what the first sight tells is taken away."""
    for day, study in enumerate(days, start=1):
        world.registry.add_study(study, day=day)
    world.watch(NCT, label="CCR8", tags=frozenset({"lung"}))
    for day in range(1, len(days) + 1):
        world.later(day=day, hours=24)
        rehearsed = world.check(rehearse=True).planned if day > 1 else 0
        report = world.check()
        assert day == 1 or rehearsed == report.planned, "a dry run counts what the pass then plans"
        world.deliver()
        if day == 1:
            world.told()


def told(world: World) -> list[list[str]]:
    contents = (message.content for message in world.told() if isinstance(message.content, ChangeMessage))
    return [[change.category.value for change in content.changes] for content in contents]


@pytest.mark.parametrize(("site", "heard"), [(PARIS, []), (GALVESTON, [["locations"]])])
def test_a_site_that_opens_is_told_if_it_is_near(world: World, study: Any, site: Any, heard: list[list[str]]) -> None:
    world.rules = (rule(NEAR_HOUSTON),)
    see(world, study, with_sites(study, site))
    assert told(world) == heard


@pytest.mark.parametrize(("site", "heard"), [(PARIS, []), (GALVESTON, [["locations"]])])
def test_a_site_that_closes_is_placed_by_the_version_before(
    world: World, study: Any, site: Any, heard: list[list[str]]
) -> None:
    world.rules = (rule(NEAR_HOUSTON),)
    see(world, with_sites(study, site), study)
    assert told(world) == heard


def test_a_site_that_the_registry_could_not_place_is_told(world: World, study: Any) -> None:
    world.rules = (rule(NEAR_HOUSTON),)
    see(world, study, with_sites(study, {**PARIS, "geoPoint": None, "city": "Villejuif"}))
    assert told(world) == [["locations"]]


def test_a_country_is_known_under_its_older_names(world: World, study: Any) -> None:
    world.rules = (rule("sites in Korea, Republic of"),)
    see(world, study, with_sites(study, {"facility": "SNUH", "city": "Seoul", "country": "South Korea"}))
    assert told(world) == [["locations"]]


def test_what_no_condition_is_about_is_told_beside_what_one_holds_back(world: World, study: Any) -> None:
    count = study["protocolSection"]["designModule"]["enrollmentInfo"]["count"]
    changed = edited(
        study,
        statusModule__overallStatus="SUSPENDED",
        designModule__enrollmentInfo={"count": count + 1, "type": "ESTIMATED"},
    )
    world.rules = (rule("enrollment changes by at least 10 %"),)
    see(world, study, changed)
    assert told(world) == [["status"]]


def test_a_verify_after_bodies_were_pruned_blames_nobody(world: World, study: Any) -> None:
    """Where the documents are gone the places are unknown: that says nothing of what was known then."""
    world.rules = (rule(NEAR_HOUSTON),)
    see(world, study, with_sites(study, PARIS))
    assert told(world) == []
    with world.store.write() as tx:
        (row,) = {stored.record_id for stored in world.history()}
        first = versions.list_versions(tx, row)[0]
        bodies.prune_bodies(tx, [first.body_digest], world.now)
    assert world.verify().disagreements == ()


def test_verify_sees_a_change_that_the_conditions_would_have_let_pass(world: World, study: Any) -> None:
    world.sound = False
    world.rules = (rule(NEAR_HOUSTON),)
    see(world, study, with_sites(study, PARIS))
    assert world.verify().disagreements == ()
    with world.store.write() as tx:
        nowhere = [{"before": None, "after": {"city": "Nowhere"}}]
        tx.run(update(tables.changes).values(detail={"sites": nowhere}))
    assert any("was to hear of it" in each.what for each in world.verify().disagreements)


def test_a_rehearsal_gives_the_messages_that_were_sent(world: World, study: Any) -> None:
    world.rules = (rule("sites in France", name="everything"),)
    changed = with_sites(study, PARIS, statusModule__overallStatus="SUSPENDED")
    see(world, study, changed, study)
    sent = [message for message in world.told() if isinstance(message.content, ChangeMessage)]
    assert [message.kind for message in sent] == [AlertKind.CHANGE, AlertKind.CORRECTION]
    with world.store.read() as tx:
        several = list(updates(tx, world.ways.desk, world.now - timedelta(days=30), None))
        rehearsed = list(rehearse_all(tx, world.ways.desk, several))
        made = [
            write(tx, world.ways.desk, each, message.timezone) for each, message in zip(rehearsed, sent, strict=True)
        ]
    assert made == sent, "the same words, names and reasons"


def test_a_rehearsal_looks_at_its_days_alone_and_leaves_the_store_as_it_is(world: World, study: Any) -> None:
    world.rules = (rule(),)
    see(world, study, with_sites(study, PARIS), with_sites(study, PARIS, GALVESTON))
    before = (world.history(), world.outbox())
    with world.store.read() as tx:
        desk = world.ways.desk
        first, second = updates(tx, desk, world.now - timedelta(days=30), None)
        (alone,) = updates(tx, desk, world.now, None)
        assert (alone, first.first.observed_at < second.first.observed_at) == (second, True)
        (early,) = updates(tx, desk, first.first.observed_at, second.first.observed_at)
        assert early == first
        assert not list(updates(tx, desk, world.now + timedelta(seconds=1), None))
        assert [each.pick.recipient for each in rehearse_all(tx, desk, [first, second])] == [READER, READER]
    assert (world.history(), world.outbox()) == before


def test_a_change_is_laid_before_every_rule(world: World, study: Any) -> None:
    world.rules = (
        rule(NEAR_HOUSTON, name="near"),
        Rule(name="operator", to=("operator",), categories=frozenset({Category.LOCATIONS})),
        Rule(name="other tag", to=("team",), tags=frozenset({"breast"})),
    )
    see(world, study, with_sites(study, PARIS))
    (stored,) = world.history()
    with world.store.read() as tx:
        tested = lay_before_rules(tx, world.ways.desk, stored.id)
        assert lay_before_rules(tx, world.ways.desk, stored.id + 1) is None
    assert tested is not None
    assert [answer.explained.told for answer in tested.answers] == [False, True, False]
    assert [[each.recipient for each in answer.to] for answer in tested.answers] == [[READER], [OPERATOR], [READER]]
    near, _, tagged = (answer.explained.against for answer in tested.answers)
    assert near == (f'Does not pass "{NEAR_HOUSTON}": lists sites of which the nearest is 8,085.6 km away.',)
    assert tagged == ("The rule is about the tag breast; it has lung.",)


def test_who_heard_of_a_change_is_named_where_it_is_taken_back(world: World, study: Any) -> None:
    world.rules = (rule(),)
    see(world, study, edited(study, statusModule__overallStatus="SUSPENDED"), study)
    world.rules = ()
    with world.store.read() as tx:
        back = next(stored for stored in world.history() if "takes_back" in stored.change.detail)
        tested = lay_before_rules(tx, world.ways.desk, back.id)
    assert tested is not None
    assert tested.heard == (READER,)
