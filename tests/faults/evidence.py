"""All that a run left behind, read back: who was served what, what was killed, what arrived. Nothing of the monitor's.

The one thing asked of its store is whether anything still waits there, by plain SQL on a connection that cannot write.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.digests import each_told
from tests.faults.journal import entries
from tests.faults.script import Script, read_script

Entry = Mapping[str, Any]
SETTLED = ("sent", "dropped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """Something that must not be: the name of the rule, and what shows it."""

    rule: str
    evidence: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.evidence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the worker, by the time of day. `killed` is the moment of its kill, None where it came to its end."""

    verb: str
    day: int
    began: float
    ended: float
    code: int | None = None
    killed: float | None = None
    report: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`messages` are the ledgers' entries in order of arrival; `pending` counts alerts by their state in the store."""

    script: Script
    runs: Sequence[Run] = ()
    messages: Sequence[Entry] = ()
    log: Sequence[Entry] = ()
    pending: Mapping[str, int] = field(default_factory=dict)

    @property
    def delivered(self) -> list[Entry]:
        """What the outside has, whatever the sender was told."""
        return [message for message in self.messages if message["accepted"]]

    @property
    def told(self) -> list[Entry]:
        """The same, alert by alert: what a digest tells is in its place."""
        return list(each_told(self.delivered))


def gather(folder: Path) -> Evidence:
    """What a run left in its folder: script.json, runs.jsonl, server.jsonl, ledger-*.jsonl and monitor.db."""
    ledgers = [entry for path in sorted(folder.glob("ledger-*.jsonl")) for entry in entries(path)]
    messages = sorted((each for each in ledgers if each["event"] == "message"), key=lambda each: float(each["at"]))
    return Evidence(
        script=read_script(folder / "script.json"),
        runs=[_run(entry) for entry in entries(folder / "runs.jsonl")],
        messages=messages,
        log=list(entries(folder / "server.jsonl")),
        pending=unsettled(folder / "monitor.db"),
    )


def _run(entry: Entry) -> Run:
    return Run(**{name: value for name, value in entry.items() if name != "at"})


def unsettled(store: Path) -> dict[str, int]:
    """How many alerts stand in each state that is no end, of a SQLite store that nobody has open."""
    if not store.exists():
        return {}
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as database:
        found = database.execute("SELECT state, count(*) FROM alerts GROUP BY state").fetchall()
    return {state: number for state, number in found if state not in SETTLED}
