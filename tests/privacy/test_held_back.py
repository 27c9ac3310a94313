"""What stands in stored records tells a channel that many read whom it must not name."""

from __future__ import annotations

from copy import deepcopy
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.deliver.masking import masked
from monitor.model.alert import Alert, AlertKind
from monitor.model.message import Message
from monitor.pipeline.letters import Beside, write_digest, write_letter, write_plain_letter
from monitor.pipeline.named import read_named
from monitor.store import alerts, changes
from tests.deliver.forms import forms
from tests.pipeline.world import World, edited
from tests.privacy.canaries import NAME, PHONE, hits, with_canary
from tests.privacy.life import TRIAL, lived

UTC_ZONE = ZoneInfo("UTC")


def stored(world: World) -> tuple[Alert, ...]:
    with world.store.read() as tx:
        return alerts.list_alerts(tx)


def letters(world: World, *told: Alert) -> list[Message]:
    """The alerts as they would be told: alone, in bare lines, and together."""
    with world.store.read() as tx:
        named = read_named(tx, told)
        log = changes.history(tx, ids=[number for alert in told for number in alert.change_ids])
    found = []
    for alert in told:
        mine = [each for each in log if each.id in alert.change_ids]
        found += [
            write_letter(alert, mine, UTC_ZONE, named[alert.id]),
            write_plain_letter(alert, mine, UTC_ZONE, named[alert.id]),
        ]
    return [*found, write_digest(told, log, UTC_ZONE, world.now, Beside(named=named))]


def readable(message: Message) -> set[str]:
    return {word for _, text in forms(masked(message)) for word in hits(text.encode())}


def test_no_alert_of_a_life_names_the_canary(world: World, study: Any) -> None:
    lived(world, study)
    told = stored(world)
    assert {alert.kind for alert in told} >= {AlertKind.CHANGE, AlertKind.WELCOME, AlertKind.NOTICE}
    for message in letters(world, *told):
        assert readable(message) == set()


def test_a_name_in_a_title_is_known_by_the_record_alone(world: World, study: Any) -> None:
    """The change is one of the title: no entry of a person is in it."""
    titled = with_canary(study, title=f"A study of {NAME}, {PHONE}")
    world.registry.add_study(titled, day=1)
    world.registry.add_study(edited(titled, statusModule__overallStatus="SUSPENDED"), day=2)
    world.registry.set_day(1)
    world.watch(TRIAL)
    world.check()
    world.later(2, hours=24)
    world.check()
    for message in letters(world, *stored(world)):
        assert readable(message) == set()


@pytest.mark.parametrize(("kind", "left"), [("INDIV", set()), ("INDUSTRY", {"Canarybird"})])
def test_a_sponsor_who_is_a_person_is_held_back(world: World, study: Any, kind: str, left: set[str]) -> None:
    sponsored = deepcopy(study)
    sponsor = {"name": "Zarlina Canarybird", "class": kind}
    sponsored["protocolSection"]["sponsorCollaboratorsModule"]["leadSponsor"] = sponsor
    world.registry.add_study(sponsored, day=1)
    world.registry.add_study(edited(sponsored, statusModule__overallStatus="SUSPENDED"), day=2)
    world.registry.set_day(1)
    world.watch(TRIAL)
    world.check()
    world.later(2, hours=24)
    world.check()
    assert set().union(*map(readable, letters(world, *stored(world)))) == left


def test_a_record_that_is_gone_names_nobody(world: World, study: Any) -> None:
    world.registry.add_study(with_canary(study, title=f"A study of {NAME}"), day=1)
    world.registry.withdraw_study(TRIAL, day=2)
    world.registry.set_day(1)
    world.watch(TRIAL)
    world.check()
    for hours in (24, 25, 26):
        world.later(2, hours=hours)
        world.check()
    told = stored(world)
    assert AlertKind.GONE in {alert.kind for alert in told}
    for message in letters(world, *told):
        assert readable(message) == set()
