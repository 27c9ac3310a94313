"""The one table of words and marks that every form of a message shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.model.change import Category, Cause, Severity
from monitor.text.dates import show_date

MARKS: Final[Mapping[Severity, str]] = {
    Severity.CRITICAL: "◆",
    Severity.MAJOR: "▲",
    Severity.MINOR: "●",
    Severity.ADMINISTRATIVE: "○",
}

_CATEGORIES: Final = {
    Category.LOCATIONS: "Sites",
    Category.ADMINISTRATIVE: "Bookkeeping",
    Category.SHARING: "Data sharing",
}

CAUSES: Final[Mapping[Cause, str]] = {
    Cause.REGISTRY: "set by the registry",
    Cause.MIRROR: "on the study page",
    Cause.CORRECTION: "correction",
}

DIRECTIONS: Final[Mapping[str, str]] = {
    "tighter": "▸◂ Tighter",
    "looser": "◂▸ Looser",
    "reworded": "≈ Reworded",
    "unclear": "? Unclear",
}

STOPS: Final[Mapping[str, str]] = {
    "SUSPENDED": "Suspended means stopped early; it may start again.",
    "TERMINATED": "Terminated means stopped early; it will not start again.",
    "WITHDRAWN": "Withdrawn means stopped before the first person joined.",
}

ADVICE: Final = (
    "A registry record is a sponsor’s statement; it is not medical advice. "
    "Only the study team can say whether a person can join."
)
_LIBRARY: Final = "ClinicalTrials.gov, U.S. National Library of Medicine"
REGISTRY: Final = "https://clinicaltrials.gov/"
_PAGES: Final = "https://ctv.veeva.com/"

NOTHING: Final = "–"


def category_word(category: Category) -> str:
    """ "Enrollment", "Sites": the plain word that stands before a change."""
    return _CATEGORIES.get(category) or category.value.capitalize()


def source_words(record_url: str | None) -> str:
    """Where the facts come from, and what they are not."""
    if record_url and record_url.startswith(_PAGES):
        return f"Source: ClinicalTrials.Veeva, which draws on {_LIBRARY}. {ADVICE}"
    return f"Source: {_LIBRARY}. {ADVICE}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """ "1 site", "2 sites", "1,216 sites"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Sequence[str]) -> str:
    """ "a, b and c"; "" for nothing."""
    if not words:
        return ""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, cut after a word, with an ellipsis where something is missing."""
    if len(text) <= limit:
        return text
    head = text[: max(limit - 1, 0)]
    at = head.rfind(" ")
    return (head[:at] if at > limit // 2 else head).rstrip(" ,;:(") + "…"


def show_moment(moment: datetime, zone: ZoneInfo) -> str:
    """ "20 Feb 2026, 00:58 UTC" in the reader's timezone."""
    local = moment.astimezone(zone)
    return f"{show_date(local.date().isoformat())}, {local:%H:%M} {_zone_word(local)}"


def show_data_day(timestamp: str) -> str:
    """The day of a registry's build, from its own spelling of the moment ("2026-02-19T09:00:05")."""
    return show_date(timestamp[:10])


def _zone_word(local: datetime) -> str:
    name = local.tzname() or ""
    if name.isalpha():
        return name
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")
