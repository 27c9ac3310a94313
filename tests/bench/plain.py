"""The yardstick: a bare httpx client that fetches the given addresses and parses what comes, and does nothing else."""

from __future__ import annotations

import sys

import httpx
import orjson


def main() -> None:
    base, *targets = orjson.loads(sys.stdin.buffer.read())
    studies = 0
    with httpx.Client(base_url=base) as client:
        for target in targets:
            page = orjson.loads(client.get(target).raise_for_status().content)
            studies += len(page.get("studies", ()))
    sys.stdout.write(f"{studies}\n")


if __name__ == "__main__":
    main()
