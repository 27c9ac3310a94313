"""Sentences on what goes back to an earlier value."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.diff.found import Found
from monitor.diff.telling.phrases import PHRASES
from monitor.diff.telling.say import Said, join, say
from monitor.model.json import Json
from monitor.text.dates import show_date


def tell_correction(found: Found, said: Said) -> Said:
    """A date is told as corrected; everything else as always, with what that takes back."""
    undone = found.detail.get("takes_back")
    days = undone.get("days") if isinstance(undone, Mapping) else None
    ago = _ago(days if isinstance(days, int) else 0)
    was, now = _date(found.before), _date(found.after)
    if found.path.startswith("dates.") and was and now and was != now:
        name = PHRASES[f"{found.path.partition('.')[2]}.name"]
        return say("correction.date", name=name, after=show_date(now), ago=ago, before=show_date(was))
    return join(said, say("correction", ago=ago[:1].lower() + ago[1:]))


def _ago(days: int) -> str:
    word = f"days.{days}"
    return say("ago.today" if days == 0 else "ago", days=PHRASES.get(word, f"{days} days")).sentence


def _date(value: Json) -> str | None:
    date = value.get("date") if isinstance(value, Mapping) else None
    return date if isinstance(date, str) else None
