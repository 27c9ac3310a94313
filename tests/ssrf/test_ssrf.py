"""The sweep of addresses in short, and its witnesses: they see what goes where it must not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ssrf.cases import every_case
from tests.ssrf.doors import DOORS
from tests.ssrf.notations import FOUR_FORMS, SIX_FORMS, leads_to
from tests.ssrf.ranges import ALL, FOUR, PUBLIC, SIX, sample, special
from tests.ssrf.sweep import ROOT, SWEEP, run
from tests.ssrf.witness import NAMESPACE, own_network

GOAL = 5_000
GOES_INSIDE = """
import socket
from tests.ssrf.witness import install
witness, zone = install()
zone.answers = {"inside.example": [["10.0.0.9"]]}
for host in ("127.0.0.1", "inside.example", "0x7f.2", "2600::1"):
    witness.begin()
    try:
        socket.create_connection((host, 9), timeout=1)
    except OSError:
        pass
    print(host, *witness.faults(), sep="|")
    if witness.wire:
        witness.connects.clear()
        try:
            socket.create_connection((host, 9), timeout=1)
        except OSError:
            pass
        witness.connects.clear()
        print("wire", *witness.faults(), sep="|")
witness.begin()
open("/etc/passwd").close()
print("file", *witness.faults(), sep="|")
"""


def told_by_witness(*before: str, **environ: str) -> dict[str, str]:
    command = [*before, sys.executable, "-c", GOES_INSIDE]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
    told = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=True).stdout
    lines = [line.partition("|") for line in told.splitlines()]
    host, found = "", {}
    for name, _, fault in lines:
        host = host if name == "wire" else name
        found[f"{host} on the wire" if name == "wire" else name] = fault
    return found


def test_a_seed_of_the_sweep_finds_no_way_inside(tmp_path: Path) -> None:
    outcome = run(7, tmp_path, every=701)
    assert outcome.faults == []
    assert set(DOORS) <= set(outcome.counts)
    assert outcome.counts["connections seen"] > 0, "nothing was connected to at all: the sweep proves nothing"


def test_there_are_more_distinct_cases_than_the_goal_and_every_range_and_notation_is_among_them() -> None:
    cases = list(every_case())
    assert len({case.shape for case in cases}) > GOAL
    for door in ("base_url", "destination", "redirect", "destination redirect"):
        told = {case.how for case in cases if case.door == door}
        assert {f"{network} {how}" for network in FOUR for how in FOUR_FORMS} <= told
        assert {f"{network} {how}" for network in SIX for how in SIX_FORMS} <= told
    assert SWEEP.goal["cases"] == GOAL


def test_the_audit_hook_sees_who_is_connected_to_and_lets_nobody_be() -> None:
    told = told_by_witness(**{NAMESPACE: ""})
    assert told == {
        "127.0.0.1": "CONNECT: 127.0.0.1 port 9",
        "inside.example": "CONNECT: 10.0.0.9 port 9",
        "0x7f.2": "CONNECT: 127.0.0.2 port 9",
        "2600::1": "",
        "file": "FILE: /etc/passwd was opened",
    }


def test_the_packets_of_a_network_of_our_own_say_the_same() -> None:
    before = own_network()
    if before is None:
        pytest.skip("this machine lets nobody have a network of their own")
    told = told_by_witness(*before, **{NAMESPACE: "1"})
    on_the_wire = {host: fault for host, fault in told.items() if host.endswith("on the wire")}
    assert on_the_wire == {
        "127.0.0.1 on the wire": "CONNECT: 127.0.0.1 port 9",
        "inside.example on the wire": "CONNECT: 10.0.0.9 port 9",
        "0x7f.2 on the wire": "CONNECT: 127.0.0.2 port 9",
        "2600::1 on the wire": "",
    }


def test_the_judge_calls_every_range_special_and_public_addresses_public() -> None:
    assert all(special(str(sample(network, word))) for network in ALL for word in "abcdefgh")
    assert not any(map(special, PUBLIC))
    assert all(map(special, ("localhost", "127.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2600::1%lo", "")))
    assert leads_to("leads-to-10-0-0-1.example") == "10.0.0.1"
    assert leads_to("registry.example") is None
