"""One record that somebody made hostile spoils nothing but itself: all the others of the pass are verified and told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.demo.mailbox import Mailbox
from monitor.demo.registry import RecordedRegistry
from monitor.demo.webhooks import WebhookSink
from tests.acceptance.world import NCT, Call, World, study

OTHERS = 24


@pytest.fixture
def world(tmp_path: Path, call: Call) -> Iterator[World]:
    with RecordedRegistry() as registry, Mailbox() as mailbox, WebhookSink() as web:
        yield World(tmp_path, call, registry, mailbox, web)


def numbered(number: str, version: int = 0) -> Any:
    document = study(NCT, version)
    document["protocolSection"]["identificationModule"] |= {"nctId": number, "nctIdAliases": []}
    return document


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


def with_protocol(number: str, **modules: Any) -> Any:
    document = numbered(number)
    document["protocolSection"] |= modules
    return document


def hostile(number: str) -> dict[str, Any]:
    """Documents under that number, each made to stop whoever reads it."""
    criteria = "Inclusion Criteria:\n\n" + "* " * 5_000 + "\n" + ("(" * 5_000 + "\\>" * 5_000) + "\n   * x" * 1_000
    return {
        "nothing but lists": {"protocolSection": {"identificationModule": {"nctId": number}, "statusModule": [[]]}},
        "deep": with_protocol(number, moreModule=deep(200)),
        "long": with_protocol(number, eligibilityModule={"eligibilityCriteria": criteria}),
        "many": with_protocol(
            number, contactsLocationsModule={"locations": [{"facility": f"F{n}"} for n in range(1_000)]}
        ),
        "numbers": with_protocol(number, designModule={"enrollmentInfo": {"count": 10**18}, "studyType": 7}),
        "signs": with_protocol(number, descriptionModule={"briefSummary": "\u0000\u202e\ufeff\U000e0001" * 20_000}),
    }


def test_the_others_are_verified_and_told_all_the_same(world: World) -> None:
    bad, others = [f"NCT{90_000_000 + n}" for n in range(6)], [f"NCT{91_000_000 + n}" for n in range(OTHERS)]
    for number in (*bad, *others):
        world.registry.add_study(numbered(number))
    world.configure()
    assert world.run("watch", "add", *bad, *others).returncode == 0
    assert world.json("check")["coverage"]["first_seen"] == len(bad) + OTHERS
    for number in others:
        world.registry.add_study(numbered(number, 1), day=2)
    for number, name in zip(bad, hostile(""), strict=True):
        world.registry.add_study(hostile(number)[name], day=2)
    world.registry.set_day(2)
    done = world.run("check", "--json")
    assert "fault of the program" not in done.stderr
    assert done.returncode == 1, "one of them is no complete record"
    assert set(others) <= {change["registry_id"] for change in world.json("history")}
    assert json.loads(done.stdout)["coverage"]["checked"] >= OTHERS
