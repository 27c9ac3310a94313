"""When messages go out: the moments of a digest, quiet hours, days away. Pure.

All are times of the clock on a wall, in a zone. A time that a zone leaves out when its clocks are set ahead is taken at
the next instant that there is; one that comes twice when they are set back is taken once, the first time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FORMS: Final = 'Write "daily 08:00" or "weekly mon 07:30", or with a zone: "daily 08:00 Europe/Paris".'
QUIET_FORM: Final = 'Write "22:00-07:00", or with a zone: "22:00-07:00 Europe/Paris".'
_SCHEDULE: Final = re.compile(r"(?:daily|weekly\s+(?P<day>[a-z]+))\s+(?P<time>\S+)(?:\s+(?P<zone>\S+))?", re.IGNORECASE)
_QUIET: Final = re.compile(r"(?P<begin>[\d:]+)\s*[-–]\s*(?P<end>[\d:]+)(?:\s+(?P<zone>\S+))?")
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)

Zone = Callable[[str], ZoneInfo]
"""The zone of a name. Raises ValueError for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Every day at a time, or on one day of each week (0 is Monday)."""

    at: time
    zone: ZoneInfo
    weekday: int | None = None

    def __str__(self) -> str:
        """As it is written in a configuration; equal for equal schedules."""
        how = "daily" if self.weekday is None else f"weekly {DAYS[self.weekday]}"
        return f"{how} {self.at:%H:%M} {self.zone.key}"

    def after(self, moment: datetime) -> datetime:
        """The first of its moments that lies behind this one, in UTC."""
        return next(each for each in self._from(moment) if each > moment)

    def latest(self, moment: datetime) -> datetime:
        """The last of its moments up to this one, in UTC."""
        back = moment - timedelta(days=17)  # so that one lies between, though a zone leaves a day out
        found = back
        for each in self._from(back):
            if each > moment:
                return found
            found = each
        raise AssertionError("days do not end")

    def _from(self, moment: datetime) -> Iterator[datetime]:
        day = moment.astimezone(self.zone).date() - _DAY
        while True:
            if self.weekday in (None, day.weekday()) and has_day(day, self.zone):
                yield instant(day, self.at, self.zone)
            day += _DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """From `begin` to before `end`, past midnight if need be, by the clock on the wall."""

    begin: time
    end: time
    zone: ZoneInfo

    def __str__(self) -> str:
        return f"quiet hours {self.begin:%H:%M}-{self.end:%H:%M} {self.zone.key} when they end"

    def covers(self, moment: datetime) -> bool:
        now = moment.astimezone(self.zone).time()
        if self.begin <= self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Nobody reads from the beginning of `first` to the end of `last`; `stand_in` is a destination."""

    first: date
    last: date
    zone: ZoneInfo
    stand_in: str | None = None

    @property
    def begin(self) -> datetime:
        return instant(self.first, time.min, self.zone)

    @property
    def end(self) -> datetime:
        """The first instant of being back."""
        return instant(self.last + _DAY, time.min, self.zone)

    def covers(self, moment: datetime) -> bool:
        return self.begin <= moment < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a destination wants to hear. `still` if it is told each month that all is watched, by this `zone`."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    quiet: Quiet | None = None
    critical_passes: bool = True
    away: tuple[Away, ...] = ()
    still: bool = True

    def away_at(self, moment: datetime) -> Away | None:
        return next((each for each in self.away if each.covers(moment)), None)

    def takes(self, moment: datetime) -> frozenset[bool]:
        """Of which messages something may go out now: critical ones (True), all others (False)."""
        if self.away_at(moment):
            return frozenset()
        if self.quiet is None or not self.quiet.covers(moment):
            return frozenset({True, False})
        return frozenset({True}) if self.critical_passes else frozenset()


def month_of(moment: datetime, zone: ZoneInfo) -> tuple[datetime, date]:
    """08:00 on the first day of its month, in UTC, and the first day of the next month."""
    first = moment.astimezone(zone).date().replace(day=1)
    later = first + timedelta(days=31)
    return instant(first, time(8), zone), later.replace(day=1)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment of a wall clock's time, in UTC: the next one that there is, and the first of two."""
    wall = datetime.combine(day, at, zone)
    found = wall.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return found
    return _end_of_gap(wall.replace(fold=1).astimezone(UTC), found, zone)


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Of two instants on either side of a change of the clocks: the first one behind it, to the second."""
    old = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def has_day(day: date, zone: ZoneInfo) -> bool:
    """False for a day that a zone left out, when it moved to the other side of the date line."""
    ends = (datetime.combine(day, at, zone).astimezone(UTC).astimezone(zone) for at in (time.min, time.max))
    return any(end.date() == day for end in ends)


def read_schedule(text: str, zone: ZoneInfo, find_zone: Zone) -> Schedule:
    """`zone` holds where the text names none. Raises ValueError, saying what is wrong."""
    found = _SCHEDULE.fullmatch(text.strip())
    if not found:
        raise ValueError(f'"{text}" names no times of digests.')
    day = found["day"] and found["day"].lower()[:3]
    if day and day not in DAYS:
        raise ValueError(f'"{found["day"]}" is no day of the week.')
    return Schedule(
        at=_clock(found["time"]),
        zone=find_zone(found["zone"]) if found["zone"] else zone,
        weekday=DAYS.index(day) if day else None,
    )


def read_quiet(text: str, zone: ZoneInfo, find_zone: Zone) -> Quiet:
    """`zone` holds where the text names none. Raises ValueError, saying what is wrong."""
    found = _QUIET.fullmatch(text.strip())
    if not found:
        raise ValueError(f'"{text}" names no hours.')
    begin, end = _clock(found["begin"]), _clock(found["end"])
    if begin == end:
        raise ValueError("These hours are none, or the whole day.")
    return Quiet(begin=begin, end=end, zone=find_zone(found["zone"]) if found["zone"] else zone)


def _clock(text: str) -> time:
    found = _CLOCK.fullmatch(text)
    if not found:
        raise ValueError(f'"{text}" is no time of the day.')
    return time(int(found[1]), int(found[2]))
