"""How complete a view is, in one line; a gap is always said."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from monitor.cli.days import day_of, short_date, short_day
from monitor.cli.words import OUTCOME_WORDS
from monitor.model.coverage import Coverage, Outcome, SourceUse

NEVER_CHECKED = "No pass has been made yet. To make one: trial-monitor check"


def coverage_line(coverage: Coverage | None, zone: ZoneInfo, year: int) -> str:
    """104 of 157 trials verified on 3 Mar, registry data of 2 Mar. Not verified: 53 failed."""
    if coverage is None:
        return NEVER_CHECKED
    day = short_day(day_of(coverage.finished_at or coverage.started_at, zone), year)
    told = f"{_verified(coverage)} on {day}"
    if data := data_day(coverage.sources, year):
        told += f", registry data of {data}"
    missing = gaps(coverage)
    return f"{told}. Not verified: {missing}." if missing else f"{told}."


def _verified(coverage: Coverage) -> str:
    return f"{coverage.checked:,} of {coverage.due:,} {'trial' if coverage.due == 1 else 'trials'} verified"


def coverage_note(coverage: Coverage, year: int) -> str:
    """registry data of 9 Mar · 157 of 157 trials verified"""
    data = data_day(coverage.sources, year)
    return f"registry data of {data} · {_verified(coverage)}" if data else _verified(coverage)


def gaps(coverage: Coverage) -> str:
    """50 asked to wait, 3 failed"""
    return ", ".join(
        f"{coverage.outcomes[outcome]:,} {OUTCOME_WORDS[outcome]}"
        for outcome in reversed(Outcome)
        if coverage.outcomes.get(outcome) and not outcome.verified
    )


def data_day(sources: Mapping[str, SourceUse], year: int) -> str | None:
    """The day of the registry's build."""
    used = sources.get("ctgov")
    return short_date(used.data_timestamp, year) if used and used.data_timestamp else None
