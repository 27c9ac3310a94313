"""How long a host is left alone after it refused us. Pure.

A host that says how long is obeyed, up to seven days. Otherwise the wait doubles with every refusal in a row.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from monitor.model.version import HostRest

LONGEST: Final = timedelta(days=7)
_BUSY: Final = (timedelta(seconds=5), timedelta(hours=6))  # the registry's own 429 says nothing of a wait
_REFUSED: Final = (timedelta(hours=1), timedelta(hours=24))
_BACK_OFF: Final = {429: _BUSY, 503: _BUSY, 401: _REFUSED, 403: _REFUSED}
_SHORTEST: Final = timedelta(seconds=1)  # that a busy host is waited for, whatever less it asks for
_DOUBLINGS: Final = 20  # beyond any ceiling above


def asks_for_rest(status: int) -> bool:
    """True for the answers that put a host to rest: 401, 403, 429, 503."""
    return status in _BACK_OFF


def rest_after(host: str, status: int, retry_after: str | None, now: datetime, last: HostRest | None) -> HostRest:
    """The rest that begins `now`; `last` is the one before, if the host has not answered well since."""
    refusals = 1 if last is None else last.refusals + 1
    asked = wait_asked_for(retry_after, now)
    wait = _back_off(status, refusals) if asked is None else asked
    return HostRest(host=host, status=status, until=now + min(wait, LONGEST), refusals=refusals)


def resting_until(rest: HostRest | None, now: datetime) -> datetime | None:
    """The moment before which the host is not asked, or None.

    A rest that lies further ahead than any we would set comes from a clock that was wrong: it is cut to the longest.
    """
    if rest is None or rest.until <= now:
        return None
    return min(rest.until, now + LONGEST)


def bounded(rest: HostRest, now: datetime) -> HostRest:
    """The rest as it is to be kept: one that a wrong clock set too far ahead must come to its end, by the right one."""
    return replace(rest, until=min(rest.until, now + LONGEST))


def wait_for_busy(rest: HostRest | None, now: datetime) -> timedelta | None:
    """How long a host that is too busy to answer wants quiet; None if it does not rest, or for another reason."""
    until = resting_until(rest, now)
    if rest is None or until is None or _BACK_OFF.get(rest.status) is not _BUSY:
        return None
    return max(until - now, _SHORTEST)


def wait_asked_for(retry_after: str | None, now: datetime) -> timedelta | None:
    """The wait that a Retry-After header names, in seconds or as an HTTP date; None if it names none in the future."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        seconds = int(text[:12])  # a longer number is far beyond the longest wait anyway
        wait = timedelta(seconds=min(seconds, LONGEST.total_seconds()))
    else:
        wait = _date(text, now) - now
    return wait if wait > timedelta(0) else None


def _date(text: str, now: datetime) -> datetime:
    """The HTTP date in `text`, or `now` if it is none."""
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return now


def _back_off(status: int, refusals: int) -> timedelta:
    first, most = _BACK_OFF[status]
    doublings: int = min(refusals - 1, _DOUBLINGS)
    return min(first * (1 << doublings), most)
