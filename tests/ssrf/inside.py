"""One batch of cases in this process, which is thrown away afterwards: python -m tests.ssrf.inside FIRST EVERY FOLDER

Prints one JSON object: counts, faults, shapes.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import traceback
from collections import Counter
from itertools import islice
from pathlib import Path

from tests.ssrf.cases import Case, every_case
from tests.ssrf.doors import Around, meet
from tests.ssrf.servers import SendsOn
from tests.ssrf.witness import install


async def judged(case: Case, around: Around) -> list[str]:
    """What was wrong with how the product met the case."""
    try:
        await meet(case, around)
    except Exception:  # noqa: BLE001 (whatever else comes out is the fault that is looked for)
        last = traceback.format_exc().strip().splitlines()
        return [*around.witness.faults(), f"CRASH: {last[-1]} ({last[-3].strip() if len(last) > 2 else ''})"]
    return around.witness.faults()


async def batch(first: int, every: int, folder: Path) -> dict[str, object]:
    """Each `every`-th case from `first` on."""
    witness, zone = install()
    counts: Counter[str] = Counter(in_own_network=0)
    faults: list[str] = []
    shapes = []
    with SendsOn() as elsewhere, SendsOn() as proxy:
        around = Around(witness=witness, zone=zone, elsewhere=elsewhere, proxy=proxy, folder=folder)
        for case in islice(every_case(), first, None, every):
            faults += [
                f"{each} [{case.door}, {case.by}, {case.how}: {case.text!r}]" for each in await judged(case, around)
            ]
            counts.update({"cases": 1, case.door: 1, "connections seen": len(witness.connects)})
            counts["in_own_network"] += witness.wire is not None
            shapes.append(case.shape)
    return {"counts": counts, "faults": faults, "shapes": shapes}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    outcome = asyncio.run(batch(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
    print(json.dumps(outcome))
