"""The report: what was reached of each goal, and by which seeds, so that anybody can run them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.sweep.kept import FOLDER, Part
from tests.sweep.sweep import Sweep

PAGE: Final = FOLDER / "sweep.md"
_SHOWN: Final = 20

HEAD = """# Sweeps

Made by `make sweep`; `make sweep PART="NAME 1/4"` runs a quarter of one, `python -m tests.sweep NAME --seeds 7:8` one
seed again. The counts of all parts below are added up; no seed counts twice. What each judges is in its module.

| sweep | counted | goal | reached | faults |
| --- | --- | --- | --- | --- |
"""


def page(sweeps: Sequence[Sweep], parts: Sequence[Part]) -> str:
    """Markdown: the sums, what each sweep is, the parts, the faults."""
    return "".join(
        [
            HEAD,
            *(line for sweep in sweeps for line in _sums(sweep, _of(sweep, parts))),
            "\n",
            *(f"- **{sweep.name}**: {sweep.what}{_beside(sweep, _of(sweep, parts))}\n" for sweep in sweeps),
            "\n| sweep | seeds | distinct cases | minutes | faults | date | commit | machine |\n",
            "| --- | --- | --- | --- | --- | --- | --- | --- |\n",
            *(_row(part) for part in parts),
            *_faults(parts),
        ]
    )


def _of(sweep: Sweep, parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if part.sweep == sweep.name]


def _counted(parts: Sequence[Part]) -> Counter[str]:
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part.counts)
    return total


def _sums(sweep: Sweep, parts: Sequence[Part]) -> Iterator[str]:
    counted, faults = _counted(parts), sum(len(part.faults) for part in parts)
    for counter, goal in sweep.goal.items():
        yield f"| {sweep.name} | {counter} | {goal:,} | {counted[counter]:,} | {faults} |\n"


def _beside(sweep: Sweep, parts: Sequence[Part]) -> str:
    """What else was counted."""
    counted = _counted(parts)
    others = [f"{number:,} {counter}" for counter, number in sorted(counted.items()) if counter not in sweep.goal]
    return f" Counted besides: {', '.join(others)}." if others else ""


def _row(part: Part) -> str:
    cells = (
        part.sweep,
        f"{part.first} to {part.end - 1}",
        f"{part.distinct:,}",
        f"{part.seconds / 60:.1f}",
        len(part.faults),
        part.date,
        part.commit,
        part.machine,
    )
    return f"| {' | '.join(map(str, cells))} |\n"


def _faults(parts: Sequence[Part]) -> Iterator[str]:
    found = [f"{part.sweep}, {fault}" for part in parts for fault in part.faults]
    if found:
        yield f"\n{len(found)} faults, the first of them:\n\n"
    for fault in found[:_SHOWN]:
        yield f"    {fault.replace(chr(10), chr(10) + '    ')}\n"


def write(sweeps: Sequence[Sweep], parts: Sequence[Part], path: Path = PAGE) -> None:
    path.write_text(page(sweeps, parts), encoding="utf-8")
