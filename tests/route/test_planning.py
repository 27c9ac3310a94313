"""Who is told what by several rules: all that match count, none is told twice, and the reasons agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.alert import Recipient
from monitor.model.change import Cause, Change, Severity
from monitor.model.place import Point
from monitor.model.watch import Watch
from monitor.route.conditions import CriteriaMention, parse_condition
from monitor.route.explain import explain
from monitor.route.matching import Ground
from monitor.route.plan import pick_changes, routing_of
from monitor.route.rules import Rule, rules_for
from tests.route.changes import RECIPIENTS, changes, criterion, enrollment, rules, watch

GROUND = Ground(points={("Paris", None, "France"): frozenset({Point(48.85341, 2.3488)})})


@given(st.lists(changes, max_size=8), st.lists(rules, max_size=6))
def test_each_recipient_is_told_once_what_any_of_its_rules_tells(found: list[Change], several: list[Rule]) -> None:
    picks = pick_changes(found, several, RECIPIENTS, GROUND)
    assert len({pick.recipient for pick in picks}) == len(picks)
    told = {pick.recipient: pick.changes for pick in picks}
    for recipient in (each for group in RECIPIENTS.values() for each in group):
        mine = [rule for rule in several if recipient.destination in rule.to]
        wanted = [n for n, each in enumerate(found) if any(_tells(rule, each) for rule in mine)]
        assert list(told.get(recipient, ())) == wanted
    for pick in picks:
        telling = [rule for rule in several if pick.recipient.destination in rule.to and _any(rule, found)]
        assert pick.reasons == tuple(dict.fromkeys(rule.reason for rule in telling))


def _tells(rule: Rule, change: Change) -> bool:
    return change.cause is not Cause.MIRROR and rule.tells(change, GROUND)


def _any(rule: Rule, found: Sequence[Change]) -> bool:
    return any(_tells(rule, each) for each in found)


WATCHES = [watch(tags=frozenset({"car-t"})), watch(label=None, tags=frozenset({"lung"}), number="NCT00000002")]
EVERYBODY = {name: (Recipient(destination=name, address="a@example.org"),) for name in RECIPIENTS}
about = st.frozensets(st.sampled_from(["car-t", "lung", "x"]), max_size=2)
named = st.frozensets(st.sampled_from(["cd7", "NCT00000002", "nct00000003", "y"]), max_size=2)


@given(changes, rules, about, named, st.lists(st.sampled_from(WATCHES), unique_by=id))
def test_a_rule_is_explained_as_it_acts(
    change: Change, rule: Rule, tags: frozenset[str], names: frozenset[str], watches: list[Watch]
) -> None:
    rule = replace(rule, tags=tags, watches=names)
    explained = explain(rule, change, watches, ["NCT00000003"], GROUND)
    following = rules_for([rule], watches, ["NCT00000003"])
    told = pick_changes([change], following, EVERYBODY, GROUND)
    assert explained.told is bool(told)
    assert len({*explained.against, *explained.found}) == len(explained.against) + len(explained.found)
    assert all(reason.endswith(".") for reason in (*explained.against, *explained.found))


def test_every_reason_against_a_change_is_told() -> None:
    condition = parse_condition("enrollment changes by at least 50 people")
    rule = Rule(name="r", tags=frozenset({"x"}), min_severity=Severity.CRITICAL, only=(condition,), to=("team",))
    explained = explain(rule, enrollment(40, 41), [WATCHES[0]])
    assert explained.against == (
        "The rule is about the tag x; it has car-t.",
        "The rule tells what is critical or graver; this is minor.",
        'Does not pass "enrollment changes by at least 50 people": changed by 1 person, 2.5 %.',
    )
    other = Rule(name="r", watches=frozenset({"B", "A"}), only=(condition,), to=("team",))
    assert explain(other, enrollment(40, 99), [WATCHES[0]]).against == ("The rule is about other watches: A, B.",)
    assert explain(replace(other, watches=frozenset()), enrollment(40, 99), WATCHES).found == (
        'Passes "enrollment changes by at least 50 people": changed by 59 people, 147.5 %.',
    )
    assert explain(other, enrollment(40, 99), ()).against == ("No active watch leads to this trial.",)


def test_the_reason_names_the_conditions() -> None:
    rule = Rule(name="r", to=("team",), only=(CriteriaMention(("x",)), parse_condition("sites in France")))
    assert rule.reason == (
        'the rule "r" sends every change of the watched trials (only: criteria mention x; sites in France) to team'
    )


def test_the_name_of_a_routing_changes_with_the_conditions_and_only_with_them() -> None:
    plain = Rule(name="r", to=("team",))
    two = tuple(map(parse_condition, ("sites in France", "criteria mention x")))
    names = {
        routing_of([replace(plain, only=only)], RECIPIENTS)
        for only in ((), two[:1], two[1:], two, (parse_condition("sites in Spain"),))
    }
    assert len(names) == 5
    assert routing_of([replace(plain, only=two)], RECIPIENTS) == routing_of(
        [replace(plain, name="s", only=two[::-1])], RECIPIENTS
    )


def test_the_routing_of_rules_without_conditions_is_named_as_it_was() -> None:
    """What older releases planned goes on being checked against the rules."""
    rule = Rule(name="r", min_severity=Severity.MAJOR, to=("chat",))
    assert routing_of([rule], RECIPIENTS) == "4106cecf29ef3e47"


def test_conditions_of_one_kind_must_all_hold() -> None:
    both = tuple(map(parse_condition, ("criteria mention x", "criteria mention y")))
    rule = Rule(name="r", to=("chat",), only=both)
    found = [criterion("x", None), criterion("y", None), criterion("x", "y")]
    (pick,) = pick_changes(found, [rule], RECIPIENTS)
    assert pick.changes == (2,)
