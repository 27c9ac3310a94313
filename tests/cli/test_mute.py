"""`mute`: what is not told for a while; `verify --at`: the head that a digest names."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from tests.cli.seeded import fill_store, write_config

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = write_config(tmp_path)
    with path.open("a") as out:
        out.write('[destinations.team]\nurl = "json://127.0.0.1:9/x"\nallow_private_addresses = true\n')
    path.chmod(0o600)
    fill_store(tmp_path)
    return str(path)


def test_something_is_muted_until_the_end_of_a_day_and_heard_again(call: Run, config: str) -> None:
    done = call("mute", "add", "--category", "contacts", "--until", "2099-03-31", "--config", config)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Muted until the end of 31 Mar 2099: changes of contacts (number 1).\n"
    call("mute", "add", "--destination", "team", "--until", "2099-03-31", "--config", config)
    call("mute", "add", "--destination", "team", "--until", "2099-04-01", "--config", config)
    found = orjson.loads(call("mute", "list", "--json", "--config", config).stdout)
    assert [(each["id"], each["kind"], each["name"]) for each in found] == [
        (1, "category", "contacts"),
        (3, "destination", "team"),
    ]
    assert found[0]["until"] == "2099-04-01T00:00:00Z"
    assert "3: the destination team, until the end of 1 Apr 2099." in call("mute", "--config", config).stdout
    assert call("mute", "end", "1", "3", "--config", config).stdout == "No longer muted: 1, 3.\n"
    assert call("mute", "list", "--config", config).stdout == "Nothing is muted.\n"
    assert call("mute", "end", "1", "--config", config).returncode == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name one thing to mute"),
        (("--category", "contacts", "--destination", "team"), "Name one thing to mute"),
        (("--destination", "nobody"), 'There is no destination "nobody". There are: team.'),
        (("--watch", "NCT99999999"), "NCT99999999"),
        (("--category", "colour"), "colour"),
    ],
)
def test_what_is_nothing_to_mute_is_refused(call: Run, config: str, words: tuple[str, ...], said: str) -> None:
    done = call("mute", "add", *words, "--until", "2099-03-31", "--config", config)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert call("mute", "list", "--config", config).stdout == "Nothing is muted.\n"


def test_a_day_that_is_over_mutes_nothing(call: Run, config: str) -> None:
    done = call("mute", "add", "--category", "contacts", "--until", "2020-01-01", "--config", config)
    assert done.returncode == 2
    assert "1 Jan 2020 is over" in done.stderr


def test_the_head_of_the_chains_is_named_as_of_a_moment(call: Run, config: str) -> None:
    now = orjson.loads(call("verify", "--json", "--config", config).stdout)["head"]
    again = call("verify", "--at", now["at"], "--config", config).stdout
    assert again.splitlines()[-1] == now["digest"]
    before = orjson.loads(call("verify", "--json", "--at", "2020-01-01T00:00:00Z", "--config", config).stdout)["head"]
    assert (before["records"], before["at"]) == (0, "2020-01-01T00:00:00Z")
    assert before["digest"] != now["digest"]
    assert call("verify", "--at", "yesterday", "--config", config).returncode == 2
