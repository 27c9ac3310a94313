"""How far a negation reaches: whether it turns what stands at the end of a clause."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TypeAlias

from monitor.diff.bounds import Bound
from monitor.diff.judging.signals import IDLE, NEGATION, UNWILLING, Sense, blank, without_verdict

_Matches: TypeAlias = list[re.Match[str]]

_RESTART = re.compile(  # where what was denied before no longer is
    r"(?:,|/|\band\b|\bor\b|\bbut\b)\s*(?=(?:no|not|without|never|nor)\b)"
    r"|\b(?:and|or|but)\s+(?=(?:must|has|have|had|is|are|who)\b)|\bbut\b|\bhowever\b|(?=\bnor\b)",
    re.IGNORECASE,
)
_JOINT = re.compile(r"\band\b(?!/)|,", re.IGNORECASE)
_GIVEN = re.compile(r"\s*(?:if|for|in|when)\b[^,:]*[,:]", re.IGNORECASE)
_STABLE = re.compile(
    r"\b(?:stable|stably|unchanged|constant|controlled|adequate\w*|remission|recovered|resolved|steady)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:or|and)\b[^,;]*\b(?:that|who|which)\s+(?:has|have|is|are|was|were|had)\s+not\b", re.IGNORECASE
)
_STOPPED = re.compile(r"\b(?:discontinu\w+|stopp\w+|ceased?)\b", re.IGNORECASE)
_BECAUSE = re.compile(r"\b(?:because|since\s+no)\b", re.IGNORECASE)
_POSTPONED = re.compile(  # "bradycardia [that is] not corrected by a pacemaker, ... within 1 year"
    r"(?<!have )(?<!has )(?<!had )(?<!is )(?<!are )(?<!was )(?<!were )(?<!must )(?<!subjects )(?<!patients )"
    r"(?<!participants )\bnot\s+(?:\w+ly\s+)?(?:corrected|controlled|treated|resolved|relieved|managed|explained"
    r"|related|caused|attributable|amenable|responding|responsive)\b[^,;]*[,;]",
    re.IGNORECASE,
)
_PAST = re.compile(r":|\bincluding\b|\bor\s+(?:on|with|at|in|who|has|have)\b", re.IGNORECASE)
_AS_WELL = re.compile(r"\W*(?:or|and|/)\W*(?:is\s+|are\s+)?", re.IGNORECASE)
_FOR = re.compile(r"\bfor\W*\Z", re.IGNORECASE)
_LEFT = ("free", "-free", "off", "refrain", "abstain", "avoid")  # which say for themselves how long


def turned(before: str, sign: Sense, bound: Bound | None) -> Sense | None:
    """`sign`, turned by the negations that reach to the end of `before`; None where their reach is not sure.

    With `bound` the words go up to that limit.
    """
    before = without_verdict(IDLE.sub(blank, before))
    clause = _clause(before, bound)
    if clause is None or _BECAUSE.search(before):
        return None
    negations = _as_one(clause, list(NEGATION.finditer(clause)))
    if bound and _astray(before, clause, negations, bound, sign):
        return None
    if bound and negations and bound.timed and bound.manner != "window" and not UNWILLING.fullmatch(negations[-1][0]):
        lasting = _lasting(clause, negations[-1], sign, bound)
        if lasting is None:
            return None
        negations = negations[:-1] if lasting else negations
    return _counted(negations, sign, bound)


def _clause(before: str, bound: Bound | None) -> str | None:
    """The words since something new began; None where it is not sure that it did."""
    starts = [match.end() for match in _RESTART.finditer(before)]
    clause = before[starts[-1] if starts else 0 :]
    if bound and not bound.scale and (not bound.timed or _is_interval(bound)):
        fresh = _freshly(clause)
        if fresh is None:
            return None
        clause = fresh
    given = _GIVEN.match(clause)
    return clause[given.end() :] if given else clause


def _is_interval(bound: Bound) -> bool:
    return bound.interval.high is None and bound.manner == "plain"


def _freshly(clause: str) -> str | None:
    """A limit after "and" starts anew ("no chemotherapy and platelets ≥ 100"); after a comma nobody can say."""
    joints = list(_JOINT.finditer(clause))
    if not joints or not NEGATION.search(clause[: joints[-1].start()]):
        return clause
    rest = clause[joints[-1].end() :]
    return rest if rest.strip() and joints[-1][0] != "," else None


def _as_one(clause: str, negations: _Matches) -> _Matches:
    """ "Unable or unwilling" denies once."""
    return [
        each
        for each, later in zip_longest(negations, negations[1:])
        if not later or not _AS_WELL.fullmatch(clause, each.end(), later.start())
    ]


def _astray(before: str, clause: str, negations: _Matches, bound: Bound, sign: Sense) -> bool:
    """True where a limit may belong to other words than those a negation stands before."""
    if bound.manner == "window":
        return bool(_ASIDE.search(before) or _POSTPONED.search(before)) or (sign == 1 and bool(_STOPPED.search(clause)))
    return not bound.timed and bool(negations) and bool(_PAST.search(clause, negations[-1].end()))


def _lasting(clause: str, negation: re.Match[str], sign: Sense, bound: Bound) -> bool | None:
    """True if the limit is on how long something has been absent ("free of seizures for at least 6 months")."""
    word, between = negation[0].lower(), clause[negation.end() :]
    if bound.interval.high is not None or word.startswith(_LEFT):
        return word.startswith(_LEFT)
    if _STABLE.search(between):
        return False if sign == -1 else None
    if sign == -1:
        return None
    strict = bound.interval.low is not None and bound.interval.low.strict
    lasts = bound.manner == "lasting" or bool(_FOR.search(between))
    return True if not strict or (lasts and word in {"no", "without", "absence"}) else None


def _counted(negations: _Matches, sign: Sense, bound: Bound | None) -> Sense | None:
    """Two denials are none only where one is of a wish or an ability: "unable to do without"."""
    unwilling = [bool(UNWILLING.fullmatch(each[0])) for each in negations]
    if unwilling[:1] == [True] and not bound:
        return None  # "unable to do A or B" is said of whoever cannot do one of them
    if unwilling not in ([], [True], [False], [True, False]):
        return None
    return sign if len(negations) % 2 == 0 else (-1 if sign == 1 else 1)
