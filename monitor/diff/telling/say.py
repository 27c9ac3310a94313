"""Fills the phrases: quotes, lists, counts, and which words of a sentence are the news."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from monitor.diff.telling.phrases import NOUNS, PHRASES
from monitor.text.clean import harmless

_QUOTED = 110  # characters of a record's text that one sentence quotes
_FIRST = re.compile(r"\A\s*[a-z]+(?![A-Za-z0-9])")
_FOLDED = 5  # countries, names: more are counted


class Said(NamedTuple):
    """A sentence and those of its words that say what is new, in order."""

    sentence: str
    strong: tuple[str, ...] = ()


def say(key: str, /, **facts: str | int) -> Said:
    """The phrase of the table with its facts; words between ** are the news."""
    spoken = [part.format(**facts) for part in PHRASES[key].split("**")]
    first = next((n for n, part in enumerate(spoken) if part.strip()), 0)
    spoken[first] = _upper(spoken[first])
    return Said(" ".join("".join(spoken).split()), tuple(" ".join(s.split()) for s in spoken[1::2] if s.strip()))


def join(*said: Said | None) -> Said:
    """Sentences one after another."""
    told = [each for each in said if each is not None and each.sentence]
    return Said(" ".join(each.sentence for each in told), tuple(word for each in told for word in each.strong))


def quote(text: str, limit: int = _QUOTED) -> str:
    """The record's own words in quotation marks, cut at a word."""
    return f'"{cut(text, limit)}"'


def cut(text: str, limit: int = _QUOTED) -> str:
    """At most about `limit` characters, cut after a word."""
    words = harmless(text).replace('"', "'").strip(" .;,:")
    if len(words) <= limit:
        return words
    return words[:limit].rsplit(" ", 1)[0].rstrip(" ,;:.(") + "…"


def count(number: int, noun: str) -> str:
    """ "1 site", "1,216 people"."""
    one, many = NOUNS[noun]
    return f"{number:,} {one if number == 1 else many}"


def listed(words: Sequence[str], limit: int = _FOLDED) -> str:
    """ "A, B and C"; beyond the limit the rest is counted."""
    told = [harmless(word) for word in words]
    if len(told) > limit:
        return PHRASES["list.more"].format(words=", ".join(told[:limit]), more=f"{len(told) - limit:,}")
    if len(told) < 2:  # noqa: PLR2004 (one stands alone)
        return "".join(told)
    return PHRASES["list.and"].format(words=", ".join(told[:-1]), last=told[-1])


def _upper(words: str) -> str:
    """The first word with a capital, unless it is a name with a spelling of its own ("mRNA")."""
    return _FIRST.sub(lambda first: first[0].lstrip().capitalize(), words)
