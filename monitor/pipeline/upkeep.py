"""What the daemon sees of its machine and its configuration, noted for the operator's next message."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from monitor.pipeline import troubles
from monitor.store import claims, conditions, records, waits
from monitor.store.transaction import Tx

_UNITS: Final = {"years": 525_960, "days": 1440, "hours": 60}  # in minutes
_FEWEST: Final = 2  # of a unit, or the next smaller one says more


def clock_moved(tx: Tx, jump: timedelta, now: datetime, *, within: timedelta) -> None:
    """The clock was set by `jump`, in the time `within` before now: what was planned by the old clock is due now, once.

    What lasts for a while (a rest that was asked for, the 24 hours of a trial that is gone) lasts as long as it was to.
    """
    waits.move(tx, jump, now - within, now)
    claims.hurry(tx, now)
    records.hurry(tx, now)
    way = "back" if jump < timedelta() else "ahead"
    told = f"The clock of this machine was set {way} by {_words(abs(jump))}, to {now:%d %b %Y %H:%M} UTC."
    troubles.note(tx, troubles.CLOCK, told, now)


def store_came_back(tx: Tx, since: datetime, message: str, now: datetime) -> None:
    """The store could not be used for a while."""
    told = f"The store could not be used from {since:%d %b %Y %H:%M} to {now:%d %b %Y %H:%M} UTC. {message}"
    troubles.note(tx, troubles.STORE, told, now)


def configuration_read(tx: Tx, fault: str | None, now: datetime) -> None:
    """The file was changed and read again: with a fault, or well."""
    if fault is None:
        conditions.recover(tx, [troubles.CONFIGURATION], now)
    else:
        troubles.note(tx, troubles.CONFIGURATION, fault, now)


def _words(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    for unit, each in _UNITS.items():
        if minutes >= _FEWEST * each:
            return f"{minutes // each:,} {unit}"
    return f"{minutes} minutes"
