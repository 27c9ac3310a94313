"""Planted edits of criteria are told once each, in the right words, and layout is told never."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diff.planted_criteria.rounds import play, recorded_texts
from tests.diff.planted_criteria.score import SILENT
from tests.text.corpora import markdown_texts


def test_edits_of_recorded_criteria_are_told_once_each_and_nothing_beside_them() -> None:
    score = play(recorded_texts(), seed=1, rounds=20)
    print(score.misses)
    assert sum(score.planted.values()) > 600
    assert min(score.planted.values()) > 5
    assert score.f1 >= 0.995
    assert all(score.found[kind] / planted >= 0.98 for kind, planted in score.planted.items())
    assert {kind: score.found[kind] for kind in SILENT} == {kind: score.planted[kind] for kind in SILENT}


@pytest.mark.parametrize("seed", [1, 2])
def test_edits_of_a_thousand_trials_criteria_are_told(corpora: Path, seed: int) -> None:
    score = play(dict(markdown_texts(corpora)), seed=seed)
    print(score.misses)
    assert score.records > 1000
    assert score.f1 >= 0.995
    assert all(score.found[kind] / planted >= 0.99 for kind, planted in score.planted.items())
