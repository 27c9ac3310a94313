"""Every fault of the table names tests that exist, and its page says the same."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from tests.faults.table import PAGE, TESTS, Row, page, rows
from tests.sweep.listed import SWEEPS


@cache
def functions_of(name: str) -> frozenset[str]:
    tree = ast.parse((TESTS / name).read_bytes())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def exists(test: str) -> bool:
    kind, _, sweep = test.partition(" ")
    if kind == "sweep":
        return sweep in SWEEPS
    file, _, function = test.partition("::")
    return (TESTS / file).is_file() and function in functions_of(file)


@pytest.mark.parametrize("row", list(rows()), ids=lambda row: row.fault)
def test_a_fault_names_tests_that_exist(row: Row) -> None:
    assert row.tests
    assert [test for test in row.tests if not exists(test)] == []


def test_no_fault_stands_there_twice() -> None:
    faults = [(row.step, row.fault) for row in rows()]
    assert len(faults) == len(set(faults))


def test_the_page_is_that_of_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.faults.table writes it"
