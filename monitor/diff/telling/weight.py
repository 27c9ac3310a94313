"""Why a change has its severity, in a few words."""

from __future__ import annotations

from monitor.diff.found import Found
from monitor.diff.severity import row_of
from monitor.diff.telling.phrases import PHRASES, STOP_REASONS, WEIGHTS


def weigh(found: Found) -> str:
    """ "stopped for safety", "a primary outcome was swapped": what the table of severities goes by."""
    if found.event == "status.stopped":
        classes = found.detail.get("reason_classes")
        named = [STOP_REASONS[name] for name in STOP_REASONS if isinstance(classes, list) and name in classes]
        if named:
            return WEIGHTS["status.stopped.for"].format(reasons=_listed(named))
    if found.event.endswith(".respelled") and found.event not in WEIGHTS:
        return WEIGHTS["respelled"]
    return WEIGHTS[row_of(found.event, WEIGHTS) or "other"]


def _listed(words: list[str]) -> str:
    """ "a, b and c", in the middle of a sentence."""
    *first, last = words
    return PHRASES["list.and"].format(words=", ".join(first), last=last) if first else last
