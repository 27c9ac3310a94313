from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import ConfigFaults
from monitor.settings import find


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Path]:
    """A configuration at each place, and the working and home folders."""
    made = {
        "explicit": tmp_path / "cwd/explicit.toml",
        "variable": tmp_path / "elsewhere.toml",
        "cwd": tmp_path / "cwd/config/monitor.toml",
        "home": tmp_path / "home/.config/trial-monitor/monitor.toml",
    }
    for path in made.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return made


def test_the_named_file_comes_first_then_variable_folder_and_home(tmp_path: Path, places: dict[str, Path]) -> None:
    cwd, home = tmp_path / "cwd", tmp_path / "home"
    environ = {"TRIAL_MONITOR_CONFIG": str(places["variable"])}
    assert find(Path("explicit.toml"), environ, cwd, home) == places["explicit"]
    assert find(places["explicit"], environ, cwd, home) == places["explicit"]
    assert find(None, environ, cwd, home) == places["variable"]
    assert find(None, {"TRIAL_MONITOR_CONFIG": ""}, cwd, home) == places["cwd"]
    places["cwd"].unlink()
    assert find(None, {}, cwd, home) == places["home"]
    places["home"].unlink()
    with pytest.raises(ConfigFaults, match="trial-monitor init") as caught:
        find(None, {}, cwd, home)
    assert str(places["cwd"]) in str(caught.value)
    assert str(places["home"]) in str(caught.value)


def test_a_named_file_that_is_not_there_is_a_fault_and_nothing_else_is_taken(
    tmp_path: Path, places: dict[str, Path]
) -> None:
    cwd, home = tmp_path / "cwd", tmp_path / "home"
    with pytest.raises(ConfigFaults, match="--config"):
        find(Path("missing.toml"), {}, cwd, home)
    with pytest.raises(ConfigFaults, match="TRIAL_MONITOR_CONFIG"):
        find(None, {"TRIAL_MONITOR_CONFIG": "missing.toml"}, cwd, home)
    with pytest.raises(ConfigFaults, match="not a file"):
        find(places["cwd"].parent, {}, cwd, home)


def test_the_variable_may_begin_at_home_and_may_come_from_a_file(tmp_path: Path, places: dict[str, Path]) -> None:
    cwd, home = tmp_path / "cwd", tmp_path / "home"
    named = {"TRIAL_MONITOR_CONFIG": "~/.config/trial-monitor/monitor.toml"}
    assert find(None, named, cwd, home) == places["home"]
    pointer = tmp_path / "pointer"
    pointer.write_text(str(places["variable"]))
    pointer.chmod(0o600)
    assert find(None, {"TRIAL_MONITOR_CONFIG_FILE": str(pointer)}, cwd, home) == places["variable"]
