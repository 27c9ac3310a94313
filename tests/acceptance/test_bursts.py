"""What a source changes for many trials at once, from outside: held, told to the operator, accepted in one go."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.acceptance.world import NCT, World, study

NUMBERS = [f"NCT0100000{n}" for n in range(8)]


def trial(number: str, **edits: Any) -> Any:
    document = study(NCT)
    protocol = document["protocolSection"]
    protocol["identificationModule"] |= {"nctId": number, "briefTitle": f"Trial {number}"}
    for module, values in edits.items():
        protocol[module] |= values
    return document


@pytest.fixture
def many(world: World) -> World:
    """Eight trials seen once; on day 2 six of them say "double-blind", none of them updated."""
    world.destinations["ops"] = world.mail_url("ops@example.org")
    world.more = '[operator]\nto = ["ops"]\n'
    for number in NUMBERS:
        world.registry.add_study(trial(number))
    world.configure()
    assert world.run("watch", "add", *NUMBERS).returncode == 0
    world.json("check")
    for number in NUMBERS[:6]:
        info = study(NCT)["protocolSection"]["designModule"]["designInfo"] | {"maskingInfo": {"masking": "DOUBLE"}}
        world.registry.add_study(trial(number, designModule={"designInfo": info}), day=2)
    world.registry.set_day(2)
    return world


def test_a_burst_is_held_and_told_to_the_operator_alone_and_once(many: World) -> None:
    for _ in range(2):
        report = many.json("check", code=1)
        assert (report["coverage"]["suspect"], report["coverage"]["unchanged"], report["changes"]) == (6, 2, [])
        assert all("6 of 8 trials went from" in problem["message"] for problem in report["problems"])
    assert len(many.subjects()) == 1, "the welcome"
    (subject,) = many.subjects("ops@example.org")
    assert subject.startswith("Trial Monitor: ClinicalTrials.gov changed, not its trials: 6 of 8 trials went from")
    assert many.json("history") == []
    assert {row["source_id"] for row in many.json("suspect")} == set(NUMBERS[:6])


def test_a_burst_is_accepted_whole_and_then_told(many: World) -> None:
    many.json("check", code=1)
    first = str(many.json("suspect")[0]["id"])
    done = many.run("suspect", "accept", first, "--alike")
    assert done.returncode == 0
    assert len(re.findall(r"NCT0100000\d: It is version 2 now, with 1 change\.", done.stdout)) == 6
    assert many.run("deliver").returncode == 0
    assert len(many.subjects()) == 7
    assert many.json("check")["coverage"]["unchanged"] == 8
    assert (many.json("suspect"), len(many.json("history"))) == ([], 6)


def test_accepting_one_of_a_burst_leaves_the_others_held(many: World) -> None:
    many.json("check", code=1)
    rows = many.json("suspect")
    assert many.run("suspect", "accept", str(rows[0]["id"])).returncode == 0
    assert many.run("suspect", "accept", str(rows[1]["id"]), "999").returncode == 1
    assert [row["id"] for row in many.json("suspect")] == [row["id"] for row in rows[1:]]
    assert many.json("check", code=1)["coverage"]["suspect"] == 5
