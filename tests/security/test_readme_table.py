"""The page of rules tells the truth: its tests exist and are collected, its gates stand where it says."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.project.tree import ROOT

PAGE = Path(__file__).with_name("README.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:tests/\w+/)?test_\w+\.py)::(test_\w+)`", PAGE)))
GATES = re.findall(r"(?m)^\| [^|]+ \| `(monitor/[\w/]+\.py)`: `([^`]+)` \| `[^`]+` \|$", PAGE)
RULES = [*(f"A{n}" for n in range(1, 6)), *(f"S{n}" for n in range(1, 23))]


@cache
def defined_in(file: str) -> dict[str, list[str]]:
    """The tests that a file has, with their decorators."""
    path = ROOT / file if file.startswith("tests/") else Path(__file__).parent / file
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        each.name: list(map(ast.unparse, each.decorator_list))
        for each in tree.body
        if isinstance(each, ast.FunctionDef)
    }


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_each_test_that_is_named_exists_and_is_not_switched_off(file: str, name: str) -> None:
    assert name in defined_in(file)
    assert not [each for each in defined_in(file)[name] if each in ("pytest.mark.skip", "pytest.mark.xfail")]


def test_every_rule_has_its_row_with_a_test() -> None:
    rows = {row.split()[1]: row for row in PAGE.splitlines() if re.match(r"\| [AS]\d+ ", row)}
    assert list(rows) == RULES
    assert all(re.search(r"`(?:tests/\w+/)?test_\w+\.py::test_\w+`", row) for row in rows.values())
    assert len(NAMED) > 60


@pytest.mark.parametrize(("file", "words"), GATES)
def test_each_gate_stands_where_the_table_says(file: str, words: str) -> None:
    assert words in (ROOT / file).read_text(encoding="utf-8")


def test_every_gate_of_the_table_was_read() -> None:
    section = PAGE.partition("## Gates")[2].partition("## ")[0]
    assert len(GATES) == len([row for row in section.splitlines() if row.startswith("| ")]) - 1
