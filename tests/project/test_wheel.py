"""The wheel builds from what the checkout holds, and what it holds runs elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from monitor import __version__
from tests.project.tree import BIN, ROOT, shown, tracked


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [str(BIN / "hatchling"), "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def run_from(wheel: Path, folder: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run the program as the wheel has it, far from the checkout."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    code = (
        f"import sys; sys.path.insert(0, {str(folder / 'site')!r}); from monitor.__main__ import main; sys.exit(main())"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    package = {shown(path) for path in tracked() if path.is_relative_to(ROOT / "monitor")}
    assert packed == package


def test_the_wheel_carries_the_licence_and_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        about = {name.split(".dist-info/")[1]: name for name in archive.namelist() if ".dist-info/" in name}
        assert "MIT License" in archive.read(about["licenses/LICENSE"]).decode()
        assert "trial-monitor = monitor.__main__:main" in archive.read(about["entry_points.txt"]).decode()


def test_the_program_of_the_wheel_says_its_version(wheel: Path, tmp_path: Path) -> None:
    result = run_from(wheel, tmp_path, ["--version"])
    assert (result.returncode, __version__ in result.stdout) == (0, True), result.stderr
