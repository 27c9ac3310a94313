"""The words for categories, causes and outcomes that the terminal's views share."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.model.change import Category, Cause
from monitor.model.coverage import Outcome

CATEGORY_WORDS = {
    Category.LOCATIONS: "Sites",
    Category.ADMINISTRATIVE: "Bookkeeping",
}

CAUSE_WORDS = {
    Cause.REGISTRY: "set by the registry",
    Cause.MIRROR: "on the study page",
    Cause.CORRECTION: "correction",
}

DIRECTION_WORDS = {
    "tighter": "▸◂ tighter",
    "looser": "◂▸ looser",
    "reworded": "≈ reworded",
    "unclear": "? unclear",
}

OUTCOME_WORDS = {
    Outcome.SUSPECT: "suspect",
    Outcome.REFUSED: "refused",
    Outcome.THROTTLED: "asked to wait",
    Outcome.GONE: "gone",
    Outcome.FAILED: "failed",
}


def category_word(category: Category) -> str:
    return CATEGORY_WORDS.get(category) or category.value.capitalize()


def count(number: int, one: str, many: str | None = None) -> str:
    """1 site, 2 sites, 1,216 sites"""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """a, b and c"""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
