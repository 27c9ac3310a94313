"""python -m tests.diff.planted_criteria [SEED [ROUNDS]]: the long run over the corpora in TRIAL_MONITOR_CORPORA."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.diff.planted_criteria.rounds import play
from tests.diff.planted_criteria.score import SILENT
from tests.text.another_cut import cuts
from tests.text.corpora import legacy_texts, markdown_texts
from tests.text.criteria_writers import legacy_as_markdown


def corpora_texts(corpora: Path) -> dict[str, str]:
    """A criteria text of every trial, in the registry's Markdown."""
    texts = {number: legacy_as_markdown(raw) for number, raw in legacy_texts(corpora)}
    for number, cut in cuts(corpora):
        texts[number] = f"Inclusion Criteria:\n\n{cut['inclusion']}\n\nExclusion Criteria:\n\n{cut['exclusion']}"
    return texts | dict(markdown_texts(corpora))


def main(seed: int = 1, rounds: int = 1) -> None:
    score = play(corpora_texts(Path(os.environ["TRIAL_MONITOR_CORPORA"])), seed, rounds)
    print(f"seed {seed}, {score.pairs} pairs of {score.records} records, {sum(score.planted.values())} edits")
    for kind, planted in sorted(score.planted.items()):
        wanted = "silent" if kind in SILENT else "found"
        print(f"{kind:9} {wanted:6} {score.found[kind]:6} of {planted:6}  {score.found[kind] / planted:.4f}")
    print(
        f"told beside them {score.false}; precision {score.precision:.4f}, recall {score.recall:.4f}, F1 {score.f1:.4f}"
    )
    print(*score.misses[:40], sep="\n")


main(*map(int, sys.argv[1:]))
