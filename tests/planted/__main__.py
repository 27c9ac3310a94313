"""`make planted`: 100,000 edits in real documents, each told exactly once. PART=1/4 runs a quarter, SEED= one pair."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

import orjson

from monitor.diff.compare import compare
from tests.planted.judge import due, faults
from tests.planted.planting import plant
from tests.planted.proof import Tally, prove, record_of
from tests.planted.report import REPORT, as_part, keep_part, page
from tests.planted.studies import recorded_studies, repository_studies

EDITS = 100_000
PARTS = Path(__file__).parents[2] / ".planted"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make planted")
    parser.add_argument(
        "--part", default="1/1", help="N/M: only the N-th of M parts; the last to end writes the report"
    )
    parser.add_argument("--edits", type=int, default=EDITS)
    parser.add_argument("--seed", help="one pair, by the seed that a fault names")
    options = parser.parse_args()
    studies, source = _studies()
    if options.seed:
        return _one(studies, options.seed)
    number, of = map(int, options.part.split("/"))
    mine = {trial: studies[trial] for trial in sorted(studies)[number - 1 :: of]}
    started = time.monotonic()
    tally = _run(mine, -(-options.edits // of))
    parts = keep_part(PARTS, as_part(tally, options.part, time.monotonic() - started), of)
    if parts:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(page(parts, source), encoding="utf-8")
    return 1 if tally.faults else 0


def _studies() -> tuple[dict[str, dict[str, Any]], str]:
    named = os.environ.get("TRIAL_MONITOR_CORPORA")
    if named and Path(named).is_dir():
        return recorded_studies(Path(named)), "the recorded corpora"
    return repository_studies(), "the documents of this repository"


def _run(studies: dict[str, dict[str, Any]], wanted: int) -> Tally:
    tally, told = Tally(), 0
    for tally in prove(studies, wanted):
        sys.stdout.writelines(f"{fault}\n" for fault in tally.faults[told:])
        told = len(tally.faults)
        if not tally.pairs % 1000:
            sys.stderr.write(f"{tally.pairs:,} pairs, {tally.total:,} edits, {told:,} faults\n")
    sys.stdout.write(
        f"{tally.total:,} edits in {tally.pairs:,} pairs of {len(tally.trials):,} trials, {told:,} faults\n"
    )
    return tally


def _one(studies: dict[str, dict[str, Any]], seed: str) -> int:
    study = studies[seed.partition(":")[0]]
    planted = plant(study, seed)
    found = faults(planted.facts, compare(record_of(orjson.dumps(study)), record_of(planted.body)))
    sys.stdout.writelines(f"planted: {fact}\n" for fact in due(planted.facts))
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
