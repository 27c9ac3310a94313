"""One clock for all processes of a run: the time of day plus what a file says, and the day of the script.

The file is replaced as a whole, so that a reader sees the old or the new state, and it outlives every process.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The day of the script, and by how many seconds the run's clock is ahead of the time of day."""

    day: int = 1
    ahead: float = 0.0


@dataclass(frozen=True, slots=True)
class SharedClock:
    """Calling it gives the run's present moment, aware and in UTC. Without a file it is day 1 and the time of day."""

    path: Path

    def read(self) -> Turn:
        try:
            return Turn(**json.loads(self.path.read_bytes()))
        except FileNotFoundError:
            return Turn()

    def set(self, turn: Turn) -> None:
        """From now on it is `turn` for every process."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(turn)), encoding="utf-8")
        fresh.replace(self.path)

    def pass_time(self, *, days: int = 0, **by: float) -> None:
        """Let the script go on by `days` and the clock by a span ("hours=6"); a day alone moves no clock."""
        now = self.read()
        self.set(Turn(day=now.day + days, ahead=now.ahead + timedelta(**by).total_seconds()))

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.read().ahead)
