"""Edits planted in real documents: each told exactly once with its exact values, and nothing else told."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from monitor.diff.compare import compare
from tests.planted.judge import faults
from tests.planted.planting import EDITORS, plant
from tests.planted.proof import Tally, prove, record_of
from tests.planted.studies import recorded_studies, repository_studies

EDITS = 1000


def test_every_edit_planted_in_the_documents_of_this_repository_is_told_once_and_nothing_else() -> None:
    tally = _last(repository_studies(), EDITS)
    print(dict(tally.edits))
    assert tally.faults == []
    assert set(tally.edits) == set(EDITORS)


def test_every_edit_planted_in_recorded_documents_is_told_once_and_nothing_else(corpora: Path) -> None:
    studies = recorded_studies(corpora)
    tally = _last(dict(islice(sorted(studies.items()), 0, None, 21)), EDITS // 3, salt="corpora ")
    print(dict(tally.edits))
    assert len(studies) >= 1000
    assert tally.faults == []


def _last(studies: dict[str, dict[str, Any]], wanted: int, salt: str = "") -> Tally:
    tally = Tally()
    for tally in prove(studies, wanted, salt=salt):  # noqa: B007 (the last one is the result)
        pass
    return tally


def test_the_judge_sees_what_is_missing_what_is_told_twice_and_a_value_that_is_not_exact() -> None:
    trial, study = next(iter(repository_studies().items()))
    planted = plant(study, f"judged {trial}")
    told = list(compare(record_of(orjson.dumps(study)), record_of(planted.body)))
    assert told
    assert faults(planted.facts, told) == []
    assert faults(planted.facts, told[1:])
    assert faults(planted.facts, [*told, told[0]])
    assert faults(planted.facts, [replace(told[0], after="another value"), *told[1:]])
