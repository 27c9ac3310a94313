"""Phrases that are members of a list: one more thing named, whose joint may be a comma alone."""

from __future__ import annotations

import re

from monitor.diff.judging.measures import names_measure
from monitor.diff.judging.modifiers import NARROWER
from monitor.diff.judging.phrases import Phrase
from monitor.diff.judging.senses import in_exception
from monitor.diff.judging.signals import UNWILLING, negated, without_verdict
from monitor.diff.judging.synonyms import listed

_LEAST_COMMAS = 2  # of a list that has no joint
_MOST_WORDS = 6  # of its members
_ABOUT_IT = re.compile(  # how words go on that tell more of what was named
    r"(?:requir|need|with|without|who|which|that|whose|despite|due|caused|secondary|associated|treated|confirmed|result"
    r"|if|when|unless|except|provided|within|for|in|on|at|by|after|before|prior|during|under|from|of|as|defined|include|not|no"
    r"|must|has|have|is|are|and|or|such|e\.g|i\.e|except|other|like|especially|particularly)(?:ing|ed|s)?\b|\w+(?:ing|ed)\b",
    re.IGNORECASE,
)
_UNRECOVERED = re.compile(r"\b(?:no|not|without|lack\s+of)\s+(?:\w+\s+){0,2}?(?:recover\w*|resol\w+)\b", re.IGNORECASE)
_OPENED = re.compile(
    r"[.;]\s+(?:(?:the|an?|patients?|subjects?|participants?|who|with|ha(?:s|ve))\s+)*\Z", re.IGNORECASE
)
_REFUSES = re.compile(r"\b(?:refus\w+|do(?:es)?\s+not\s+(?:agree|consent))\b", re.IGNORECASE)
_LANGUAGES = listed(
    "english spanish french german korean chinese mandarin cantonese japanese italian portuguese dutch danish swedish"
    " norwegian finnish arabic hindi turkish russian polish hebrew persian thai vietnamese"
)
_AT_ONCE = re.compile(
    r"\b(?:all|both|each|same|together|combin\w+|simultaneous\w*|triad|received?|treated|who\s+(?!ha(?:ve|s|d)\b|are\b))\b",
    re.IGNORECASE,
)
_SIGHT = 60  # letters


def is_one_of_list(phrase: Phrase) -> bool:
    """True for one of several things parted by commas alone ("stroke, malignancy, thrombosis")."""
    if len(phrase.own) > _MOST_WORDS or any(word.joint or word.bound for word in phrase.own):
        return False
    if all(word.key in NARROWER for word in phrase.own):
        return False
    start, end = phrase.own[0].start, phrase.own[-1].end
    before, after = phrase.text[:start].rstrip(), phrase.text[end:].lstrip()
    if not (
        (before.endswith(",") and (after[:1] in {"", ",", ")", ";", "."} or after.startswith("and")))
        or (after[:1] == "," and before[-1:] in {"(", ":"})
    ):
        return False
    sentence = phrase.sentence
    if phrase.section == 1 and "(" not in before[before.rfind(")") + 1 :] and not negated(phrase.lead):
        return False
    return sentence.count(",") >= _LEAST_COMMAS and not _ABOUT_IT.match(phrase.text, start)


def is_sentence(phrase: Phrase) -> bool:
    """True for a whole sentence, or what stands between two semicolons."""
    before, after = phrase.text[: phrase.own[0].start], phrase.text[phrase.own[-1].end :]
    opened = _OPENED.search(before[-_SIGHT:])
    return bool(opened) and (not after.strip(" .;,)") or after.lstrip()[:1] in {".", ";"}) and phrase.first > 0


def names_more(phrase: Phrase) -> bool:
    """True for "and B" where that names one thing more: in an exception, and after a "without"."""
    said = phrase.text[phrase.own[0].start : phrase.own[-1].end]
    rest = phrase.own[1:] if phrase.own[0].joint else phrase.own[:-1]
    if not rest or any(word.bound for word in rest) or len(rest) > _MOST_WORDS:
        return False
    if _ABOUT_IT.match(phrase.text, rest[0].start) or negated(said):
        return False
    if in_exception(phrase.text, rest[0].start) or (phrase.section == -1 and _enumerated(phrase)):
        return True
    return phrase.section == 1 and phrase.last == len(phrase.words) and negated(phrase.lead) == 1


def _enumerated(phrase: Phrase) -> bool:
    """True for one thing more between the commas of a list: what keeps people out is each of them."""
    words = phrase.words[max(0, phrase.first - 1) : phrase.last]
    commas = any(word.joint and phrase.text[word.start] == "," for word in words)
    named = not any(word.key in NARROWER for word in phrase.own) and not names_measure(phrase.said)
    sentence = phrase.sentence
    apart = not negated(without_verdict(sentence)) and not _AT_ONCE.search(sentence)
    return commas and named and apart and sentence.count(",") >= _LEAST_COMMAS


def one_more_language(phrase: Phrase) -> bool:
    """True for one language more of those that none of which is spoken keeps people out."""
    named = any(word.key in _LANGUAGES for word in phrase.own)
    return named and "or" in {phrase.own[0].key, phrase.own[-1].key} and negated(phrase.lead) == 1


def cannot_do(phrase: Phrase) -> bool:
    """True for one deed more that those kept out are unable or unwilling to do: to fail in one of them is enough."""
    if phrase.section == 1 or any(word.bound for word in phrase.own):
        return False
    if "or" in {phrase.own[0].key, phrase.own[-1].key} and UNWILLING.search(phrase.said):
        return negated(phrase.lead) == len(UNWILLING.findall(phrase.lead))
    if "or" in {phrase.own[0].key, phrase.own[-1].key} and _REFUSES.search(phrase.lead):
        return negated(phrase.lead) == 1
    if "or" in {phrase.own[0].key, phrase.own[-1].key} and _UNRECOVERED.search(phrase.lead):
        return negated(phrase.lead) == 1
    denials = list(UNWILLING.finditer(phrase.lead))
    if len(denials) != 1 or negated(phrase.lead) != 1 or in_exception(phrase.text, phrase.own[0].start):
        return False
    return "or" in {phrase.own[0].key, phrase.own[-1].key}
