"""A configuration or secret file that others can read: the start is refused, whatever the verb; no mere warning."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.settings.test_secrets import HARMLESS, HOLDING

Run = Callable[..., "subprocess.CompletedProcess[str]"]
OPEN = (0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o777)
VERBS = (
    ("check",),
    ("run",),
    ("deliver",),
    ("doctor",),
    ("watch", "list"),
    ("history",),
    ("rules", "test", "--since", "2025-01-01", "--messages"),
    ("destination", "test", "team"),
)


def config(folder: Path, text: str, mode: int) -> str:
    path = folder / "monitor.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return str(path)


@pytest.mark.parametrize("what", HOLDING)
def test_no_mode_but_a_closed_one_lets_a_verb_start(call: Run, tmp_path: Path, what: str) -> None:
    for mode in OPEN:
        done = call("check", "--config", config(tmp_path, HOLDING[what], mode))
        assert (done.returncode, done.stdout) == (2, ""), oct(mode)
        assert "chmod 600" in done.stderr
    assert not (tmp_path / "monitor.db").exists()


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_every_verb_refuses(call: Run, tmp_path: Path, verb: tuple[str, ...]) -> None:
    done = call(*verb, "--config", config(tmp_path, HOLDING["the url of a destination"], 0o644))
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize("mode", OPEN)
def test_a_secret_file_that_others_can_use_is_refused(call: Run, tmp_path: Path, mode: int) -> None:
    (tmp_path / "team.url").write_text("jsons://hooks.example.org/x")
    (tmp_path / "team.url").chmod(mode)
    done = call("check", "--config", config(tmp_path, '[destinations.team]\nurl_file = "team.url"\n', 0o644))
    assert (done.returncode, done.stdout) == (2, "")
    assert "team.url" in done.stderr


@pytest.mark.parametrize("what", set(HARMLESS) & {"nothing"})
def test_without_a_secret_any_mode_starts(call: Run, tmp_path: Path, what: str) -> None:
    assert call("watch", "list", "--config", config(tmp_path, HARMLESS[what], 0o644)).returncode in (0, 3)
