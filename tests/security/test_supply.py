"""What the program is made of: equal bytes from equal sources, a list of parts, pinned actions, an honest audit."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
import yaml

from monitor.cli.doctoring.finding import Level
from monitor.cli.doctoring.libraries_check import look_at_libraries
from tests.project.test_lock import lines, names
from tests.project.tree import BIN, ROOT, shown, tracked


def checkout(folder: Path, *, age: int) -> Path:
    """A copy of what is under version control, with other times and modes."""
    for path in tracked():
        target = folder / shown(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
        target.chmod(0o600 if age and not os.access(path, os.X_OK) else path.stat().st_mode)
        os.utime(target, (1_700_000_000 + age, 1_700_000_000 + age))
    return folder


def built(folder: Path) -> dict[str, str]:
    """Name and digest of wheel and source archive."""
    command = [str(BIN / "hatchling"), "build", "-t", "wheel", "-t", "sdist", "-d", "out"]
    environ = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    subprocess.run(command, cwd=folder, env=environ, check=True, capture_output=True)
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in (folder / "out").iterdir()}


def test_two_builds_are_equal_to_the_byte(tmp_path: Path) -> None:
    first = built(checkout(tmp_path / "one", age=0))
    second = built(checkout(tmp_path / "another place", age=86_400))
    assert len(first) == 2
    assert first == second


def sbom() -> bytes:
    command = [sys.executable, str(ROOT / "requirements" / "sbom.py")]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_the_list_of_parts_names_every_locked_package_with_its_digests() -> None:
    document = json.loads(sbom())
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    parts = {part["name"]: part for part in document["components"]}
    assert set(parts) == {re.split(r"[=\[]", line)[0] for line in lines("runtime")}
    assert {name.lower().replace("_", "-") for name in parts} == names(lines("runtime"))
    for line in lines("runtime"):
        part = parts[re.split(r"[=\[]", line)[0]]
        assert part["purl"] == f"pkg:pypi/{part['name'].lower().replace('_', '-')}@{part['version']}"
        assert f"=={part['version']}" in line
        digests = [each["hashes"][0]["content"] for each in part["externalReferences"]]
        assert sorted(digests) == sorted(re.findall(r"sha256:([0-9a-f]{64})", line))
    assert len({part["bom-ref"] for part in parts.values()}) == len(parts)


def test_the_list_of_parts_is_the_same_each_time() -> None:
    assert sbom() == sbom()


AUDITS = {
    "nothing found": ("echo No known vulnerabilities found", 0, 0, False),
    "a hole": ("echo httpx 0.28.1 GHSA-x; exit 1", 1, 1, False),
    "no service": ("echo 'ServiceError: Max retries exceeded'; exit 1", 1, 0, True),
}


@pytest.mark.parametrize("name", AUDITS)
def test_an_audit_fails_for_a_hole_and_says_so_when_it_did_not_look(tmp_path: Path, name: str) -> None:
    script, _, code, skipped = AUDITS[name]
    tool = tmp_path / "pip-audit"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    done = audit(f"{tmp_path}:{os.environ['PATH']}")
    assert (done.returncode, "SKIPPED" in done.stderr) == (code, skipped)


def test_without_the_tool_the_audit_says_that_it_did_not_look(tmp_path: Path) -> None:
    (tmp_path / "sh").symlink_to("/bin/sh")
    done = audit(str(tmp_path))
    assert (done.returncode, "SKIPPED" in done.stderr) == (0, True)


def audit(path: str) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", str(ROOT / "requirements" / "audit")]
    return subprocess.run(command, cwd=ROOT, env={"PATH": path}, capture_output=True, text=True, check=False)


def test_a_build_machine_audits_before_it_tests() -> None:
    assert "make audit\nexec make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_actions_are_named_by_their_commits() -> None:
    workflow = yaml.safe_load((ROOT / "deploy" / "github-actions.yml").read_text(encoding="utf-8"))
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each) for each in used)


def test_every_install_that_we_ask_for_checks_digests() -> None:
    for name in ("requirements/install", "deploy/github-actions.yml", "deploy/Dockerfile"):
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
        for command in re.findall(r"pip\"? install[^\n;&|]*", text):
            assert "--require-hashes" in command or "--no-deps" in command, f"{name}: {command}"


@pytest.mark.parametrize(
    ("line", "installed", "said"),
    [
        ("apprise<3,>=2.2", "2.2.0", None),
        ("apprise<3,>=2.2", "2.1.9", "2.1.9 is installed, and >=2.2 is needed"),
        ("apprise<3,>=2.2", "3.0", "3.0 is installed, and <3 is needed"),
        ("httpx<0.29,>=0.28", "0.28.1", None),
        ("tzdata>=2025.2", "2025.10", None),
        ("apprise<3,>=2.2", None, "apprise is not installed"),
    ],
)
def test_a_library_outside_its_bounds_is_a_fault(line: str, installed: str | None, said: str | None) -> None:
    def version(_name: str) -> str:
        if installed is None:
            raise PackageNotFoundError
        return installed

    (finding,) = look_at_libraries([line], version)
    assert (finding.level is Level.FAULT) is (said is not None)
    assert said is None or said in finding.what


def test_the_libraries_that_are_installed_here_are_those_that_the_project_asks_for() -> None:
    (finding,) = look_at_libraries()
    assert finding.level is Level.WELL
