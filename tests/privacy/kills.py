"""A store with a canary is pruned and killed at the n-th statement, VACUUM's own included; then it is pruned again.

    python -m tests.privacy.kills NOW

reads lines of JSON, [store, number or null], forks for each, and prints how the child ended (negative: the signal) and
how many statements it began.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.pool import Pool

import monitor.sources.ctgov
import monitor.sources.ctgov.document
import monitor.sources.ctv
import monitor.sources.guarding  # noqa: F401 (loaded once, before the forks)
from monitor.model.privacy import Retention
from monitor.pipeline.pruning import prune
from monitor.store.engine import open_store
from tests.privacy.canaries import NAME

RETENTION = Retention(keep_contacts=timedelta(hours=1), keep_bodies=timedelta(hours=1))


def work(store: Path, now: datetime, kill_at: int | None, told: Path) -> None:
    """Prune in this process; die before the statement of this number. How many there were goes into `told`."""
    begun = 0

    def count(_statement: str) -> None:
        nonlocal begun
        begun += 1
        if begun == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(connection: object, _record: object) -> None:
        connection.set_trace_callback(count)  # type: ignore[attr-defined] # of sqlite3

    event.listen(Pool, "connect", watch)
    opened = open_store(f"sqlite:///{store}", migrate=True, say=print)
    prune(opened, RETENTION, now, person=NAME)
    opened.close()
    told.write_text(str(begun), encoding="ascii")


def forked(store: Path, now: datetime, kill_at: int | None) -> list[int]:
    told = store.with_name("begun")
    told.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work(store, now, kill_at, told)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return [os.waitstatus_to_exitcode(status), int(told.read_text(encoding="ascii")) if told.exists() else 0]


if __name__ == "__main__":
    for line in sys.stdin:
        path, number = json.loads(line)
        print(json.dumps(forked(Path(path), datetime.fromisoformat(sys.argv[1]), number)), flush=True)
