"""The only place that reads a clock which somebody may set. Everything else is handed its time."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def wall_clock() -> datetime:
    """The time of day, aware and in UTC."""
    return datetime.now(UTC)


def steady_clock() -> float:
    """Seconds of a clock that nobody sets; where there is one, one that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
