"""Small parts: no file over 300 lines, no function over 50."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.project.tree import python_files, shown

LONGEST_FILE = 300
LONGEST_FUNCTION = 50


def too_long(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    found = [f"{shown(path)}: {lines} lines"] if (lines := len(text.splitlines())) > LONGEST_FILE else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                found.append(f"{shown(path)}:{node.lineno} {node.name}: {length} lines")
    return found


def test_no_file_and_no_function_is_too_long() -> None:
    assert [fault for path in python_files() for fault in too_long(path)] == []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("x = 1\n" * LONGEST_FILE, 0),
        ("x = 1\n" * (LONGEST_FILE + 1), 1),
        ("def f():\n" + "    x = 1\n" * (LONGEST_FUNCTION - 1), 0),
        ("async def f():\n" + "    x = 1\n" * LONGEST_FUNCTION, 1),
    ],
)
def test_the_gate_sees_what_is_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, faults: int
) -> None:
    monkeypatch.setattr("tests.project.tree.ROOT", tmp_path)
    path = tmp_path / "some.py"
    path.write_text(text)
    assert len(too_long(path)) == faults
