"""Times as people write them in a configuration: 6h, 30m, 1d, 90s, 2w, 1h30m."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

REMEDY: Final = 'Write a number and a unit: "90s", "30m", "6h", "1d", "2w".'
_UNITS: Final = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_PART: Final = re.compile(r"([0-9]{1,6})([wdhms])")
_WHOLE: Final = re.compile(r"(?:[0-9]{1,6}[wdhms])+")
_LONGEST: Final = timedelta(days=3650)


def parse_duration(text: str) -> timedelta:
    """The time that `text` names. Raises ValueError, saying what is wrong, for anything else."""
    plain = text.strip().lower()
    if not _WHOLE.fullmatch(plain):
        raise ValueError(f'"{text}" is no length of time.')
    total = sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in _PART.findall(plain)), timedelta())
    if total <= timedelta():
        raise ValueError("The time must be longer than nothing.")
    if total > _LONGEST:
        raise ValueError("The time must not be longer than ten years.")
    return total
