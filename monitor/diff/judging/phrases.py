"""What a phrase that came does to the number of people who can enter; one that went does the reverse."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.diff.judging.senses import exception_at, sense_at, sentence_of
from monitor.diff.judging.signals import Sense, negated, starts_exception, verdict, without_verdict
from monitor.diff.judging.synonyms import listed
from monitor.diff.judging.wording import Word

NEUTRAL = listed(
    "currently actively clinically any ever all time whatsoever kind type every such other including following one well"
    " both about approximately least"
)
_ANCHOR = listed(
    "prior randomization enrollment screen first dose trial treatment start day baseline agent initiation"
    " administration"
)
_ALWAYS_NOW = listed("pregnant breastfeeding participate receive enrollment use")
_ANYTIME = re.compile(r"\W*(?:at\s+any\s+time|ever|in\s+the\s+past|any|of\s+any\s+kind|or\s+not)\W*\Z", re.IGNORECASE)
_SOFT = re.compile(  # words of judgement, procedure or explanation, which no text settles
    r"\b(?:investigator|opinion|judg\w+|discretion|sponsor|monitor|physician|if\s+applicable|as\s+appropriate"
    r"|per\s+protocol|local(?!\s+an(?:a?esth|alg))|according\s+to|may|screening|baseline|at\s+enrol\w+|study\s+entry|study|trial|protocol"
    r"|preferabl\w+|recommended|ideally|likely|considered|typically|usually|defined|i\.e|consult\w*|regardless"
    r"|irrespective|where|unknown|appendix|equivalents?|section|table|inclusion|exclusion|criteria)\b",
    re.IGNORECASE,
)
_PROCEDURE = re.compile(
    r"\b(?:study|trial|protocol|screening|baseline|enrol\w*|entry|planned|may|(?:un)?likely)\b", re.IGNORECASE
)
_JUDGED = re.compile(r"\b(?:investigator|opinion|judg\w+|discretion|physician|sponsor|monitor)\b", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"\be\.\s?g\b|\bsuch\s+as\b|\bincluding\b(?!\s+(?:only|those))|(?<!must )(?<!should )\bincludes?\b"
    r"|\bfor\s+(?:example|instance)\b"
    r"|\bexamples?\b|\bnot\s+limited\s+to\b|\beg\b|\bi\.?e\b|\bnamely\b|\blike\b|\bviz\b|\bconsisting\s+of\b"
    r"|\bespecially\b|\bparticularly\b|\b(?:regardless|irrespective)\s+of\b",
    re.IGNORECASE,
)
_EXAMPLES_END = re.compile(r"\)|\bunless\b|\bas\s+well\s+as\b|\bexcept\b|\bwithin\b|\bthat\b|\bwho\b")
_ELSEWHERE = re.compile(r"\b(?:local\w*|requirements?|regulations?|guidelines?|laws?)\b(?!\s+an)", re.IGNORECASE)
_COUNTS_AS = re.compile(r"\b(?:qualif(?:y|ies)|counts?|counted|regarded|considered)\s+as\b", re.IGNORECASE)
_NOTE = re.compile(r"\W*(?:please\s+)?note\b", re.IGNORECASE)
_ANEW = re.compile(r"\W*(?:(?:and|but)\s+(?:no|not|without|must|has|have|is|are)\b|(?:no|not)\b)", re.IGNORECASE)
_LINKS = re.compile(  # words that say nothing beside a verdict
    r"\W|\b(?:and|also|who|or|if|the|they|have|ha[sd]|is|are|any|of|patients?|subjects?|participants?|individuals?)\b",
    re.IGNORECASE,
)
_OPPOSITES = tuple(
    (re.compile(rf"\b(?:{ruled})\b", re.IGNORECASE), re.compile(rf"\b(?:{free})\b", re.IGNORECASE))
    for ruled, free in (
        ("interventional", "observational|non-?interventional|registr(?:y|ies)"),
        ("systemic(?:ally)?|oral|intravenous", "topical|inhaled|intranasal|nasal|ophthalmic|local|intra-?articular"),
        ("live|live-attenuated", "inactivated|killed|non-?live|dead"),
    )
)
_MOST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words first..last (exclusive) of a text that the other version does not have."""

    text: str
    words: Sequence[Word]
    first: int
    last: int
    section: Sense

    @property
    def own(self) -> Sequence[Word]:
        return self.words[self.first : self.last]

    @property
    def start(self) -> int:
        """Where its written words start: those without meaning ("who is") right before it count in."""
        return self.words[self.first - 1].end if self.first else 0

    @property
    def said(self) -> str:
        """The phrase as written."""
        return self.text[self.start : self.own[-1].end]

    @property
    def lead(self) -> str:
        """What its sentence says before it."""
        start, _ = sentence_of(self.text, self.own[0].start)
        return self.text[start : self.own[0].start]

    @property
    def sentence(self) -> str:
        start, end = sentence_of(self.text, self.own[0].start)
        return self.text[start:end]

    def sense(self) -> Sense | None:
        """What it is worth that more people are described here; None if unsure."""
        if _ANEW.match(self.said):  # what is denied before does not reach it
            return sense_at(self.section, self.text, sentence_of(self.text, self.own[0].start)[0])
        place = self.own[0]
        sense = sense_at(self.section, self.text, place.start)
        if place.bound and sense_at(self.section, self.text, place.start, place.bound) != sense:
            return None
        return sense


