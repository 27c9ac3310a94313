"""House rules that a reader would otherwise have to check by eye."""

from __future__ import annotations

import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.tree import ROOT, python_files, shown, tracked

BANNED_NAMES = {"utils", "util", "helpers", "helper", "base", "manager", "managers", "core", "common", "misc"}
BINARY = {".gz", ".zst", ".db", ".png", ".ico"}
SILENCED = re.compile(r"#\s*(?:noqa|type:\s*ignore)(?P<codes>[:\[][\w, \-\]]*)?(?P<reason>.*)")
EXPLAINED = re.compile(r"\s*(?:#\s*|\()\S.{4,}")
LOCAL_PATHS = (str(ROOT), f"{Path.home()}/")
INDEX_HOST = re.compile(r"\b(?:pypi\.org|pythonhosted\.org|PIP_(?:INDEX_URL|FIND_LINKS)|--(?:extra-)?index-url)\b")


def texts() -> Iterator[tuple[Path, str]]:
    for path in tracked():
        if path.suffix not in BINARY:
            yield path, path.read_text(encoding="utf-8")


def comments(text: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def unexplained(text: str) -> list[int]:
    """Lines that silence a checker without saying which rule and why."""
    found = []
    for line, comment in comments(text):
        silenced = SILENCED.search(comment)
        if silenced and not (silenced["codes"] and EXPLAINED.match(silenced["reason"])):
            found.append(line)
    return found


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {(path.stem, shown(path)) for path in python_files()} | {
        (folder.name, shown(path)) for path in python_files() for folder in path.relative_to(ROOT).parents
    }
    assert sorted(where for name, where in names if name in BANNED_NAMES) == []


def test_whoever_silences_a_checker_says_which_rule_and_why() -> None:
    assert [
        f"{shown(path)}:{n}" for path in python_files() for n in unexplained(path.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize(
    ("comment", "silent"),
    [
        ("# noqa", True),
        ("# noqa: E501", True),
        ("# type: ignore[no-untyped-call]", True),
        ("# type: ignore", True),
        ("# noqa: E501 (an address cannot be broken)", False),
        ("# type: ignore[no-untyped-call]  # the library has no types", False),
        ("# a plain comment", False),
    ],
)
def test_the_gate_sees_unexplained_silence(comment: str, *, silent: bool) -> None:
    assert bool(unexplained(f"x = 1  {comment}\n")) is silent


def test_every_ignored_rule_of_ruff_has_its_reason_beside_it() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lint = tomllib.loads(project)["tool"]["ruff"]["lint"]
    rules = [*lint["ignore"], *(rule for ignored in lint["per-file-ignores"].values() for rule in ignored)]
    unexplained_rules = [rule for rule in rules if not re.search(rf'"{rule}"[\],]*\s*#\s*\S.{{4,}}', project)]
    assert unexplained_rules == []


def test_no_file_names_a_folder_of_one_machine_or_a_package_index() -> None:
    found = [
        f"{shown(path)}:{n}: {line.strip()[:100]}"
        for path, text in texts()
        for n, line in enumerate(text.splitlines(), start=1)
        if any(local in line for local in LOCAL_PATHS) or (INDEX_HOST.search(line) and path != Path(__file__))
    ]
    assert found == []


def test_nothing_is_left_to_do_in_a_comment() -> None:
    marks = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
    found = [
        f"{shown(path)}:{n}"
        for path in python_files()
        for n, comment in comments(path.read_text(encoding="utf-8"))
        if marks.search(comment)
    ]
    assert found == []
