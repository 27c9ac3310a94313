"""The checker can go red by the name of each of its rules, and knows nothing of what it judges."""

from __future__ import annotations

import ast
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import cases, cases_of_windows, checker
from tests.faults.cases import SIDE_EFFECTS
from tests.faults.checker import judge
from tests.faults.evidence import Evidence, unsettled

ROOT = Path(__file__).parents[2]
SOUND = cases.SOUND | cases_of_windows.SOUND
BROKEN = cases.BROKEN | cases_of_windows.BROKEN


def modules_behind(name: str) -> Iterator[str]:
    """Every module that importing `name` imports, those below tests.faults followed."""
    met: set[str] = set()
    waiting = [name]
    while waiting:
        path = ROOT / f"{waiting.pop().replace('.', '/')}.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            fresh = set(names) - met
            met |= fresh
            waiting += [each for each in fresh if each.startswith("tests.")]
    yield from met


def test_the_checker_never_imports_the_monitor() -> None:
    behind = list(modules_behind("tests.faults.checker"))
    assert "tests.faults.telling" in behind
    assert [name for name in behind if name.split(".")[0] == "monitor"] == []


def test_the_walk_sees_an_import_of_the_monitor() -> None:
    assert any(name.startswith("monitor.") for name in modules_behind("tests.faults.server"))


def rules(evidence: Evidence) -> set[str]:
    return {anomaly.rule for anomaly in judge(evidence)}


@pytest.mark.parametrize("evidence", SOUND.values(), ids=SOUND.keys())
def test_what_may_be_is_no_anomaly(evidence: Evidence) -> None:
    assert [str(anomaly) for anomaly in judge(evidence)] == []


@pytest.mark.parametrize(("name", "evidence"), BROKEN.items(), ids=BROKEN.keys())
def test_what_breaks_one_rule_is_named_by_it(name: str, evidence: Evidence) -> None:
    assert rules(evidence) - side_effects(name) == {name.partition(",")[0]}


def side_effects(name: str) -> set[str]:
    return SIDE_EFFECTS.get(name, set())


def test_every_rule_that_the_checker_explains_has_been_broken() -> None:
    lines = re.findall(r"^([A-Z_, ]+?)  +\S", checker.__doc__ or "", re.MULTILINE)
    explained = {name for line in lines for name in line.split(", ")}
    assert len(explained) > 20
    assert explained - {name.partition(",")[0] for name in BROKEN} == set()


def test_what_waits_is_counted_from_the_store_without_writing_to_it(tmp_path: Path) -> None:
    store = tmp_path / "monitor.db"
    with closing(sqlite3.connect(store)) as database:
        database.execute("CREATE TABLE alerts (state TEXT)")
        database.executemany("INSERT INTO alerts VALUES (?)", [("sent",), ("retry",), ("retry",), ("dropped",)])
        database.commit()
    before = store.read_bytes()
    assert unsettled(store) == {"retry": 2}
    assert store.read_bytes() == before
    assert unsettled(tmp_path / "none.db") == {}
