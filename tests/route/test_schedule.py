"""Moments of digests, quiet hours, days away."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.route.schedule import Away, Hours, Quiet, Schedule, has_day, read_quiet, read_schedule
from tests.clocks.digests import judged

PARIS = ZoneInfo("Europe/Paris")
UTC_ZONE = ZoneInfo("UTC")


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[arg-type, misc]  # year to minute


def test_a_digest_of_each_day_comes_at_its_time_of_the_wall() -> None:
    daily = read_schedule("daily 08:00 Europe/Paris", UTC_ZONE, ZoneInfo)
    assert daily.after(utc(2026, 1, 10, 6, 59)) == utc(2026, 1, 10, 7, 0)
    assert daily.after(utc(2026, 1, 10, 7, 0)) == utc(2026, 1, 11, 7, 0)
    assert daily.after(utc(2026, 7, 10, 7, 0)) == utc(2026, 7, 11, 6, 0)
    assert daily.latest(utc(2026, 7, 11, 6, 0)) == utc(2026, 7, 11, 6, 0)
    assert daily.latest(utc(2026, 7, 11, 5, 59)) == utc(2026, 7, 10, 6, 0)


def test_a_digest_of_each_week_comes_on_its_day() -> None:
    weekly = read_schedule("Weekly Monday 7:30", PARIS, ZoneInfo)
    assert str(weekly) == "weekly mon 07:30 Europe/Paris"
    assert weekly.after(utc(2026, 11, 25, 12, 0)) == utc(2026, 11, 30, 6, 30)
    assert weekly.latest(utc(2026, 11, 25, 12, 0)) == utc(2026, 11, 23, 6, 30)


def test_a_time_that_is_left_out_is_the_next_one_and_one_that_comes_twice_counts_once() -> None:
    night = Schedule(at=time(2, 30), zone=PARIS)
    assert night.after(utc(2026, 3, 28, 12, 0)) == utc(2026, 3, 29, 1, 0), "03:00, the first instant after the gap"
    assert night.after(utc(2026, 10, 24, 12, 0)) == utc(2026, 10, 25, 0, 30)
    assert night.after(utc(2026, 10, 25, 0, 30)) == utc(2026, 10, 26, 1, 30)


def test_a_day_that_a_zone_left_out_has_no_digest() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert not has_day(date(2011, 12, 30), apia)
    daily = Schedule(at=time(8, 0), zone=apia)
    first = daily.after(utc(2011, 12, 29, 0, 0))
    assert [each.astimezone(apia).date() for each in (first, daily.after(first))] == [
        date(2011, 12, 29),
        date(2011, 12, 31),
    ]


@pytest.mark.parametrize("zone", ["Africa/Casablanca", "Pacific/Apia", "Australia/Lord_Howe", "America/St_Johns"])
def test_no_change_of_clocks_gives_a_missed_or_a_doubled_digest(zone: str) -> None:
    outcome = judged([zone])
    assert list(outcome.faults) == []
    assert outcome.counts["digests"] > 500


@pytest.mark.parametrize(
    "text",
    [
        "",
        "daily",
        "daily 24:00",
        "daily 8",
        "hourly 08:00",
        "weekly 08:00",
        "weekly noday 08:00",
        "daily 08:00 X/Y",
    ],
)
def test_what_names_no_schedule_says_why(text: str) -> None:
    with pytest.raises((ValueError, KeyError)) as caught:
        read_schedule(text, UTC_ZONE, ZoneInfo)
    assert str(caught.value)


@pytest.mark.parametrize("text", ["", "22:00", "22:00-22:00", "25:00-07:00", "22:00-07:00 No/Zone", "a-b"])
def test_what_names_no_quiet_hours_says_why(text: str) -> None:
    with pytest.raises((ValueError, KeyError)) as caught:
        read_quiet(text, UTC_ZONE, ZoneInfo)
    assert str(caught.value)


@given(st.text(max_size=40))
def test_any_other_text_is_refused_in_the_same_way(text: str) -> None:
    for read in (read_schedule, read_quiet):
        with suppress(ValueError):
            read(text, UTC_ZONE, lambda _name: PARIS)


@given(
    at=st.times(timezones=st.none()).map(lambda moment: moment.replace(second=0, microsecond=0)),
    weekday=st.none() | st.integers(0, 6),
    moment=st.datetimes(datetime(2000, 1, 2), datetime(2037, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)),  # noqa: DTZ001 (made aware)
    zone=st.sampled_from(["UTC", "Europe/Paris", "America/New_York", "Pacific/Apia", "Asia/Kathmandu"]),
)
def test_latest_and_after_are_neighbours(at: time, weekday: int | None, moment: datetime, zone: str) -> None:
    schedule = Schedule(at=at, zone=ZoneInfo(zone), weekday=weekday)
    before, behind = schedule.latest(moment), schedule.after(moment)
    assert before <= moment < behind
    assert schedule.after(before) == behind
    assert read_schedule(str(schedule), UTC_ZONE, ZoneInfo) == schedule


def test_quiet_hours_pass_midnight_and_let_what_is_critical_through() -> None:
    hours = Hours(quiet=read_quiet("22:00-07:00 Europe/Paris", UTC_ZONE, ZoneInfo))
    assert hours.takes(utc(2026, 1, 10, 20, 59)) == {True, False}
    assert hours.takes(utc(2026, 1, 10, 21, 0)) == {True}
    assert hours.takes(utc(2026, 1, 11, 5, 59)) == {True}
    assert hours.takes(utc(2026, 1, 11, 6, 0)) == {True, False}
    lunch = Hours(quiet=Quiet(begin=time(12), end=time(14), zone=PARIS), critical_passes=False)
    assert lunch.takes(utc(2026, 1, 11, 11, 0)) == frozenset()
    assert lunch.takes(utc(2026, 1, 11, 13, 0)) == {True, False}


def test_days_away_are_whole_days_of_the_zone() -> None:
    away = Away(first=date(2026, 12, 20), last=date(2027, 1, 3), zone=PARIS, stand_in="ben")
    hours = Hours(away=(away,))
    assert hours.away_at(utc(2026, 12, 19, 22, 59)) is None
    assert hours.away_at(utc(2026, 12, 19, 23, 0)) is away
    assert hours.takes(utc(2027, 1, 3, 22, 59)) == frozenset()
    assert hours.takes(away.end) == {True, False}
    assert away.end - away.begin == timedelta(days=15)
