"""Several schedulers on one store: one works, the others leave at once, and who was killed is taken over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clocks.programs import compiler
from tests.concurrency.crowds import Crowds
from tests.faults.judged import judged

pytestmark = pytest.mark.skipif(compiler() is None, reason="the clock of a program is set by a library made with cc")


def test_of_overlapping_runs_one_works_and_a_killed_one_is_taken_over_at_once(tmp_path: Path) -> None:
    crowds = Crowds(3, tmp_path, days=2, storm=3)
    evidence = crowds.run()
    assert crowds.faults == []
    assert judged(evidence) == []
    assert crowds.counts["runs refused at once"] == 3
    assert crowds.counts["kills"] == 1, "while its message hung"
