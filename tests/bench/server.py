"""Serves the world of the benchmark in a process of its own, so that the measured one counts only itself.

Prints its address and the edits as one JSON line. Then each line on standard input is a command: `day N`, or `targets`,
which prints what was asked since the last time.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import orjson

from monitor.demo.registry import RecordedRegistry
from tests.bench.world import build


def main() -> None:
    world = build(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    with RecordedRegistry() as registry:
        for study in world.first.values():
            registry.add_study(study, day=1)
        for study in world.second.values():
            registry.add_study(study, day=2)
        say({"url": registry.ctgov_url, "trials": list(world.first), "edits": [asdict(edit) for edit in world.edits]})
        for line in sys.stdin:
            match line.split():
                case ["day", day]:
                    registry.set_day(int(day))
                    say(int(day))
                case ["targets"]:
                    say([asked.target for asked in registry.requests])
                    registry.forget_requests()


def say(value: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(value) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
