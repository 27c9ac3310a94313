"""One store at a time and one run at a time: the lock, SQLite and PostgreSQL, and stores that cannot be used."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.world import NCT, SECOND, World, study

PROGRAM = Path(sys.executable).with_name("trial-monitor")


def test_a_trial_is_followed_and_told_whatever_the_store(world: World, store_url: str) -> None:
    world.store_url = store_url
    world.follow(NCT)
    world.registry.add_study(study(SECOND))
    world.more = f'[[watches]]\nref = "{SECOND}"\n'
    world.configure()
    assert world.json("check", SECOND, "--dry-run")["coverage"]["first_seen"] == 1
    world.change(NCT)
    report = world.json("check", "--exit-code", code=10)
    assert (report["coverage"]["changed"], report["coverage"]["first_seen"]) == (1, 1)
    assert len(world.json("history")) == len(report["changes"])
    assert world.json("diff", NCT)["to"]["version"] == 2
    assert world.json("alerts", "list") == []
    assert len(world.subjects()) == 3, "two welcomes and the change"


@pytest.mark.parametrize("spoil", [b"not a database, only text\n" * 60, None], ids=["text", "damaged"])
def test_a_store_that_cannot_be_used_is_left_as_it_is(world: World, spoil: bytes | None) -> None:
    world.follow(NCT)
    sound = world.store.read_bytes()
    spoilt = spoil or sound[:4096] + bytes(byte ^ 0x5A for byte in sound[4096:])
    world.store.write_bytes(spoilt)
    for verb in (
        ["check"],
        ["watch", "list"],
        ["history", "--json"],
        ["watch", "add", SECOND],
        ["deliver"],
        ["alerts"],
    ):
        done = world.run(*verb)
        assert (done.returncode, done.stdout) == (3, ""), verb
        assert world.store.read_bytes() == spoilt


def test_a_daemon_keeps_others_out_and_ends_at_once_when_told(world: World) -> None:
    world.follow(NCT)
    environ = {"PATH": os.environ["PATH"], "HOME": str(world.folder)}
    command = [str(PROGRAM), "run", "--config", str(world.config)]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as daemon:
        assert daemon.stderr is not None
        assert "started" in daemon.stderr.readline()
        for verb in ("check", "deliver", "run"):
            done = world.run(verb)
            assert (done.returncode, done.stdout) == (75, ""), verb
        assert world.run("watch", "add", NCT, "--tag", "later").returncode == 0
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0
    assert world.run("check").returncode == 0
