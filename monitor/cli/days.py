"""Days as the reader means them: of the configured timezone, both ends included."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

from monitor.text.dates import show_date


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD, or `today`, `yesterday`."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day. Write it as 2026-03-31.", param, ctx)


class Moment(click.ParamType[datetime]):
    """A moment in UTC as 2026-03-31T07:00:00Z, the way a digest writes it."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no moment. Write it as 2026-03-31T07:00:00Z.", param, ctx)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).replace(microsecond=0)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of the day, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after the day, in UTC. The last day that a calendar holds has no such moment; it ends never."""
    return start_of(day + timedelta(days=1), zone) if day < date.max else datetime.max.replace(tzinfo=UTC)


def show_day(day: date) -> str:
    """2 Sep 2026"""
    return show_date(day.isoformat())


def short_day(day: date, year: int) -> str:
    """2 Sep, with the year where it is another one."""
    return show_day(day) if day.year != year else show_day(day).removesuffix(f" {year}")


def short_date(text: str, year: int) -> str:
    """A registry's date in the same way; its data timestamps count by their day."""
    return show_date(text[:10]).removesuffix(f" {year}")


def show_moment(moment: datetime, zone: ZoneInfo) -> str:
    """24 Nov 2026, 02:10 UTC"""
    local = moment.astimezone(zone)
    return f"{show_day(local.date())}, {local:%H:%M} {local.tzname()}"


def show_utc(moment: datetime | None) -> str | None:
    """2026-11-24T02:10:00Z, as JSON and CSV write it."""
    return None if moment is None else moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
