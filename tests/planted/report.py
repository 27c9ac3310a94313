"""What the proof found, as a page: by parts while they run, as one when all of them are done."""

from __future__ import annotations

import json
import os
import platform
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.planted.proof import Tally

REPORT = Path(__file__).parents[1] / "reports" / "planted-edits.md"
_TOLD = 50  # faults that the page names


def as_part(tally: Tally, name: str, seconds: float) -> dict[str, Any]:
    """One part's figures as JSON."""
    return {
        "part": name,
        "pairs": tally.pairs,
        "trials": len(tally.trials),
        "edits": dict(sorted(tally.edits.items())),
        "kinds": sorted(tally.kinds),
        "faults": tally.faults,
        "seconds": round(seconds),
    }


def keep_part(folder: Path, part: dict[str, Any], of: int) -> list[dict[str, Any]]:
    """Keep a part's figures beside the others'; all of them once there are `of`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{str(part['part']).replace('/', '-of-')}.json").write_text(json.dumps(part), encoding="utf-8")
    found = [json.loads(path.read_bytes()) for path in sorted(folder.glob(f"*-of-{of}.json"))]
    return found if len(found) == of else []


def page(parts: list[dict[str, Any]], source: str) -> str:
    """The parts added up."""
    edits: Counter[str] = Counter()
    for part in parts:
        edits.update(part["edits"])
    faults = [fault for part in parts for fault in part["faults"]]
    kinds = sorted({kind for part in parts for kind in part["kinds"]})
    trials, pairs = (sum(part[name] for part in parts) for name in ("trials", "pairs"))
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    return f"""# Planted edits

{datetime.now(UTC):%Y-%m-%d}; {machine}, Python {platform.python_version()}. Made by `make planted`.

{edits.total():,} different edits of {len(kinds)} sorts in {pairs:,} pairs of {trials:,} trials ({source}): one to five
edits a pair, noise on top of each. Not told exactly once with exact old and new value, or told and not planted:
**{len(faults)}**.

The seed of a pair is the trial's number and the round: `make planted SEED=NCT01234567:3` plants it again and prints
what was planted and what was told amiss.

{_table("category | edits", [[name, count] for name, count in sorted(edits.items())])}

{_table("part | pairs | trials | edits | seconds", [_row(part) for part in parts])}

Sorts of edits: {", ".join(kinds)}.
{"".join(f"{chr(10)}- {fault}" for fault in faults[:_TOLD])}"""


def _row(part: dict[str, Any]) -> list[Any]:
    return [part["part"], part["pairs"], part["trials"], sum(part["edits"].values()), part["seconds"]]


def _table(head: str, rows: list[list[Any]]) -> str:
    cells = [" | ".join(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in (head, " | ".join("---" for _ in head.split("|")), *cells))
