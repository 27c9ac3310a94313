"""What a phrase does to the people whom a text describes: an "or" adds some, an "and" or an adjective leaves fewer."""

from __future__ import annotations

import re

from monitor.diff.bounds import Bound
from monitor.diff.judging.intervals import growth
from monitor.diff.judging.lists import cannot_do, is_one_of_list, is_sentence, names_more, one_more_language
from monitor.diff.judging.measures import names_measure
from monitor.diff.judging.modifiers import NARROWER, PEOPLE, TOGETHER, is_adjective
from monitor.diff.judging.phrases import (
    NEUTRAL,
    Phrase,
    exception_effect,
    is_exception,
    says_nothing,
    settles_nothing,
    verdict_effect,
)
from monitor.diff.judging.senses import in_exception
from monitor.diff.judging.signals import UNWILLING, negated, starts_exception, verdict
from monitor.diff.judging.synonyms import listed

_DEMAND = listed(
    "must have has is are with without no not who meet require willing able documented adequate agree negative"
)
_AFTERWARDS = re.compile(
    r"(?:and\s+)?(?:(?:(?-i:who)|which|that|with)\s+)?(?:requir(?:e[sd]?|ing)|need(?:s|ing|ed)?|necessitating"
    r"|in\s+need\s+of|with(?!\s+or\s+without)|without|(?-i:who)|which|that|despite|due\s+to|caused\s+by|secondary\s+to"
    r"|associated\s+with|treated\s+with|confirmed\s+by|resulting\s+in|leading\s+to|affecting|involving|complicated\s+by"
    r"|characteri[sz]ed\s+by|resistant\s+to|refractory\s+to|after|following|on|in|from|under|while|interfering\s+with|for|during|of|by|against|involving|refractory|unresponsive\s+to)\b",
    re.IGNORECASE,
)
_ONLY_IF = re.compile(r"\W*(?:provided|only\s+if|as\s+long\s+as|so\s+long\s+as|on\s+condition)\b", re.IGNORECASE)
_IF = re.compile(rf"\W*(?:if|when)\b|{_ONLY_IF.pattern}", re.IGNORECASE)
_AND = re.compile(r"\W*and\b(?!/)\W*", re.IGNORECASE)
_CONDITIONAL = re.compile(r"\b(?:unless|except|if)\b", re.IGNORECASE)
_STABLE = re.compile(r"\b(?:stable|stably|unchanged|constant|steady)\b", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:adequate|normal|sufficient|acceptable|willing\w*|able|ability|agree\w*|compl(?:y|iance))\b", re.IGNORECASE
)
_NEGATED_WELL = re.compile(
    r"\W*(?:with(?:out)?|who|that|and|(?:that\s+)?not\s+(?:(?:well|adequately|currently|previously|yet|fully)\s+)?"
    r"(?:on|receiving|requiring|responding|responsive|amenable|\w+ed)\b)\b",
    re.IGNORECASE,
)
_MUST = re.compile(r"\b(?:must|should|shall|(?:is|are)\s+required|ha(?:s|ve)\s+to|needs?\s+to)\b", re.IGNORECASE)
_NON = re.compile(r"\bnon-?\s?\w*\s*\Z", re.IGNORECASE)
_ONE_MORE_NO = re.compile(r"\s*[,;.]\s*(?:no|not)\b", re.IGNORECASE)
_FOR_SOME = re.compile(r"\b(?:if|for|in|with|when|who|whose)\b", re.IGNORECASE)
_NOT = re.compile(r"\bnot\b|n't\b", re.IGNORECASE)
_WHICHEVER = re.compile(
    r"\bwhichever\s+(?:\w+\s+){0,2}?(?P<how>longer|greater|later|longest|shorter|earlier|less|first|sooner)\b",
    re.IGNORECASE,
)
_WIDE = frozenset({"longer", "greater", "later", "longest"})
_NEAR = 4  # words after "and" within which its limit stands


def effect(phrase: Phrase) -> int | None:
    """+1 if more people can enter with the phrase than without it, -1 if fewer, 0 if as many; None if unsure."""
    if not is_exception(phrase) and says_nothing(phrase):
        return 0
    if is_exception(phrase):
        return exception_effect(phrase)
    told = None if settles_nothing(phrase) else verdict_effect(phrase)
    if told != 0:
        return told
    if one_more_language(phrase):
        return -phrase.section
    return -1 if _harder(phrase) else _effect_of_growth(phrase, _grown(phrase))


def _effect_of_growth(phrase: Phrase, grown: int | None) -> int | None:
    if grown == -1 and _asked_besides(phrase):
        return -1
    sense = (phrase.section if grown and cannot_do(phrase) else phrase.sense()) if grown else None
    return grown * sense if grown and sense else (0 if grown == 0 else None)


