"""The locked requirements: complete, hashed, and free of anything of the machine that made them."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.project.tree import ROOT

LOCKS = ("runtime", "dev", "build")


def lines(name: str) -> list[str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.replace("\\\n", " ").splitlines() if line and not line.lstrip().startswith("#")]


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[=<>;\[~! ]", line)[0].lower().replace("_", "-") for line in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_one_version_with_its_hashes(lock: str) -> None:
    for line in lines(lock):
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==[\w.+!-]+( ; .*?)?\s+--hash=sha256:[0-9a-f]{64}", line), line


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_address_or_a_folder(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^.*(?:://|--index|--find-links|(?<![\w.])/\w+/).*$", text) == []


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    runtime = names(project["project"]["dependencies"] + extras["postgres"])
    assert runtime <= names(lines("runtime"))
    assert runtime | names(extras["dev"]) <= names(lines("dev"))
    assert names(project["build-system"]["requires"]) <= names(lines("build"))
    assert names(project["build-system"]["requires"]) <= names(lines("dev"))


def test_the_locks_agree_with_each_other() -> None:
    versions = {line.split()[0] for line in lines("dev")}
    assert {line.split()[0] for lock in ("runtime", "build") for line in lines(lock)} <= versions
