"""`inspect` of a reference, against the recorded registry over real sockets."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.demo import recorded
from monitor.demo.registry import RecordedRegistry

Run = Callable[..., subprocess.CompletedProcess[str]]
NCT = "NCT07227597"


@pytest.fixture(scope="module")
def registry() -> Iterator[RecordedRegistry]:
    with RecordedRegistry() as served:
        recorded.fill(served)
        served.add_alias("NCT09999990", NCT)
        served.add_page("broken", "<html><body><h1>Please log in</h1></body></html>")
        yield served


@pytest.fixture
def inspect(call: Run, tmp_path: Path, registry: RecordedRegistry) -> Run:
    config = tmp_path / "monitor.toml"
    config.write_text(
        f'[sources.ctgov]\nbase_url = "{registry.ctgov_url}"\nallow_private_addresses = true\n'
        f'requests_per_second = 0.0\n[sources.ctv]\nbase_url = "{registry.ctv_url}"\n'
        "allow_private_addresses = true\nrequests_per_second = 0.0\n"
    )
    return lambda *arguments: call("inspect", *arguments, "--config", str(config))


@pytest.mark.parametrize("name", [NCT, NCT.lower(), f"https://clinicaltrials.gov/study/{NCT}"])
def test_a_reference_is_fetched_and_nothing_is_stored(inspect: Run, tmp_path: Path, name: str) -> None:
    done = inspect(name, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["registry_id"] == NCT
    assert [path.name for path in tmp_path.iterdir()] == ["monitor.toml"]


def test_a_page_without_a_number_is_not_resolved(inspect: Run, registry: RecordedRegistry) -> None:
    registry.forget_requests()
    done = inspect("https://ctv.veeva.com/study/humanized-cd7-car-t-cell-therapy", "--json")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert told["source"] == "ctv"
    assert "locations" in told["unavailable"]
    assert not registry.asked_for("/studies")


def test_a_merged_record_is_shown_with_a_word(inspect: Run) -> None:
    done = inspect("NCT09999990", "--json")
    assert json.loads(done.stdout)["registry_id"] == NCT
    assert f"NCT09999990 is now part of {NCT}" in done.stderr


@pytest.mark.parametrize(
    "name", ["NCT00000404", "https://ctv.veeva.com/study/none-such", "https://ctv.veeva.com/study/broken"]
)
def test_what_is_no_record_fails_with_a_sentence(inspect: Run, name: str) -> None:
    done = inspect(name, "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr) > 20


def test_a_configuration_that_was_named_must_be_there(call: Run, tmp_path: Path) -> None:
    done = call("inspect", NCT, "--config", str(tmp_path / "none.toml"))
    assert (done.returncode, done.stdout) == (2, "")
