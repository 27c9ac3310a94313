"""Dates as registries give them: a year, a month or a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, TypeAlias

Precision: TypeAlias = Literal["year", "month", "day"]

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS_A_MONTH = 30.44
_FEW_DAYS = 60


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the year, the month or the day; what is not known is None."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    @lru_cache(maxsize=1024)
    def parse(cls, text: str) -> PartialDate:
        """Read yyyy, yyyy-MM or yyyy-MM-dd. Raises ValueError for anything else, a 31 February included."""
        found = _PARTIAL.match(text.strip())
        if not found:
            msg = f"not a date as registries write it: {text[:40]!r}"
            raise ValueError(msg)
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None  # noqa: S101 (the pattern has it)
        date(year, month or 1, day or 1)
        return cls(year, month, day)

    @property
    def precision(self) -> Precision:
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def first_day(self) -> date:
        """The earliest day that this may be."""
        return date(self.year, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)


def show_date(text: str) -> str:
    """ "2 Sep 2026", "Jul 2026" or "2026"; what is no date comes back as it is."""
    try:
        parsed = PartialDate.parse(text)
    except ValueError:
        return text
    words = [str(parsed.year)]
    if parsed.month is not None:
        words.insert(0, _MONTHS[parsed.month - 1])
    if parsed.day is not None:
        words.insert(0, str(parsed.day))
    return " ".join(words)


def days_between(before: str, after: str) -> int:
    """Days from `before` to `after`, negative if it is earlier. Raises ValueError for what is no date.

    Dates of unlike precision are compared at the coarser one: "2026-09" and "2026-09-15" are no day apart.
    """
    first, second = PartialDate.parse(before), PartialDate.parse(after)
    coarse = min(len(str(first)), len(str(second)))
    first, second = (PartialDate.parse(str(each)[:coarse]) for each in (first, second))
    return (second.first_day - first.first_day).days


def show_slip(days: int) -> str:
    """How far a date moved, without direction: "1 day", "12 days", and from 60 days on "14 months"."""
    days = abs(days)
    if days < _FEW_DAYS:
        return "1 day" if days == 1 else f"{days} days"
    return f"{round(days / _DAYS_A_MONTH)} months"
