"""Words and signs that say on which side a number bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Side: TypeAlias = Literal["lower", "upper"]
Manner: TypeAlias = Literal["plain", "window", "lasting"]  # "within 4 weeks"; "for 4 weeks"


@dataclass(frozen=True, slots=True)
class Comparator:
    """A side, whether the number itself is out (`strict`), and where the words end."""

    side: Side
    strict: bool
    manner: Manner
    end: int


_MORE = r"(?:greater|more|higher|older|longer|larger|above)"
_LESS = r"(?:less|lesser|lower|fewer|younger|shorter|smaller|below)"
_EQUAL = r"(?:\s?/\s?|\s+(?:or|and/or)\s+)(?:equals?|=)(?:\s+(?:to|than))?"
_RECENT = r"(?:last|past|previous|prior|preceding)"
_EXTENT = r"(?:\s+(?:age|duration|period|weight|score|variation|change|dose|number))?(?:\s+of)?"
_AT_LEAST = (
    rf">\s?/\s?=|>\s?_|â‰¥|≥\s?/?\s?=?|>=|=\s?/?\s?>|⩾|≧|>\s?or\s?=|>{_EQUAL}|{_MORE}(?:\s+than)?{_EQUAL}"
    rf"|equals?(?:\s+to)?\s+or\s+{_MORE}(?:\s+than)?|at\s+least|at\s+a\s+minimum(?:\s+of)?"
    rf"|(?:an?\s+)?minimum{_EXTENT}|not?\s+{_LESS}(?:\s+than)?|not?\s+(?:sooner|earlier)\s+than|not\s+(?:be\s+)?under"
)
_AT_MOST = (
    rf"<\s?/\s?=|<\s?_|â‰¤|≤\s?/?\s?=?|<=|=\s?/?\s?<|⩽|≦|<\s?or\s?=|<{_EQUAL}|{_LESS}(?:\s+than)?{_EQUAL}"
    rf"|equals?(?:\s+to)?\s+or\s+{_LESS}(?:\s+than)?|at\s+(?:the\s+)?most|(?:an?\s+)?maximum{_EXTENT}"
    rf"|not?\s+{_MORE}(?:\s+than)?|(?:not|cannot|never)\s+(?:to\s+)?(?:be\s+)?(?:exceed(?:s|ing|ed)?|over)"
    r"|up\s+to(?:\s+and\s+including)?|not?\s+later\s+than"
)
_SO_LONG = rf"for\s+(?:at\s+least\s+)?(?:the\s+)?{_RECENT}"
_SO_RECENT = (
    rf"within(?:\s+(?:the|a))?(?:\s+{_RECENT})?(?:\s+period\s+of)?|(?:in|during|over)\s+(?:the\s+)?{_RECENT}"
    r"|(?:in|during)\s+the(?=\s+\S+\s+(?:hour|day|week|month|year))"
)
_ABOVE = rf"{_MORE}\s+than|above|over|exceed(?:s|ing|ed)?|in\s+excess\s+of|beyond|>"
_ROWS: tuple[tuple[str, Side, bool, Manner], ...] = (  # the longer words first
    (_AT_LEAST, "lower", False, "plain"),
    (_AT_MOST, "upper", False, "plain"),
    (_SO_LONG, "lower", False, "lasting"),
    (_SO_RECENT, "upper", False, "window"),
    (_ABOVE, "lower", True, "plain"),
    (rf"{_LESS}\s+than|below|under|<", "upper", True, "plain"),
    (r"for(?:\s+a\s+(?:period|duration|total)\s+of)?", "lower", False, "lasting"),
)
FIRST_WORDS = frozenset(  # with which the patterns above can start
    re.findall(
        r"\w+",
        "greater more higher older longer larger above less lesser lower fewer younger shorter smaller below equal"
        " equals at a an minimum maximum no not cannot never up for within in during over exceed exceeds exceeding"
        " exceeded beyond"
        " under â",
    )
)
_FIRST = re.compile("|".join(f"(?P<c{n}>{pattern})" for n, (pattern, *_) in enumerate(_ROWS)), re.IGNORECASE)
_AGAIN = re.compile(r"\s*\(\s?(?:≥|≤|>=|<=|=>|=<|>|<|>/=|</=)\s?\)")  # "less than or equal to (≤)"
_GAP = re.compile(
    r"\s*(?:an?\s+age\s+of\s+|the\s+age\s+of\s+|age\s+|of\s+|to\s+|about\s+|approximately\s+|~)?", re.IGNORECASE
)
_AFTER = re.compile(
    r"\s*,?\s*(?:years?\s+)?(?:of\s+age\s*,?\s*|old\s*,?\s*)?(?:"
    r"(?P<more>(?:or|and|&)\s+(?:more|older|greater|above|over|higher|longer|up|larger|beyond)(?:\s+than)?)"
    r"|(?P<less>(?:or|and|&)\s+(?:less|younger|fewer|below|under|lower|shorter|smaller))"
    r"|(?P<better>(?:or|and)\s+better)|(?P<worse>(?:or|and)\s+worse))(?![a-z])(?!\s+than\b)",
    re.IGNORECASE,
)
_PLUS = re.compile(r"\s?\+(?![\w+])")


def comparator_at(text: str, position: int) -> Comparator | None:
    """The comparator that starts exactly at a position; `end` is where its number would start."""
    match = _FIRST.match(text, position)
    if not match or (match[0][-1].isalpha() and text[match.end() : match.end() + 1].isalpha()):
        return None
    _, side, strict, manner = _ROWS[int((match.lastgroup or "c0")[1:])]
    again = _AGAIN.match(text, match.end())
    gap = _GAP.match(text, (again or match).end())
    return Comparator(side, strict, manner, gap.end() if gap else match.end())


def trailer_at(text: str, position: int, *, low_is_better: bool) -> Comparator | None:
    """ "or older", "and above", "+" after a number."""
    plus = _PLUS.match(text, position)
    if plus:
        return Comparator("lower", strict=False, manner="plain", end=plus.end())
    match = _AFTER.match(text, position)
    if not match:
        return None
    group = match.lastgroup or "more"
    upper = group in {"less", "better" if low_is_better else "worse"}
    return Comparator("upper" if upper else "lower", strict=False, manner="plain", end=match.end())
