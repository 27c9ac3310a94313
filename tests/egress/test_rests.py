from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.egress.rests import LONGEST, asks_for_rest, rest_after, resting_until, wait_asked_for
from monitor.model.version import HostRest

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 5 ", timedelta(seconds=5)),
        ("Fri, 20 Nov 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("Fri, 20 Nov 2026 14:10:00 +0200", timedelta(minutes=10)),
        ("Friday, 20-Nov-26 12:10:00 GMT", timedelta(minutes=10)),
        ("604800", LONGEST),
        ("999999999999999999999999", LONGEST),
    ],
)
def test_a_host_that_says_how_long_is_obeyed(header: str, wait: timedelta) -> None:
    assert wait_asked_for(header, NOW) == wait


@pytest.mark.parametrize(
    "header",
    [None, "", "0", "-5", "1.5", "soon", "٣", "Fri, 20 Nov 2026 11:00:00 GMT", "Fri, 99 Nov 2026", "\x00", "1e9"],
)
def test_a_header_that_names_no_time_ahead_counts_as_none(header: str | None) -> None:
    assert wait_asked_for(header, NOW) is None


def test_a_far_date_is_cut_to_seven_days() -> None:
    rest = rest_after("h", 503, "Fri, 31 Dec 9999 23:59:59 GMT", NOW, None)
    assert rest.until == NOW + LONGEST


@pytest.mark.parametrize(
    ("status", "first", "most"),
    [
        (429, timedelta(seconds=5), timedelta(hours=6)),
        (503, timedelta(seconds=5), timedelta(hours=6)),
        (403, timedelta(hours=1), timedelta(hours=24)),
        (401, timedelta(hours=1), timedelta(hours=24)),
    ],
)
def test_the_wait_doubles_with_each_refusal_in_a_row(status: int, first: timedelta, most: timedelta) -> None:
    waits = []
    rest = None
    for _ in range(30):
        rest = rest_after("h", status, None, NOW, rest)
        waits.append(rest.until - NOW)
    assert waits[:3] == [first, 2 * first, 4 * first]
    assert waits[-1] == most
    assert sorted(waits) == waits


def test_a_rest_from_a_wrong_clock_is_cut_to_the_longest() -> None:
    rest = HostRest(host="h", status=429, until=NOW + timedelta(days=3650), refusals=1)
    assert resting_until(rest, NOW) == NOW + LONGEST
    assert resting_until(rest, rest.until) is None


def test_only_refusals_put_a_host_to_rest() -> None:
    assert [status for status in range(200, 600) if asks_for_rest(status)] == [401, 403, 429, 503]


@given(st.text(max_size=40), st.sampled_from([401, 403, 429, 503]))
def test_any_header_gives_a_rest_ahead_and_within_seven_days(header: str, status: int) -> None:
    until = rest_after("h", status, header, NOW, None).until
    assert NOW < until <= NOW + LONGEST