def _asked_besides(phrase: Phrase) -> bool:
    """True for "and B" after all that is asked for, where nothing is denied or excepted."""
    plain = phrase.section == 1 and phrase.own[0].key == "and" and verdict(phrase.sentence) is None
    return (
        plain
        and not negated(phrase.sentence)
        and not starts_exception(phrase.said)
        and not in_exception(phrase.text, phrase.own[0].start)
    )


def _harder(phrase: Phrase) -> bool:
    """True for "unwilling to use [effective] contraception" in an exclusion: fewer are willing to do that."""
    denied = UNWILLING.search(phrase.lead) if phrase.section == -1 else None
    return bool(denied) and negated(phrase.lead) == 1 and is_adjective(phrase)


def _grown(phrase: Phrase) -> int | None:
    """+1 if the text describes more people with the phrase, -1 if fewer."""
    words = phrase.own
    joins = {words[0].key, words[-1].key}
    if "or" in joins or is_one_of_list(phrase):
        return None if _measured_with(phrase) else _alternative(phrase)
    if "and" in joins and names_more(phrase):
        return 1
    if "and" in joins or _AND.match(phrase.said):
        return None if _measured_with(phrase) else _requirement(phrase)
    return _sentence(phrase) if is_sentence(phrase) else _unjoined(phrase)


def _unjoined(phrase: Phrase) -> int | None:
    beside = _limit_beside(phrase)
    if beside:
        return _told_beside(phrase, *beside)
    if negated(phrase.said):
        return _denial(phrase)
    return _conditional(phrase) if _IF.match(phrase.said) else _restriction(phrase)


def _sentence(phrase: Phrase) -> int | None:
    """A sentence more asks for more, or names one thing more that keeps people out."""
    asks = bool(_MUST.search(phrase.said))
    if phrase.section == 1:
        return -1 if asks and not _IF.search(phrase.said) else None
    return None if asks or negated(phrase.said) or _IF.search(phrase.said) else 1


def _denial(phrase: Phrase) -> int | None:
    """ "With no ..." leaves fewer, and so does one "no ..." more of several that are asked for."""
    if negated(phrase.said) > 1:
        return None
    if _ONE_MORE_NO.match(phrase.said) and phrase.last == len(phrase.words):
        return -1 if phrase.section == 1 else None
    if not _NEGATED_WELL.match(phrase.said):
        return None
    return -1 if phrase.said.lstrip(" ,(").lower().startswith("not") and phrase.first else _restriction(phrase)


def _measured_with(phrase: Phrase) -> bool:
    """True for one thing more of several that one limit measures ("ALT[/AST] ≤ 3"): more is asked, not less."""
    following = phrase.words[phrase.last : phrase.last + 2]
    measured = any(word.bound and not word.bound.timed for word in following)
    if not measured or any(word.bound for word in phrase.own) or not names_measure(phrase.said):
        return False
    return phrase.sense() != -1


def _limit_beside(phrase: Phrase) -> tuple[Bound, Bound] | None:
    """The phrase's only limit, and the one before it if that bounds on the same side."""
    limits = [word.bound for word in phrase.own if word.bound]
    before = [word.bound for word in phrase.words[: phrase.first] if word.bound]
    if len(limits) != 1 or not before or before[-1].timed != limits[0].timed:
        return None
    sides = [(bound.interval.low is None, bound.interval.high is None) for bound in (before[-1], limits[0])]
    return (before[-1], limits[0]) if sides[0] == sides[1] else None


def _told_beside(phrase: Phrase, first: Bound, second: Bound) -> int | None:
    """A second limit of one kind: the same told again, or another one for some people."""
    step = growth(first.interval, second.interval)
    if len(phrase.own) == 1 and phrase.words[phrase.first - 1].bound is first:
        return 0 if step == 0 else None
    if not second.timed and _FOR_SOME.search(phrase.said):
        return step
    alike = first.interval.kind == second.interval.kind and not second.timed and not second.scale
    return None if alike else _restriction(phrase)


def _alternative(phrase: Phrase) -> int | None:
    if len(phrase.own) > 1 and cannot_do(phrase):
        return 1
    if phrase.section == 1 and negated(phrase.lead) and _CONDITIONAL.search(phrase.sentence):
        return None  # who knows whether what is denied is what is asked for
    if _NON.search(phrase.lead):
        return None
    slashes = any(word.slash for word in (phrase.own[0], phrase.own[-1]))
    if (len(phrase.own) == 1 and phrase.own[0].joint) or (slashes and phrase.section == 1):
        return None
    limits = [word.bound for word in phrase.own if word.bound]
    whichever = _WHICHEVER.search(phrase.text, phrase.start)
    if whichever and limits and limits[0].timed:
        before = [word.bound for word in phrase.words[: phrase.first] if word.bound]
        lasting = bool(before) and before[-1].interval.high is None
        return -1 if (whichever["how"].lower() in _WIDE) == lasting else 1
    return 1 if negated(phrase.said) < 2 else None  # noqa: PLR2004 (who "has no A or no B"?)