def says_nothing(phrase: Phrase) -> bool:
    """True for words that change nobody's lot: "any", "at any time", an example more, the section's own verdict."""
    if all(word.key in NEUTRAL or (word.joint and len(phrase.own) > 1) for word in phrase.own):
        return True
    following = {word.key for word in phrase.words[phrase.last :][:1]}
    if following & _ALWAYS_NOW and [word.key for word in phrase.own] == ["current"]:
        return True
    anchor = phrase.first > 0 and bool(phrase.words[phrase.first - 1].bound)
    if anchor and phrase.own[0].key == "prior" and {word.key for word in phrase.own} <= _ANCHOR:
        return True  # "within 4 weeks of", "within 4 weeks before randomization"
    return bool(_ANYTIME.match(phrase.said)) or _is_own_verdict(phrase) or _exemplifies(phrase)


def settles_nothing(phrase: Phrase) -> bool:
    """True for words of judgement or explanation, and for more words than can be followed."""
    one_more = not negated(phrase.lead) and "or" in {phrase.own[0].key, phrase.own[-1].key}
    dated = phrase.own[0].bound is not None and phrase.own[0].bound.timed
    said = _PROCEDURE.sub(" ", phrase.said) if one_more or dated else phrase.said
    soft = _SOFT.search(_JUDGED.sub(" ", said) if one_more else said)
    told = soft or ":" in phrase.said or _NOTE.match(phrase.sentence) or _COUNTS_AS.search(phrase.sentence)
    return bool(told) or len(phrase.own) > _MOST_WORDS


def is_exception(phrase: Phrase) -> bool:
    """True if the phrase begins as an exception does."""
    return starts_exception(phrase.said)


def exception_effect(phrase: Phrase) -> int | None:
    """+1 if more people can enter with the exception, -1 if fewer; None if unsure."""
    said = phrase.said.lstrip(" ,;(")
    if _JUDGED.search(said) or _ELSEWHERE.search(said):
        return None
    if _SOFT.search(said) and not said.lower().startswith("unless"):
        return None
    return exception_at(phrase.section, phrase.text, phrase.text.find(said, phrase.start))


def verdict_effect(phrase: Phrase) -> int | None:
    """What a phrase does that itself lets in or keeps out; 0 if it does neither, None if unsure.

    "Treated metastases are allowed" frees in an exclusion; in an inclusion it may only explain.
    """
    said = verdict(phrase.said)
    if said is None:
        return 0
    if said == 1 and phrase.section == -1 and _frees_nobody(phrase):
        return None
    return said if said == -1 or phrase.section == -1 else None


def _frees_nobody(phrase: Phrase) -> bool:
    """ "Observational studies are permitted" where interventional ones were kept out."""
    rest = phrase.text[: phrase.start] + phrase.text[phrase.own[-1].end :]
    return any(
        bool(ruled.search(rest) and free.search(phrase.said)) and not free.search(rest) for ruled, free in _OPPOSITES
    )


def _is_own_verdict(phrase: Phrase) -> bool:
    """ "Are excluded" after what an exclusion names."""
    said = verdict(phrase.said)
    return said == phrase.section and not _LINKS.sub("", without_verdict(phrase.said))


def _exemplifies(phrase: Phrase) -> bool:
    """True for an example, or one more of a list of examples."""
    if _EXAMPLE.match(phrase.said.lstrip(" ,;([")):
        return True
    examples = list(_EXAMPLE.finditer(phrase.lead))
    if not examples:
        return False
    since = phrase.lead[examples[-1].end() :]
    return since.count(")") <= since.count("(") and not _EXAMPLES_END.search(since)
