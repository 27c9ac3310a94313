"""Configurations written into a folder, and what reading them gives."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from monitor.errors import ConfigFaults
from monitor.settings import load
from monitor.settings.values import Settings

MAIL = "mailto://127.0.0.1:2525?from=monitor@example.org&to=team@example.org"
SLACK = "slack://T12345678/B12345678/abcdefghijklmnopqrstuvwx"
TEAM = f'[destinations.team]\nurl = "{MAIL}"\n'


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "monitor.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def read(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> Settings:
    return load(written(folder, text), environ or {})


def faults(folder: Path, text: str, environ: Mapping[str, str] | None = None, mode: int = 0o600) -> dict[str, str]:
    """Every fault by its place within the file ("12: rules[2].to"); each has a problem and a remedy."""
    path = written(folder, text, mode)
    with pytest.raises(ConfigFaults) as caught:
        load(path, environ or {})
    for fault in caught.value.faults:
        assert fault.problem.endswith("."), fault
        assert fault.remedy.strip(), fault
        assert str(fault) in str(caught.value)
    found = {
        fault.place.removeprefix(str(path)).lstrip(":").strip(): f"{fault.problem} {fault.remedy}"
        for fault in caught.value.faults
    }
    assert len(found) == len(caught.value.faults)
    return found