def _requirement(phrase: Phrase) -> int | None:
    """An "and" asks for more of the same people, or names more people."""
    keys = {word.key for word in phrase.own} - {"and"}
    if keys & PEOPLE:
        beside = {word.key for word in (*phrase.words[: phrase.first][-1:], *phrase.words[phrase.last :][:1])}
        others = phrase.section == -1 and len(phrase.own) > 1 and phrase.own[1].key in PEOPLE
        return 1 if others or (len(keys) == 1 and beside & PEOPLE) else None
    if _together(phrase):
        return -1
    asked = _AND.sub("", phrase.said, count=1)
    if asked.partition(" ")[0].lower() in _DEMAND or _AFTERWARDS.match(asked):
        return -1
    if any(word.bound for word in phrase.own[:_NEAR]):
        return -1
    if phrase.section == 1 and _ASKED.search(phrase.lead) and not negated(phrase.lead) and "or" not in keys:
        return -1
    last = phrase.last == len(phrase.words) and phrase.own[0].key == "and"
    return -1 if last and phrase.section == 1 and not negated(phrase.lead) else None


def _together(phrase: Phrase) -> bool:
    """True for "and symptomatic" after "uncontrolled": both can be true of one thing, and both must be."""
    words = phrase.words[max(0, phrase.first - 1) : phrase.last + 1]
    described = [word for word in words if not word.joint]
    return len(phrase.own) == 2 and len(described) == 3 and {word.key for word in described[:2]} <= TOGETHER  # noqa: PLR2004 (two words and what they describe)


def _conditional(phrase: Phrase) -> int | None:
    """ "if ..." limits what is ruled out, and what is let in by a word of its own; "only if" limits anything."""
    if _ONLY_IF.match(phrase.said):
        return -1
    return -1 if phrase.section == -1 or verdict(phrase.sentence) is not None else None


def _restriction(phrase: Phrase) -> int | None:
    """An adjective, a time, a limit or a relative clause that only some of the people fit."""
    words = phrase.own
    bound = next((word.bound for word in words if word.bound), None)
    earlier = any(word.bound for word in phrase.words[: phrase.first])
    if bound and "(" in phrase.said and earlier and (bound.exact or (bound.scale and len(words) < _NEAR)):
        return None  # "ECOG 0-2 (Karnofsky ≥ 60%)": the same on another scale; "(6 weeks for mitomycin)"
    if _describes(phrase):
        return -1
    if bound and not (bound.timed or bound.counted) and _is_aside(phrase):
        return None  # "cognitive impairment (MMSE < 24)": nobody knows what the words meant alone
    if words[0].bound and words[0].bound.manner == "lasting" and _STABLE.search(phrase.lead):
        return None  # a dose that is stable without a time may have to be so for longer
    if words[0].bound and not (words[0].bound.timed or words[0].bound.counted):
        return None
    near = bound and not bound.exact and len(words) <= _NEAR
    return -1 if words[0].bound or near or _relative(phrase) else None


def _is_aside(phrase: Phrase) -> bool:
    """True for words that fill a pair of brackets."""
    if phrase.said.startswith(", ") and phrase.last == len(phrase.words) and not phrase.text.count(",") > 1:
        return True
    return phrase.said.lstrip().startswith("(") and phrase.text[phrase.own[-1].end :].lstrip()[:1] == ")"


def _describes(phrase: Phrase) -> bool:
    """True for adjectives before what they describe, and for "type 2"."""
    words, following = phrase.own, phrase.words[phrase.last : phrase.last + 1]
    named = bool(following) and not following[0].joint and not following[0].bound
    narrower = named and all(word.key in NARROWER | NEUTRAL or word.joint for word in words)
    return narrower or is_adjective(phrase) or (words[0].key == "type" and len(words) == 2)  # noqa: PLR2004 (a kind)


def _relative(phrase: Phrase) -> bool:
    """True for "requiring ...", "with ...", but not after a "not", which may deny that alone."""
    said = phrase.said.lstrip(" ,(")
    opened = _AFTERWARDS.match(said)
    content = {word.key for word in phrase.own} - {"known"}
    return bool(content and phrase.first and opened and said[opened.end() :].strip()) and not _NOT.search(phrase.lead)
