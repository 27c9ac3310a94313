"""The files of deploy/ parse, name verbs that exist, and give away no more than they must."""

from __future__ import annotations

import configparser
import plistlib
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.cli.group import VERBS
from tests.project.tree import ROOT

DEPLOY = ROOT / "deploy"
SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))
MOST_EXPOSED = 1.5


def unit(path: Path) -> dict[str, dict[str, list[str]]]:
    """Sections of a unit; a key may stand several times."""
    parser = configparser.RawConfigParser(strict=False, dict_type=dict, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment]  # the documented way to keep the case of keys
    parser.read_string(path.read_text(encoding="utf-8"))
    found: dict[str, dict[str, list[str]]] = {section: {} for section in parser.sections()}
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found[section].setdefault(key, []).append(value)
    return found


def load(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


def verb_of(command: str) -> str:
    """The verb of a command line of ours, past the options that take a value."""
    found = re.search(r"bin/trial-monitor\"?(?:\s+--[\w-]+\s+\S+)*\s+([a-z]+)", command)
    assert found is not None, command
    return found[1]


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_starts_a_verb_that_exists_and_is_closed_in(path: Path) -> None:
    service = unit(path)["Service"]
    (command,) = service["ExecStart"]
    assert verb_of(command) in VERBS
    for key in ("DynamicUser", "NoNewPrivileges", "PrivateDevices", "ProtectHome", "MemoryDenyWriteExecute"):
        assert service[key] == ["yes"], key
    assert service["ProtectSystem"] == ["strict"]
    assert service["CapabilityBoundingSet"] == [""]
    assert f"sqlite:////var/lib/{service['StateDirectory'][0]}/" in service["Environment"][0]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_exposes_little_by_the_measure_of_systemd(path: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    exposure = re.search(r"Overall exposure level for \S+: (\d+\.\d+)", told)
    if exposure is None:
        pytest.skip("this systemd-analyze cannot look at a unit file offline")
    assert float(exposure[1]) <= MOST_EXPOSED


def test_the_two_services_differ_in_how_they_start_and_in_nothing_else() -> None:
    daemon, once = (unit(path)["Service"] for path in reversed(SERVICES))
    starting = {"Type", "ExecStart", "Restart", "RestartSec", "RestartPreventExitStatus", "KillMode"}
    starting |= {"TimeoutStopSec", "TimeoutStartSec", "SuccessExitStatus", "ExecReload"}
    assert {k: v for k, v in daemon.items() if k not in starting} == {
        k: v for k, v in once.items() if k not in starting
    }


def test_the_timer_makes_up_for_missed_passes() -> None:
    timer = unit(DEPLOY / "systemd" / "trial-monitor-check.timer")["Timer"]
    assert timer["Persistent"] == ["true"]
    assert timer["OnCalendar"]


def test_the_crontab_holds_one_line_with_a_verb_that_exists() -> None:
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line and not line.startswith("#")]
    minute, hours, *_, command = line.split(maxsplit=5)
    assert minute.isdecimal()
    assert all(hour.isdecimal() for hour in hours.split(","))
    assert "%" not in command, "cron reads a per cent sign as the end of the line"
    assert verb_of(command) in VERBS


def test_launchd_is_told_a_verb_that_exists() -> None:
    plist = plistlib.loads((DEPLOY / "org.trial-monitor.check.plist").read_bytes())
    assert plist["Label"] == "org.trial-monitor.check"
    assert verb_of(plist["ProgramArguments"][2]) in VERBS
    assert all({"Hour", "Minute"} == set(moment) for moment in plist["StartCalendarInterval"])


def test_the_task_of_windows_makes_up_for_missed_passes() -> None:
    text = (DEPLOY / "windows-task.ps1").read_text(encoding="utf-8")
    assert "-StartWhenAvailable" in text
    assert verb_of(text) in VERBS


def test_the_workflow_keeps_the_store_whatever_the_pass_ended_with() -> None:
    workflow = load("github-actions.yml")
    assert workflow["concurrency"]["cancel-in-progress"] is False
    assert workflow["permissions"] == {"contents": "write"}
    steps = workflow["jobs"]["check"]["steps"]
    check, keep = steps[-2:]
    assert verb_of(check["run"]) in VERBS
    assert "always()" in keep["if"]
    for step in steps:
        if "run" in step:
            subprocess.run(["/bin/sh", "-n"], input=step["run"], text=True, check=True)


def test_the_container_is_unprivileged_and_cannot_write_to_itself() -> None:
    service = load("compose.yaml")["services"]["monitor"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
    names = set(load("compose.yaml")["secrets"])
    assert set(service["secrets"]) <= names
    assert {path.rsplit("/", 1)[1] for name, path in service["environment"].items() if name.endswith("_FILE")} <= names


def instructions() -> list[tuple[str, str]]:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


def test_the_image_copies_what_exists_and_runs_as_nobody_special() -> None:
    found = instructions()
    assert {name for name, _ in found} <= {"FROM", "COPY", "RUN", "USER", "ENV", "VOLUME", "ENTRYPOINT", "CMD"}
    for name, rest in found:
        if name == "COPY" and not rest.startswith("--from"):
            assert all((ROOT / source).exists() for source in rest.split()[:-1]), rest
        if name == "FROM":
            assert ":" in rest, "a base image without a version"
            assert ":latest" not in rest
        if name == "RUN" and "pip install" in rest:
            assert rest.count("pip install") == rest.count("--require-hashes") + rest.count("--no-deps /wheels"), rest
    users = [rest for name, rest in found if name == "USER"]
    assert users
    assert users[-1].split(":")[0] not in ("0", "root")


def test_the_example_of_secrets_is_plain_enough_for_systemd() -> None:
    lines = (DEPLOY / "environment.example").read_text(encoding="utf-8").splitlines()
    values = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Z][A-Z_]*=\S+", line) for line in values)


def test_the_readme_of_deploy_names_every_file_there() -> None:
    text = (DEPLOY / "README.md").read_text(encoding="utf-8")
    listed = [path.name for path in DEPLOY.rglob("*") if path.is_file() and path.name != "README.md"]
    assert [name for name in listed if name not in text] == []
