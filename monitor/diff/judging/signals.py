"""The words by which a criterion lets in, keeps out, excepts and denies."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Sense: TypeAlias = Literal[-1, 1]

_COULD = (
    r"(?:is|are|be|being|was|were|may|can|will|would|could|must|should|shall)\s+"
    r"(?:(?:still|also|only|otherwise|be|considered|deemed|remain|all|however)\s+){0,3}"
)
_OPEN = (
    r"(?:eligible|allowed|permitted|permissible|acceptable|enrolled|enroll|recruited|included|admitted)"
    r"(?!\s+(?:for(?! (?:the |this )?(?:study|trial|enrol|admission|inclusion|participation|protocol|entry))"
    r"|to (?!enter|participate|enroll|join|be)|in the definition|therap|drug|criteria))"
)
_SHUT = r"(?:excluded|ineligible|prohibited|disallowed|forbidden|disqualif\w+|exclusionary|an exclusion)"
_NO = r"(?:not|never|cannot|can't)"
DENIED = re.compile(
    rf"(?:\bno\s+longer\s+)?(?:{_COULD})?\b{_NO}\s+(?:(?:be|considered|deemed)\s+){{0,2}}{_OPEN}(?![a-z])"
    rf"|(?:{_COULD}|\bnot\s+(?=in))\b{_SHUT}|\b(?:prohibited|ineligible|disqualified)\s*\Z|\bexclusionary\b",
    re.IGNORECASE,
)
ALLOWED = re.compile(
    r"\b(?:not|n't|never)\s+(?:(?:be|considered|deemed|an?|as|to)\s+){0,4}(?:exclu\w+|disqualif\w+|prohibited)"
    rf"|\b{_COULD}{_OPEN}(?![a-z])|(?:\A|[(;,.])\s*(?:allowed|permitted|acceptable|eligible)\b"
    r"|\b(?:allowed|permitted|acceptable|eligible)\s*"
    r"(?=\Z|[,)(]|\bif\b|\bprovided\b|\bas long\b|\bonly\b|\bunless\b|\bexcept\b)",
    re.IGNORECASE,
)
EXCEPTION = re.compile(
    r"\b(?:unless|except(?:ing|ions?)?(?:\s+for)?|with\s+the\s+exceptions?\s+of|other\s+than|apart\s+from"
    r"|aside\s+from|excluding|not\s+including|but\s+not(?!\s+(?:be\s+)?(?:limited|restricted))|exclusive\s+of|barring)\b",
    re.IGNORECASE,
)
_UNWILLING = (
    r"\b(?:not|n't)\s+(?:be\s+)?(?:willing|able|agree\w*|consent\w*)|\b(?:unable|unwilling\w*|inability|refus\w+"
    r"|cannot|can't)\b|\bdeclin(?:e[sd]?|ing)\s+(?:to|consent|participation)\b|\b(?:fails?|failed|failing|failure)\s+to\b"
)
UNWILLING = re.compile(_UNWILLING, re.IGNORECASE)
NEGATION = re.compile(
    rf"{_UNWILLING}|\b(?:no|not|without|never|none|neither|nor|absence|lack(?:s|ing)?|refrain\w*|abstain\w*|avoid\w*)\b"
    r"|n't\b|\bfree\s+(?:of|from)\b|-free\b|\boff\b(?!-)|\boutside\b|\bnegative\s+for\b|\brul(?:e|ed|ing)\s+out\b",
    re.IGNORECASE,
)
IDLE = re.compile(  # negations that deny nothing
    r"\bwhether\s+or\s+not\b|\bnot\s+(?:be\s+)?(?:limited|restricted)\s+to\b|\bnot\s+only\b|\bwith\s+or\s+without\b"
    r"|\bif\s+not\b|\bnot\s+applicable\b|\bno\.|\bwithout\s+regard\b|-free\s+(?:survival|interval)"
    r"|\bnot\s+otherwise\s+specified\b",
    re.IGNORECASE,
)


def verdict(phrase: str) -> Sense | None:
    """+1 if the phrase says that someone is let in, -1 if kept out; None if neither or both."""
    denied = bool(DENIED.search(phrase))
    allowed = bool(ALLOWED.search(DENIED.sub(" ", phrase)))
    return None if denied == allowed else (-1 if denied else 1)


def without_verdict(phrase: str) -> str:
    """The phrase with blanks for the words that let in or keep out."""
    return ALLOWED.sub(blank, DENIED.sub(blank, phrase))


def starts_exception(phrase: str) -> bool:
    """True if the phrase begins as an exception does."""
    return bool(EXCEPTION.match(phrase.lstrip(" ,(;")))


def negated(phrase: str) -> int:
    """How many negations the phrase holds."""
    return len(NEGATION.findall(IDLE.sub(" ", phrase)))


def blank(match: re.Match[str]) -> str:
    """As many spaces as the match has letters: places in the text stay what they were."""
    return " " * len(match[0])
