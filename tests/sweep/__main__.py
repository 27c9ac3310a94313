"""`make sweep`: very many cases of every kind of fault; PART="kills 1/4" runs a quarter of one sweep.

    python -m tests.sweep [NAME] [K/N] [--minutes M]      a part, kept and added to the report
    python -m tests.sweep NAME --seeds 7:8                these seeds, not kept

Without a name the K-th part of every sweep is run, one sweep after another. Ends with 1 if there is any fault.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from tests.sweep.kept import keep, part_of
from tests.sweep.listed import SWEEPS, sweep_of
from tests.sweep.page import write
from tests.sweep.running import Sum, run_all
from tests.sweep.sweep import Sweep

_EVERY = 10.0  # seconds between two lines that say how far it is


def main(arguments: Sequence[str]) -> int:
    told = _arguments(arguments)
    names = [word for word in told.words if "/" not in word] or list(SWEEPS)
    portion = next((word for word in told.words if "/" in word), "1/1")
    faults = 0
    for name in names:
        sweep = sweep_of(name)
        total = _run(sweep, told.seeds or _seeds(sweep, portion), told.minutes)
        faults += len(total.faults)
        if told.seeds is None and total.done:
            write([sweep_of(each) for each in SWEEPS], keep(part_of(name, total)))
    return 1 if faults else 0


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.sweep")
    parser.add_argument("words", nargs="*", metavar="NAME | K/N", help=f"one of {', '.join(SWEEPS)}; which part")
    parser.add_argument("--seeds", type=_range, metavar="A:B", help="only these, without B, and keep nothing")
    parser.add_argument("--minutes", type=float, default=60.0, help="begin no seed after so long (default: 60)")
    told = parser.parse_args([word for argument in arguments for word in argument.split()])
    unknown = [word for word in told.words if "/" not in word and word not in SWEEPS]
    if unknown:
        parser.error(f"no sweep is named {unknown[0]}; there are {', '.join(SWEEPS)}")
    return told


def _range(text: str) -> range:
    first, _, end = text.partition(":")
    return range(int(first), int(end or int(first) + 1))


def _seeds(sweep: Sweep, portion: str) -> range:
    number, of = map(int, portion.split("/"))
    if not 1 <= number <= of <= sweep.seeds:
        raise SystemExit(f"{portion} is no part of the {sweep.seeds} seeds of {sweep.name}")
    return range(sweep.seeds * (number - 1) // of, sweep.seeds * number // of)


def _run(sweep: Sweep, seeds: range, minutes: float) -> Sum:
    total, told, said = Sum(first=seeds[0]), 0, time.monotonic()
    for total in run_all(sweep, seeds, minutes=minutes):
        sys.stdout.writelines(f"{sweep.name}, {fault}\n" for fault in total.faults[told:])
        told = len(total.faults)
        if time.monotonic() > said + _EVERY:
            said = time.monotonic()
            sys.stderr.write(f"{_line(sweep, total, seeds)}\n")
    sys.stdout.write(f"{_line(sweep, total, seeds)}\n")
    return total


def _line(sweep: Sweep, total: Sum, seeds: range) -> str:
    counts = ", ".join(f"{number:,} {counter}" for counter, number in sorted(total.counts.items()))
    return (
        f"{sweep.name}, {total.done} of the seeds {seeds[0]} to {seeds[-1]}: {counts}; "
        f"{len(total.shapes):,} distinct, {len(total.faults)} faults, {total.seconds:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
