"""When to look again and when to send again. Pure: chance comes in as a number between 0 and 1."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

SEND_DELAYS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""Waits after the first, second, ... failed try to send; the last one holds for all further tries, for ever."""

LONGEST_ASKED = timedelta(days=7)
"""Who asks for a longer wait than this, source or destination, is asked again all the same."""

FETCH_FLOOR = timedelta(minutes=1)
FETCH_CAP = timedelta(hours=24)
SECOND_LOOK = timedelta(minutes=30)
"""A page that lost something is looked at again no sooner than this before the loss is believed."""

SPREAD = 0.1
"""The share of its interval by which a record may be read sooner, so that sources are not asked at the same minute."""

DUE_SLACK = timedelta(minutes=1)
"""A record due within this time counts as due, so that a cron job never misses its own interval by seconds."""


def next_send(attempts: int, *, now: datetime, chance: float, not_before: datetime | None = None) -> datetime:
    """When to try again to send after `attempts` (at least 1) failed tries; never sooner than the other side asked."""
    wait = SEND_DELAYS[min(attempts, len(SEND_DELAYS)) - 1] * (1 + 0.2 * chance)
    return max(now + wait, not_before or now)


def asked_wait(retry_after: float | None, *, now: datetime) -> datetime | None:
    """The moment before which the other side, which named a number of seconds, wants nothing; None if it named none."""
    if retry_after is None or retry_after <= 0:
        return None
    return now + timedelta(seconds=min(retry_after, LONGEST_ASKED.total_seconds()))


def next_check(every: timedelta, *, now: datetime, chance: float) -> datetime:
    """When a sound record is due again: its interval, or up to `SPREAD` of it sooner."""
    return now + every * (1 - SPREAD * chance)


def next_try(failures: int, every: timedelta, *, now: datetime, chance: float, until: datetime | None) -> datetime:
    """When a record that could not be read is due again: 1 min doubling to its interval, not before `until`."""
    doubled: timedelta = FETCH_FLOOR * 2 ** min(failures - 1, 20)
    wait = min(doubled, every, FETCH_CAP) * (1 + 0.1 * chance)
    return max(now + wait, until or now)


def is_due(next_due: datetime | None, every: timedelta, *, now: datetime, failing: bool = False) -> bool:
    """True if a record is to be read now. A due time further off than two intervals is a clock's error: due.

    One that could not be read (`failing`) may wait for as long as its source asked.
    """
    furthest = max(2 * every, LONGEST_ASKED) if failing else 2 * every
    return next_due is None or next_due <= now + DUE_SLACK or next_due > now + furthest


def is_nearly_due(next_due: datetime | None, every: timedelta, *, now: datetime, failing: bool = False) -> bool:
    """True if a record is due within the spread of its interval: it is read together with others that are due."""
    soon = next_due is not None and next_due <= now + SPREAD * every
    return soon or is_due(next_due, every, now=now, failing=failing)


def shortest(intervals: Iterable[timedelta], default: timedelta) -> timedelta:
    """The interval of a record that several watches lead to."""
    return min(intervals, default=default)
