"""Names of people: which two are one person's, whatever the titles, the order and the accents."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import zip_longest

from rapidfuzz import fuzz

from monitor.diff.lettering import WORD, plain, reads_alike

_DOTTED = re.compile(r"\b[a-z]{1,3}(?:\.[a-z]{1,2})+\b")  # "m.d", "ph.d"
_TITLE = re.compile(
    r"(?:aprn|bsc?|bsn|ccr[cp]|crc|crna|d[dmo]s|dmd|doctor|dpm|dr|fac[cps]|facs|fasco|frcpc?|habil|mb|mba|mbbs|mbchb|md"
    r"|miss|mph|mrs?|ms|msc|msn|mscr|np|pd|pharmd|phd|prof|professor|rn|univ)\Z"
)
_ALIKE = 84  # of 100: two spellings of one word
_NEARLY = 80  # of 100: two spellings of one name


@lru_cache(maxsize=4096)
def person_words(name: str) -> tuple[str, ...]:
    """The words of a name in alphabetical order, without titles and degrees; all of them where nothing else is left."""
    words = WORD.findall(_DOTTED.sub(lambda found: found[0].replace(".", ""), plain(name)))
    return tuple(sorted([word for word in words if not _TITLE.match(word)] or words))


def one_person(name: str | None, other: str | None) -> bool:
    """True if the names say the same but for titles, order, accents and marks."""
    if not name or not other:
        return name == other
    return person_words(name) == person_words(other) or reads_alike(name, other)


def names_alike(name: str | None, other: str | None) -> bool:
    """True if the names may be one person's: slips of the pen, initials, a name more or less."""
    if not name or not other:
        return False
    if one_person(name, other):
        return True
    short, long = sorted((person_words(name), person_words(other)), key=len)
    if len(short) < len(long):
        return len(short) > 1 and all(any(_one_word(word, each) for each in long) for word in short)
    return all(_one_word(*pair) for pair in zip_longest(short, long, fillvalue=""))


def nearly_alike(name: str | None, other: str | None) -> bool:
    """True for a slip of the pen anywhere in a name: enough where all else about the two is the same."""
    both = [" ".join(person_words(each)) if each else "" for each in (name, other)]
    return all(both) and fuzz.ratio(*both) >= _NEARLY


def _one_word(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return long.startswith(short)
    return fuzz.ratio(one, other) >= _ALIKE
