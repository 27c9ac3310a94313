"""The head of the command line: what is imported, how errors end, what stays empty."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from monitor.cli import ending, logs
from monitor.cli.context import Context
from monitor.cli.group import VERBS
from monitor.cli.terminal import Screen
from monitor.errors import ConfigFaults, Fault, LockHeld, NotARecord, StoreDamaged, UsageError

Run = Callable[..., subprocess.CompletedProcess[str]]
HEAVY = ("sqlalchemy", "apprise", "httpx", "alembic", "pydantic", "structlog", "rich", "apscheduler", "smtplib")


def test_help_imports_nothing_heavy(tmp_path: Path, modules_of: Callable[..., set[str]]) -> None:
    assert not modules_of("--help", cwd=tmp_path) & set(HEAVY)


def test_help_names_every_verb(run: Run) -> None:
    done = run("--help")
    assert done.returncode == 0
    assert all(f"\n  {verb} " in done.stdout for verb in VERBS)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nope"],
        ["inspect"],
        ["inspect", "NCT123"],
        ["inspect", "missing.json"],
        ["diff"],
        ["diff", "--files", "one.json"],
        ["diff", "--files", "a", "b", "--from", "1"],
        ["history", "--since", "yesterday-ish"],
        ["history", "--json", "--csv"],
        ["history", "--category", "weather"],
        ["show", "NCT04762485", "--version", "1", "--at", "2026-01-01"],
        ["--config"],
    ],
)
def test_wrong_usage_ends_with_two_and_leaves_stdout_empty(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("no"), 2),
        (ConfigFaults([Fault("a", "b", "c"), Fault("d", "e", "f")]), 2),
        (StoreDamaged("no"), 3),
        (LockHeld("no"), 75),
        (NotARecord(["no"]), 1),
        (click.UsageError("no"), 2),
        (click.Abort(), 1),
    ],
)
def test_every_error_has_its_code_and_a_sentence(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    context = Context(environ={}, screen=Screen(width=80))
    assert ending.tell(error, context) == code
    out, err = capsys.readouterr()
    assert not out
    assert err.strip()


def raised(text: str) -> ZeroDivisionError:
    """An exception with a traceback."""
    with pytest.raises(ZeroDivisionError) as caught:
        raise ZeroDivisionError(text)
    return caught.value


def test_an_unexpected_error_is_one_sentence_and_the_details_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.hide(["hunter22"])
    context = Context(environ={"XDG_STATE_HOME": str(tmp_path)}, screen=Screen(width=80))
    assert ending.tell(raised("hunter22"), context) == 1
    told = capsys.readouterr().err
    (kept,) = (tmp_path / "trial-monitor").iterdir()
    assert str(kept) in told
    assert "Traceback" not in told
    assert "Traceback" in kept.read_text()
    assert "hunter22" not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0


def test_details_of_an_unexpected_error_show_with_verbose(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    context = Context(environ={"STATE_DIRECTORY": str(tmp_path)}, screen=Screen(width=80), verbose=True)
    ending.tell(raised("anything"), context)
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_who_leaves_causes_no_noise(tmp_path: Path) -> None:
    record = Path(__file__).parent.parent / "payloads" / "cli" / "NCT07227597_1.json"
    read, write = os.pipe()
    os.close(read)
    code = "import sys; from monitor.cli.group import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "inspect", "--json", str(record)],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        check=False,
        timeout=60,
    )
    os.close(write)
    assert done.stderr == ""
    assert done.returncode == 128 + signal.SIGPIPE


def test_options_stand_before_and_after_the_verb(run: Run) -> None:
    for arguments in (["--color", "never", "inspect", "x"], ["inspect", "x", "--color", "never"]):
        assert "There is no file 'x'" in run(*arguments).stderr


def test_version_is_told(run: Run) -> None:
    assert run("--version").stdout.startswith("trial-monitor, version ")
