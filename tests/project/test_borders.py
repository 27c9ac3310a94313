"""The borders between rooms are held by a machine, and the machine sees it when they are crossed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.project.tree import BIN, ROOT


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "lint-imports"), "--config", "pyproject.toml", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "monitor", tmp_path / "monitor", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("text/clean.py", "from monitor.store import tables", "each room imports only the rooms below it"),
        ("sources/references.py", "import monitor.diff.compare", "each room imports only the rooms below it"),
        ("model/change.py", "import monitor.egress.client", "each room imports only the rooms below it"),
        ("sources/references.py", "import httpx", "only egress speaks HTTP"),
        ("cli/group.py", "import sqlalchemy", "only store speaks SQL"),
        ("deliver/mail.py", "import apprise", "only deliver.apprise_channel uses Apprise"),
        ("cli/group.py", "import smtplib", "only deliver.mail sends mail"),
        ("app.py", "import apscheduler", "only the daemon schedules"),
        ("app.py", "import requests", "nobody uses another HTTP client"),
    ],
)
def test_a_crossed_border_is_found(copy: Path, module: str, line: str, contract: str) -> None:
    crossing = copy / "monitor" / module
    crossing.write_text(crossing.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    result = lint(copy)
    assert result.returncode != 0
    assert f"{contract} BROKEN" in result.stdout


def test_a_new_room_must_be_given_its_place(copy: Path) -> None:
    (copy / "monitor" / "attic.py").write_text('"""A room that nobody placed."""\n')
    result = lint(copy)
    assert result.returncode != 0
    assert "attic" in result.stdout


def test_the_borders_hold(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout
